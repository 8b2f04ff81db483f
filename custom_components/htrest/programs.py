"""Time programs: what may stand in a day, and which slots a change concerns.

The server checks neither state nor step of a single slot, so all of it is checked here.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .errors import (
    HtRestError,
    HtRestNotConfirmedError,
    HtRestPartlyError,
    HtRestUncertainError,
)
from .models import ProgramHead, Slot, TimeProgram
from .parsing import clock_text, minutes_of
from .reader import Reader

UNUSED: Final = Slot(0, 0, 0)

# What states mean where a program knows three of them; owners say so, no document does.
STATE_NAMES: Final[Mapping[int, Sequence[str]]] = {
    2: ("off", "on"),
    3: ("normal", "setback", "comfort"),
}

# (program, day, number of the slot)
type Place = tuple[int, int, int]


def state_name(head: ProgramHead, state: int) -> str:
    """Return what a state means, "" if nobody knows."""
    names = STATE_NAMES.get(head.states, ())
    return names[state] if 0 <= state < len(names) else ""


def day_of(head: ProgramHead, periods: Iterable[dict[str, Any]]) -> tuple[Slot, ...]:
    """Return a day of slots from what a user wrote, as many as the program has.

    Raises:
        ServiceValidationError: says which period is wrong, and why.
    """
    slots: list[Slot] = []
    for number, period in enumerate(periods, 1):
        slot = Slot(minutes_of(period["start"]), minutes_of(period["end"]), period["state"])
        reason = _reason(head, slot, slots[-1] if slots else None)
        if reason:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=reason,
                translation_placeholders={
                    "number": str(number),
                    "period": f"{clock_text(slot.start)}-{clock_text(slot.end)}",
                    "states": str(head.states - 1),
                    "step": str(head.step),
                },
            )
        slots.append(slot)
    if len(slots) > head.slots:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_many_periods",
            translation_placeholders={"most": str(head.slots)},
        )
    return (*slots, *[UNUSED] * (head.slots - len(slots)))


def _reason(head: ProgramHead, slot: Slot, before: Slot | None) -> str | None:
    if not 0 <= slot.state < head.states:
        return "period_state"
    if slot.start % head.step or slot.end % head.step:
        return "period_step"
    if slot.start >= slot.end:
        return "period_order"
    if before and slot.start < before.end:
        return "period_overlap"
    return None


def differences(program: TimeProgram, days: Mapping[int, Sequence[Slot]]) -> dict[Place, Slot]:
    """Return the slots in which a program differs from the wanted days; unused ones are alike."""
    found: dict[Place, Slot] = {}
    for day, wanted in days.items():
        for number, (now, then) in enumerate(zip(program.week[day], wanted, strict=True)):
            if now != then and (now.used or then.used):
                found[program.head.index, day, number] = then
    return found


def periods_of(head: ProgramHead, day: Sequence[Slot]) -> list[dict[str, Any]]:
    """Return the periods of a day as the actions show and take them."""
    return [
        {
            "start": clock_text(slot.start),
            "end": clock_text(slot.end),
            "state": slot.state,
            "meaning": state_name(head, slot.state),
        }
        for slot in day
        if slot.used
    ]


class ProgramWriter:
    """Writes days of time programs, and returns once the heat pump shows them."""

    def __init__(self, reader: Reader) -> None:
        """Know the programs as they were last read."""
        self._reader = reader
        self._lock = asyncio.Lock()

    async def write(self, index: int, days: Mapping[int, Sequence[Slot]]) -> TimeProgram:
        """Write the slots that differ, each once; return the program as it then is.

        Raises:
            HtRestNotConfirmedError: the heat pump shows something else.
            HtRestUncertainError: an answer was lost, and the slot is not as wanted.
            HtRestRefusedError, and what HtRestClient.device() raises.
        """
        async with self._lock:
            return await self._write(index, days)

    async def _write(self, index: int, days: Mapping[int, Sequence[Slot]]) -> TimeProgram:
        answers: dict[Place, Slot | None] = {}
        try:
            return await self._write_what_differs(index, days, answers)
        except HtRestError as err:
            if not answers:
                raise
            # What was known of the program no longer holds.
            self._reader.forget_program(index)
            if isinstance(err, HtRestNotConfirmedError | HtRestUncertainError):
                raise
            raise HtRestPartlyError from err

    async def _write_what_differs(
        self,
        index: int,
        days: Mapping[int, Sequence[Slot]],
        answers: dict[Place, Slot | None],
    ) -> TimeProgram:
        """Write the slots that differ; note what was answered to each."""
        reader = self._reader
        known = reader.programs.get(index)
        program = known or await reader.read_program(index, urgent=True)
        while True:
            wanted = differences(program, days)
            new = {place: slot for place, slot in wanted.items() if place not in answers}
            for place, slot in new.items():
                answers[place] = await self._send(place, slot)
            if not new and program is not known:
                break
            # What was known before may be a day old: another look may find more to be written.
            program = await reader.read_program(index, urgent=True)
        for place, slot in differences(program, days).items():
            if (answer := answers[place]) is None:
                raise HtRestUncertainError
            raise HtRestNotConfirmedError(echoed=answer == slot)
        return program

    async def _send(self, place: Place, slot: Slot) -> Slot | None:
        try:
            return await self._reader.client.write_slot(*place, slot)
        except HtRestUncertainError:
            return None  # the program itself will tell
