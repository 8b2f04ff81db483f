"""What the rooms of all integrations share: their troubles, their users, their last look."""

from abc import ABC, abstractmethod
import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulators.base import Simulator
from simulators.htrest import HtRestSimulator

from .clock import TIME, SoakClock, SoakLoop
from .schedule import HOUR, draw
from .wishes import Arrival, Order, Outcome, Wish

TROUBLE_EVERY = 2.5 * HOUR
DOING_EVERY = 0.5 * HOUR
SHORTEST, LONGEST = 60.0, 40 * 60.0  # seconds of a trouble
BETWEEN_DOINGS = 180.0
ORDERS_IN_TROUBLE = 2
EFFECT_WITHIN = 90.0
DIALOG_WITHIN = 3 * HOUR
LOOK_EVERY = 30.0

type Trouble = Callable[[Random], Awaitable[None]]
type Ordering = Callable[[Random], Order]
type Happening = Callable[[Random], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """What an entity should show."""

    entity_id: str | None
    state: str
    what: str
    attribute: str = ""
    """Which of its attributes; empty: its state."""


class Room(ABC):
    """An integration with the simulator of its device."""

    domain: ClassVar[str]
    paths: ClassVar[tuple[str, ...]] = ("*",)
    """What faults of the transport may befall."""
    simulator: Simulator | HtRestSimulator
    entry: MockConfigEntry

    def __init__(self, hass: HomeAssistant, loop: SoakLoop, seed: int) -> None:
        """Prepare a room; `start` builds it."""
        self.hass = hass
        self.loop = loop
        self.seed = seed
        self.clock = SoakClock()
        self.wishes: list[tuple[int, Wish]] = []
        self.complaints: list[str] = []
        self.undo: list[Callable[[], object]] = []
        """What has to be called in the end."""
        self.counts: Counter[str] = Counter()
        self.until = 0.0
        """When all troubles have to be over, in seconds since the beginning."""
        self._one_doing = asyncio.Lock()
        """What arrives belongs to the last order."""
        self.common: dict[str, Trouble] = {
            "slow": self.slow,
            "refused": self.refused,
            "garbage": self.garbage,
            "cut off": self.cut_off,
            "errors": self.errors,
            "dropped": self.dropped,
            "mixture": self.mixture,
        }

    # What each room brings

    @abstractmethod
    async def start(self) -> None:
        """Start the simulator and set the integration up."""

    async def stop(self) -> None:
        """Unload the entry and stop the simulator."""
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.simulator.stop()
        for undo in self.undo:
            undo()

    @abstractmethod
    def journal(self) -> list[Arrival]:
        """Return the commands that the device got so far."""

    @abstractmethod
    def troubles(self) -> Mapping[str, Trouble]:
        """Return what may go wrong here, besides what may go wrong everywhere."""

    def orders(self) -> Mapping[str, Ordering]:
        """Return what users ask for."""
        return {}

    def happenings(self) -> Mapping[str, Happening]:
        """Return what happens at the device."""
        return {}

    def rest(self) -> None:  # noqa: B027 - a hook, empty by default
        """Let nothing more happen at the device by itself."""

    @abstractmethod
    def pairs(self) -> Iterable[Pair]:
        """Return what entities have to show."""

    # The course of things

    async def set_up(self, entry: MockConfigEntry) -> None:
        """Set the entry up."""
        self.entry = entry
        entry.add_to_hass(self.hass)
        if not await self.hass.config_entries.async_setup(entry.entry_id):
            raise SystemExit(f"{self.domain} was not set up: {entry.reason}")
        await self.hass.async_block_till_done()

    async def live(self, until: float) -> None:
        """Let all happen that the seed has in store."""
        self.until = until
        await asyncio.gather(self._suffer(), self._act())

    async def _suffer(self) -> None:
        troubles = self.common | dict(self.troubles())
        for event in draw(
            f"{self.seed}:{self.domain}:troubles",
            sorted(troubles),
            TROUBLE_EVERY,
            self.until - LONGEST,
        ):
            await self._reach(event.at)
            if TIME.elapsed >= self.until - LONGEST:
                return  # the one before took its time
            self.counts[f"trouble: {event.name}"] += 1
            insisting = asyncio.create_task(self._insist(event.chance))
            await troubles[event.name](event.chance)
            await insisting

    async def _insist(self, chance: Random) -> None:
        """Ask for something just when something goes wrong, before it has been noticed."""
        orders = self.orders()
        for name in chance.sample(sorted(orders), min(ORDERS_IN_TROUBLE, len(orders))):
            await asyncio.sleep(chance.uniform(0, 20))
            async with self._one_doing:
                await self._order(orders[name](chance))
                await asyncio.sleep(BETWEEN_DOINGS)

    async def _act(self) -> None:
        orders, happenings = self.orders(), self.happenings()
        names = sorted(orders) + sorted(happenings)
        if not names:
            return
        seed = f"{self.seed}:{self.domain}:doings"
        for event in draw(seed, names, DOING_EVERY, self.until - LONGEST):
            await self._reach(event.at)
            async with self._one_doing:
                if event.name in orders:
                    await self._order(orders[event.name](event.chance))
                else:
                    self.counts[f"happened: {event.name}"] += 1
                    happenings[event.name](event.chance)
                await asyncio.sleep(BETWEEN_DOINGS)

    async def _reach(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - TIME.elapsed))

    async def _order(self, order: Order) -> None:
        domain, _, service = order.service.partition(".")
        what = f"{self.domain}, {TIME.now():%a %H:%M:%S}: {order.service} {order.entity_id}"
        if order.data:
            what += f" {order.data}"
        state = self.hass.states.get(order.entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            # Its button is grey: Home Assistant passes nothing on.
            wish = Wish(what, (), Outcome.UNAVAILABLE)
        else:
            wish = Wish(what, order.wanted, Outcome.DONE)
        self.wishes.append((len(self.journal()), wish))
        if wish.outcome is Outcome.UNAVAILABLE:
            return
        try:
            await self.hass.services.async_call(
                domain, service, {"entity_id": order.entity_id} | order.data, blocking=True
            )
        except HomeAssistantError:
            wish.outcome = Outcome.FAILED
        if wish.outcome is Outcome.DONE:
            wish.has_effect = await self._comes_true(order)

    async def _comes_true(self, order: Order) -> bool:
        end = TIME.elapsed + EFFECT_WITHIN
        while not order.has_effect():
            if TIME.elapsed > end:
                return False
            await asyncio.sleep(1)
        return True

    # Troubles that all simulators know

    async def last(self, chance: Random, longest: float = LONGEST) -> None:
        """Let a trouble go on for a while."""
        await asyncio.sleep(chance.uniform(SHORTEST, longest))

    async def with_fault(self, chance: Random, kind: str, **options: Any) -> None:
        """Let a fault befall all requests for a while."""
        self.simulator.inject(kind, chance.choice(self.paths), times=None, **options)
        await self.last(chance)
        self.simulator.clear_faults()

    async def slow(self, chance: Random) -> None:
        """Answer late."""
        await self.with_fault(chance, "delay", seconds=chance.choice((2.0, 8.0, 25.0, 70.0)))

    async def refused(self, chance: Random) -> None:
        """Refuse connections."""
        seconds = chance.uniform(SHORTEST, LONGEST)
        await self.simulator.refuse(seconds)
        self.simulator.disconnect()
        await asyncio.sleep(seconds + 1)

    async def garbage(self, chance: Random) -> None:
        """Answer what makes no sense, after the request was carried out."""
        bodies = (None, "", "[]", "{}", "null", '{"a": ', "[[[[1]]]]")
        await self.with_fault(chance, "garbage", body=chance.choice(bodies))

    async def cut_off(self, chance: Random) -> None:
        """End in the middle of an answer, or before it, after the request was carried out."""
        await self.with_fault(chance, chance.choice(("truncate", "drop_after")))

    async def errors(self, chance: Random) -> None:
        """Answer with an HTTP status that tells of trouble."""
        await self.with_fault(chance, "status", status=chance.choice((400, 404, 500, 502, 503)))

    async def dropped(self, chance: Random) -> None:
        """Close connections without having done anything."""
        await self.with_fault(chance, "drop")

    async def mixture(self, chance: Random) -> None:
        """Let single requests go wrong, each in its own way."""
        for _ in range(chance.randint(5, 25)):
            kind = chance.choice(("delay", "status", "drop", "drop_after", "garbage", "truncate"))
            self.simulator.inject(kind, seconds=chance.uniform(1, 30))
            await asyncio.sleep(chance.uniform(5, 90))
        self.simulator.clear_faults()

    # What a user does

    async def log_in_again(self, *answers: Mapping[str, Any]) -> None:
        """Answer the dialog that asks for new credentials, step by step, once it is there."""
        end = TIME.elapsed + DIALOG_WITHIN
        while not (flow_id := self._dialog()):
            if TIME.elapsed > end:
                self.complaints.append(f"{self.domain}: nobody was asked for new credentials")
                return
            await asyncio.sleep(LOOK_EVERY)
        told: object = None
        for answer in answers:
            shown = await self.hass.config_entries.flow.async_configure(flow_id, dict(answer))
            told = shown.get("errors") or shown.get("reason")
        if told != "reauth_successful":
            self.complaints.append(f"{self.domain}: new credentials were not taken: {told}")
        await self.hass.async_block_till_done()

    def _dialog(self) -> str | None:
        for flow in self.hass.config_entries.flow.async_progress_by_handler(self.domain):
            if flow["context"].get("source") == SOURCE_REAUTH:
                return flow["flow_id"]
        return None

    # Looking

    def find(self, platform: str, unique_id: str) -> str | None:
        """Return the id of an entity, None if there is none."""
        return er.async_get(self.hass).async_get_entity_id(platform, self.domain, unique_id)

    def need(self, platform: str, unique_id: str) -> str:
        """Return the id of an entity that has to be there."""
        if (entity_id := self.find(platform, unique_id)) is None:
            raise SystemExit(f"{self.domain} has no {platform} {unique_id}")
        return entity_id

    def shows(self, pair: Pair) -> str | None:
        """Return what an entity shows instead of what it should; None if all is well."""
        state = self.hass.states.get(pair.entity_id) if pair.entity_id else None
        if state is None:
            return "nothing"
        shown = str(state.attributes.get(pair.attribute)) if pair.attribute else state.state
        return None if same(shown, pair.state) else shown


def same(shown: str, wanted: str) -> bool:
    """Return whether two states say the same, also where one has more zeros."""
    if shown == wanted:
        return True
    try:
        return abs(float(shown) - float(wanted)) < 1e-6
    except ValueError:
        return False
