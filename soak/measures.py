"""What a process holds on to: memory, tasks, listeners, timers, sockets."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
import gc
import os
from pathlib import Path
from statistics import median_low

from homeassistant.core import HomeAssistant

from .clock import SoakLoop

# Whoever looks once may meet a request under way, or a timer that has just rung.
LOOKS = 41
BETWEEN_LOOKS = 7.3

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Held:
    """What is there, by name."""

    tasks: Counter[str] = field(default_factory=Counter)
    listeners: Counter[str] = field(default_factory=Counter)
    timers: Counter[str] = field(default_factory=Counter)
    sockets: Counter[str] = field(default_factory=Counter)


def rss() -> int:
    """Return the bytes of memory that the process has, after tidying up."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def look(hass: HomeAssistant, loop: SoakLoop) -> Held:
    """Return what is there at this moment."""
    tasks = Counter(_name(it.get_coro()) for it in asyncio.all_tasks(loop))
    timers = Counter(_name(it._callback) for it in loop.timers)  # type: ignore[attr-defined]  # noqa: SLF001
    listeners = Counter({str(name): count for name, count in hass.bus.async_listeners().items()})
    links = (link for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    sockets = sum(_target(link).startswith("socket:") for link in links)
    return Held(tasks, listeners, timers, Counter({"sockets": sockets}))


async def held(hass: HomeAssistant, loop: SoakLoop) -> Held:
    """Return what is usually there."""
    looks = []
    for _ in range(LOOKS):
        looks.append(look(hass, loop))
        await asyncio.sleep(BETWEEN_LOOKS)
    return Held(
        _usual([it.tasks for it in looks]),
        _usual([it.listeners for it in looks]),
        _usual([it.timers for it in looks]),
        _usual([it.sockets for it in looks]),
    )


def _usual(looks: Sequence[Counter[str]]) -> Counter[str]:
    """Return the median of each count; what is there for a moment only is not there."""
    names = {name for counts in looks for name in counts}
    usual = {name: median_low([counts[name] for counts in looks]) for name in names}
    return +Counter(usual)


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Return by how much values grow in a unit of time, by least squares."""
    if len(samples) < 2:
        return 0.0
    mean_x = sum(x for x, _ in samples) / len(samples)
    mean_y = sum(y for _, y in samples) / len(samples)
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    return sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread


def growth(samples: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the last half in percent of its mean, per hour."""
    half = samples[len(samples) // 2 :]
    mean = sum(size for _, size in half) / len(half)
    return 100 * slope(half) / mean


def _name(thing: object) -> str:
    """Return a name under which things of a kind are counted together."""
    job = getattr(thing, "__self__", None)
    name = getattr(thing, "__qualname__", None) or type(thing).__qualname__
    module = getattr(thing, "__module__", None) or getattr(job, "__module__", "")
    return f"{module}.{name}"


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
