"""What is known of a site, and how answers that come at different times become one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from .catalog import attribute_of, is_lasting
from .flows import Counter
from .forecast import Forecast
from .models import Device, Reading, Site
from .tree import GATEWAY, SITE, Tree
from .units import quantity

LEAST_FRESH: Final = 15 * 60.0
"""For so many seconds a measurement is a good one at least."""
GHOST: Final = 100 * 86400.0
"""After so many seconds a value is of something that is gone."""

type ReadingId = tuple[str, str]
"""Key of a device, and code."""


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site as it was last seen."""

    site: Site
    tree: Tree = field(default_factory=Tree)
    readings: Mapping[ReadingId, Reading] = field(default_factory=dict)
    stale: frozenset[ReadingId] = frozenset()
    """Measurements that are too old to be believed."""
    silent: bool = False
    """Whether the site has not logged anything for long."""
    totals: Mapping[Counter, float] = field(default_factory=dict)
    """What has flowed since the site exists, in kWh."""
    today: Mapping[Counter, float] = field(default_factory=dict)
    """The same since midnight at the site."""
    midnight: float | None = None
    forecast: Forecast = field(default_factory=Forecast)
    history: float | None = None
    """How much of the history is imported, in percent; None: none is wanted."""
    failing: frozenset[str] = frozenset()
    """What could not be read for a while."""

    def reading(self, key: ReadingId) -> Reading | None:
        """Return a reading, None if there is none."""
        return self.readings.get(key)


def living(readings: Iterable[Reading], now: float) -> list[Reading]:
    """Return the readings that say something, and are not of something long gone."""
    return [
        it for it in readings if it.value is not None and (it.at is None or now - it.at <= GHOST)
    ]


def merged(
    old: Mapping[ReadingId, Reading], new: Iterable[Reading], tree: Tree
) -> dict[ReadingId, Reading]:
    """Return readings with newer ones in place of older ones.

    A reading that says the same as before stays the very same object.
    """
    readings = dict(old)
    for it in new:
        key = tree.device_of(it), it.code
        known = readings.get(key)
        if known is None or _supersedes(it, known):
            readings[key] = it
    return readings


def assumed(readings: Iterable[Reading], tree: Tree) -> list[Device]:
    """Return the devices that readings name by themselves, for want of a list.

    With them, readings of the same device that do not tell its service find it.
    """
    found = {
        key: Device(None, it.instance, it.device_name, key=key)
        for it in readings
        if (key := _own_key(it, tree))
    }
    return list(found.values())


def recognised(
    devices: Iterable[Device], tree: Tree, shown: Mapping[ReadingId, Reading]
) -> list[Device]:
    """Return devices that are listed under the keys that they already have.

    Values may be shown before a list names their device: entities must not get other ids by it.
    """
    listed = {
        (it.device_type, it.instance): it.key
        for it in tree.listed.values()
        if it.device_type is not None or not it.key  # those are assumed ones
    }
    found: dict[tuple[str, int | None], str] = {
        (it.device_name, it.instance): key for it in shown.values() if (key := _own_key(it, tree))
    }
    return [
        replace(it, key=known if known is not None else found.get((it.kind_name, it.instance), ""))
        for it in devices
        for known in (listed.get((it.device_type, it.instance)),)
    ]


def _own_key(reading: Reading, tree: Tree) -> str:
    """Return the key of the device that a reading names, "" if its number of the kind decides."""
    key = tree.device_of(reading)
    if not reading.device_name or reading.attribute in tree.kinds or key in {SITE, GATEWAY}:
        return ""
    return key


def _supersedes(new: Reading, old: Reading) -> bool:
    if new.at is not None and old.at is not None and new.at < old.at:
        return False
    return (new.value, new.at) != (old.value, old.at)


def freshness(logging_interval: int | None) -> float:
    """Return for how many seconds a measurement is a good one."""
    return max(LEAST_FRESH, 3.0 * (logging_interval or 0))


def old_ones(
    readings: Iterable[tuple[ReadingId, Reading]], now: float, allowed: float
) -> set[ReadingId]:
    """Return the measurements that are too old; what is logged on change only never is."""
    return {
        key
        for key, it in readings
        if it.at is not None
        and now - it.at > allowed
        and not is_lasting(it, attribute_of(it, quantity(it.format).unit))
    }


def changed_keys(old: SiteState, new: SiteState) -> set[ReadingId]:
    """Return which readings say something else than before, or are believed where they were not."""
    keys = {
        key
        for key, it in new.readings.items()
        if (known := old.readings.get(key)) is not it and (not known or _differ(known, it))
    }
    return keys | (old.readings.keys() - new.readings.keys()) | (old.stale ^ new.stale)


def _differ(old: Reading, new: Reading) -> bool:
    return old.value != new.value or quantity(old.format).unit != quantity(new.format).unit


def battery_power(state: SiteState) -> float | None:
    """Return the power of the battery, positive while it is discharged; VRM counts charging so."""
    voltage, current = _number(state, (SITE, "bv"), "V"), _number(state, (SITE, "bc"), "A")
    return None if voltage is None or current is None else 0.0 - voltage * current


def _number(state: SiteState, key: ReadingId, unit: str) -> float | None:
    reading = state.readings.get(key)
    if reading is None or key in state.stale or isinstance(reading.value, str):
        return None
    return reading.value if quantity(reading.format).unit in {None, unit} else None
