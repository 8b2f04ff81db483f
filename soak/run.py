"""Live through a week, then look whether everything is as promised."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
import time

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from .checks import Findings, broken_promises
from .clock import TIME, SoakLoop
from .house import house
from .htrest import HtRest
from .log import LogKeeper, listen
from .measures import held, rss
from .nibe_rest import NibeRest
from .nuki_bridge import NukiBridge
from .report import tell
from .room import Room
from .schedule import HOUR
from .thinknx import Thinknx
from .victron_vrm import VictronVrm
from .wishes import hand_out

ROOMS: dict[str, type[Room]] = {
    room.domain: room for room in (HtRest, NibeRest, NukiBridge, Thinknx, VictronVrm)
}

SETTLING = 900.0
QUIET = 3 * HOUR
AFTER_REST = 1.1 * HOUR
"""Seconds in which everything is read at least once, after devices have come to rest."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to live through."""

    seed: int = 1
    days: float = 7.0
    only: tuple[str, ...] = field(default_factory=lambda: tuple(ROOMS))


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Parse what scripts/soak hands on."""
    parser = argparse.ArgumentParser(prog="scripts/soak")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--only", nargs="+", choices=sorted(ROOMS), default=sorted(ROOMS))
    found = parser.parse_args(arguments)
    if found.days * 24 < 12:
        parser.error("--days is 0.5 or more: the end alone is some hours")
    return Options(found.seed, found.days, tuple(found.only))


async def soak(options: Options, loop: SoakLoop, log: LogKeeper) -> Findings:
    """Live through it and return what was found."""
    began = time.perf_counter()
    findings = Findings(options.seed, options.days, log)
    async with house() as hass:
        loop.set_exception_handler(log.loop_exception)
        rooms = [ROOMS[domain](hass, loop, options.seed) for domain in options.only]
        for room in rooms:
            await room.start()
        await asyncio.sleep(SETTLING)
        findings.at_start = await held(hass, loop)
        available = {it.entity_id for it in entities(hass, rooms) if is_known(it)}
        sampling = asyncio.create_task(sample(findings.memory))
        until = options.days * 24 * HOUR - QUIET
        await asyncio.gather(*(room.live(until) for room in rooms))
        # Some troubles end only when their time has come, even if that is later.
        await asyncio.sleep(QUIET - AFTER_REST)
        for room in rooms:
            room.rest()
        await asyncio.sleep(AFTER_REST)
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
        look_at_states(findings, hass, rooms, available)
        findings.at_end = await held(hass, loop)
        for room in rooms:
            look_at_room(findings, room)
            await room.stop()
        findings.simulated = TIME.elapsed
    findings.real = time.perf_counter() - began
    return findings


async def sample(memory: list[tuple[float, float]]) -> None:
    """Note the size of the process every hour."""
    while True:
        memory.append((TIME.elapsed / HOUR, float(rss())))
        await asyncio.sleep(HOUR)


def entities(hass: HomeAssistant, rooms: Sequence[Room]) -> list[State]:
    """Return the states of all enabled entities of the rooms."""
    registry = er.async_get(hass)
    return [
        state
        for room in rooms
        for entity in er.async_entries_for_config_entry(registry, room.entry.entry_id)
        if not entity.disabled and (state := hass.states.get(entity.entity_id))
    ]


def is_known(state: State) -> bool:
    """Return whether an entity shows something."""
    return is_known_state(state.state)


def is_known_state(state: str) -> bool:
    """Return whether a state says something."""
    return state not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


def look_at_states(
    findings: Findings, hass: HomeAssistant, rooms: Sequence[Room], available: set[str]
) -> None:
    """Compare what entities show with what the simulators say."""
    known = {it.entity_id for it in entities(hass, rooms) if is_known(it)}
    for room in rooms:
        findings.entities[room.domain] = len(entities(hass, [room]))
        for pair in room.pairs():
            findings.compared[room.domain] += 1
            if (shown := room.shows(pair)) is not None:
                what = pair.entity_id or f"{room.domain} {pair.what}"
                findings.wrong.append(f"{what} shows {shown}, but it is {pair.state}")
            elif pair.entity_id and not is_known_state(pair.state):
                known.add(pair.entity_id)  # the device itself has no value now
    for entity_id in sorted(available - known):
        state = hass.states.get(entity_id)
        findings.lost.append(f"{entity_id} is {state.state if state else 'gone'}")


def look_at_room(findings: Findings, room: Room) -> None:
    """Take over what a room has seen."""
    findings.strangers[room.domain] = hand_out(room.wishes, room.journal())
    findings.wishes[room.domain] = [wish for _, wish in room.wishes]
    findings.complaints += room.complaints
    findings.counts[room.domain] = room.counts
    findings.requests[room.domain] = room.simulator.stats.requests.total()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the soak, print the figures; return 1 where a promise is broken."""
    options, log, loop = parse(arguments), listen(), SoakLoop()
    asyncio.set_event_loop(loop)
    try:
        findings = loop.run_until_complete(soak(options, loop, log))
    finally:
        loop.close()
    broken = list(broken_promises(findings))
    tell(findings, broken)
    return int(bool(broken))
