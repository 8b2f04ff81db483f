"""All values of a site, one by one, as they were last logged."""

from collections.abc import Iterator
from dataclasses import dataclass

from .attributes import Attribute
from .devices import Device, DeviceType
from .readings import Moment, Value, measured, moment_of
from .site import Site
from .table_devices import TABLE


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a device."""

    device: Device
    attribute: Attribute
    value: Value
    at: int
    """When it was logged."""
    before: Value
    """What it was a log earlier."""


def rows_of(site: Site, now: float, wanted: frozenset[str] | None = None) -> Iterator[Row]:
    """Return the rows of a site; `wanted`: only some codes."""
    log = site.logged(now)
    moments: dict[float, Moment] = {}

    def moment(at: float) -> Moment:
        return moments.get(at) or moments.setdefault(at, moment_of(site, at, deep=wanted is None))

    for device in site.devices:
        table = TABLE[device.type]
        if wanted is not None:
            table = tuple(attribute for attribute in table if attribute.code in wanted)
        if not table:
            continue
        at = min(log, device.removed)
        values = measured(moment(at), device)
        earlier = values if wanted is not None else measured(moment(at - site.interval), device)
        for attribute in table:
            if attribute.code in values:
                logged = min(at, site.booted) if attribute.at_boot else at
                value, before = values[attribute.code], earlier.get(attribute.code)
                yield Row(device, attribute, value, int(logged), before)


def by_instance(device: Device) -> bool:
    """Return whether the values of such a device are told apart by instance."""
    return device.type not in {DeviceType.GATEWAY, DeviceType.SYSTEM}
