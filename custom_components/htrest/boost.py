"""Hot water now: a set point that is raised for a while, and put back whatever happens between.

What was set before is written down before anything is raised. It is put back only where the heat
pump still shows what was raised here: whoever has changed it meanwhile has the last word.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
import math
from typing import Final

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .catalog import (
    CATALOG,
    PREPARING_HOT_WATER,
    TANK_HYSTERESIS,
    TANK_MINIMUM,
    TANK_SET_POINT,
    TANK_TEMPERATURE,
    TANK_UPPER_LIMIT,
)
from .const import DOMAIN, LOGGER
from .errors import (
    HtRestError,
    HtRestNotConfirmedError,
    HtRestPartlyError,
    HtRestRefusedError,
    HtRestResponseError,
    HtRestUncertainError,
)
from .memory import Boost
from .models import Value
from .reader import Reader

type Write = Callable[[str, Value], Awaitable[None]]

RAISED: Final = (TANK_SET_POINT, TANK_MINIMUM)

USUAL_HYSTERESIS: Final = 5
LONGEST: Final = timedelta(hours=4)
TOO_LATE: Final = timedelta(days=7)  # older ones come from a backup
CLOSE_ENOUGH: Final = 0.5  # K
SHORTEST_WAIT: Final = timedelta(minutes=1)  # after a set point that was not taken
LONGEST_WAIT: Final = timedelta(minutes=30)


class HotWaterBoost:
    """Raises the set points of one tank, and puts them back."""

    def __init__(self, reader: Reader, write: Write) -> None:
        """Write by a function that returns once the heat pump has confirmed."""
        self._reader = reader
        self._write = write
        self._lock = asyncio.Lock()  # it takes several writes to begin or to end
        self._heated = False
        self._wait = timedelta(0)
        self._not_before = dt_util.utcnow()

    @property
    def active(self) -> Boost | None:
        """What is under way."""
        return self._reader.memory.boost

    async def start(self, target: int | None, minutes: int | None) -> None:
        """Heat until a temperature is reached, or for so many minutes.

        Without a temperature the usual set point counts. Outside the time program the heat pump
        holds the lower of its two set points, so both are raised.

        Raises:
            ServiceValidationError: the tank is that warm already.
            HtRestError: it could not be set.
        """
        async with self._lock:
            await self._start(target, minutes)

    async def _start(self, target: int | None, minutes: int | None) -> None:
        reader = self._reader
        wanted = {*RAISED, TANK_HYSTERESIS, TANK_UPPER_LIMIT, TANK_TEMPERATURE}
        names = [name for name in CATALOG if name in wanted & reader.memory.present]
        shown = await reader.client.read(names, urgent=True)
        if not {TANK_SET_POINT, TANK_TEMPERATURE} <= shown.keys():
            raise HtRestResponseError("no tank")
        before: dict[str, int] = {name: int(shown[name]) for name in RAISED if name in shown}
        if self.active:
            # What this boost's predecessor has raised is not what was set before.
            before |= {
                name: value
                for name, value in self.active.before.items()
                if shown.get(name) == self.active.raised[name]
            }
        tank = float(shown[TANK_TEMPERATURE])
        target = before[TANK_SET_POINT] if target is None else target
        if minutes is None and tank >= target - CLOSE_ENOUGH:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="warm_already",
                translation_placeholders={"temperature": f"{tank:g}", "target": str(target)},
            )
        # The heat pump starts only when the tank is colder than the set point by the hysteresis.
        hysteresis = int(shown.get(TANK_HYSTERESIS, USUAL_HYSTERESIS))
        enough = max(target, math.floor(tank) + hysteresis + 1) if tank < target else target
        limit = shown.get(TANK_UPPER_LIMIT, CATALOG[TANK_SET_POINT].high)
        raised = {name: int(min(enough, limit, CATALOG[name].high)) for name in before}
        self._heated, self._wait = False, timedelta(0)
        await self._keep(
            Boost(
                target=target,
                before=before,
                raised={name: max(value, before[name]) for name, value in raised.items()},
                ends=dt_util.utcnow() + (timedelta(minutes=minutes) if minutes else LONGEST),
                until_reached=minutes is None,
            )
        )
        await self._raise(shown)

    async def _raise(self, shown: Mapping[str, Value]) -> None:
        """Raise the set points; if that fails, the next poll puts back whatever was raised."""
        written = False
        try:
            for name, value in self.active.raised.items() if self.active else ():
                if shown.get(name) != value:
                    await self._write(name, value)
                    written = True
        except HtRestError as err:
            if self.active:
                await self._keep(replace(self.active, ends=dt_util.utcnow()))
            if written:
                raise HtRestPartlyError from err
            raise

    async def _keep(self, boost: Boost | None) -> None:
        """Note what is under way, before anything else happens."""
        self._reader.memory.boost = boost
        await self._reader.memory.async_save()

    async def stop(self) -> None:
        """Put back what was set before.

        Raises:
            HtRestError: it could not be set; every poll will try again.
        """
        async with self._lock:
            if self.active:
                boost = replace(self.active, ends=dt_util.utcnow())
                await self._keep(boost)
                await self._put_back(boost)

    async def settle(self) -> None:
        """Wait until nothing is being written."""
        async with self._lock:
            pass

    async def write(self, name: str, value: Value) -> None:
        """Write what somebody has chosen; a set point that was raised is then left as it is.

        Raises:
            HtRestError: it could not be set.
        """
        if name not in RAISED or not (self.active or self._lock.locked()):
            await self._write(name, value)
            return
        async with self._lock:
            await self._write(name, value)
            if (boost := self.active) and name in boost.before:
                await self._keep(replace(_without(boost, name), ends=dt_util.utcnow()))

    async def tend(self) -> None:
        """End a boost that has reached its end; what fails is tried again, less and less often."""
        if not self.active or self._lock.locked() or dt_util.utcnow() < self._not_before:
            return
        async with self._lock:
            try:
                await self._tend(self.active)
            except (HtRestNotConfirmedError, HtRestRefusedError, HtRestUncertainError) as err:
                self._wait = min(max(self._wait * 2, SHORTEST_WAIT), LONGEST_WAIT)
                self._not_before = dt_util.utcnow() + self._wait
                if self._wait == SHORTEST_WAIT:
                    LOGGER.warning("The hot water set points could not be put back yet: %r", err)
            except HtRestError as err:
                LOGGER.debug("The hot water set points could not be looked at: %r", err)

    async def _tend(self, boost: Boost) -> None:
        now = dt_util.utcnow()
        if now >= boost.ends + TOO_LATE:
            LOGGER.warning(
                "What was set before hot water was heated is too old to be put back: %s",
                described(boost),
            )
            await self._keep(None)
        elif now >= boost.ends or (boost.until_reached and self._is_reached(boost)):
            await self._put_back(boost)
        elif self._reader.values.get(TANK_TEMPERATURE, 0) >= boost.target:
            await self._hold(boost)

    async def _hold(self, boost: Boost) -> None:
        """Hold the temperature that is reached; only to begin more than that was needed."""
        for name in boost.raised:
            wanted = max(boost.target, boost.before[name])
            if boost.raised[name] <= wanted:
                continue
            if await self._shown(name) == boost.raised[name]:
                await self._write(name, wanted)
                boost = replace(boost, raised={**boost.raised, name: wanted})
            else:
                boost = _without(boost, name)
            await self._keep(boost)

    def _is_reached(self, boost: Boost) -> bool:
        """Whether the tank is warm, or the heat pump has stopped heating it by itself."""
        values = self._reader.values
        heats = bool(values.get(PREPARING_HOT_WATER))
        stopped, self._heated = self._heated and not heats, heats
        return stopped or values.get(TANK_TEMPERATURE, 0) >= boost.target

    async def _put_back(self, boost: Boost) -> None:
        """Put back each set point that still is as it was raised; one that fails waits alone."""
        failure: HtRestError | None = None
        for name, value in boost.before.items():
            try:
                if await self._shown(name) == boost.raised[name] != value:
                    await self._write(name, value)
            except HtRestError as err:
                failure = err
                continue
            boost = _without(boost, name)
            await self._keep(boost)
        if failure is not None:
            raise failure
        await self._keep(None)

    async def _shown(self, name: str) -> Value:
        """Return what a set point is now.

        Raises:
            HtRestError: the heat pump does not tell.
        """
        shown = await self._reader.client.read([name], urgent=True)
        if name not in shown:
            raise HtRestResponseError("no set point")
        return shown[name]


def _without(boost: Boost, name: str) -> Boost:
    """Return a boost that has nothing to do with a set point any more."""
    return replace(
        boost,
        before={key: value for key, value in boost.before.items() if key != name},
        raised={key: value for key, value in boost.raised.items() if key != name},
    )


def described(boost: Boost) -> str:
    """Return what was set before, for people."""
    return ", ".join(f"{name} {value}" for name, value in boost.before.items())
