"""What the VRM cloud tells, as it is used here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

type Number = float | int


class ValueKind(StrEnum):
    """What a reading is."""

    NUMBER = "number"
    ENUM = "enum"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that a site has logged; what it is says its code, never a text.

    Texts are in the account's language.
    """

    code: str
    kind: ValueKind
    value: Number | str | None
    attribute: int | None = None
    """VRM's number of it; None: a sum over several."""
    instance: int = 0
    service: str = ""
    """D-Bus service of the device, such as "battery"."""
    device_type: int | None = None
    """VRM's number of the kind of device, where the endpoint tells it."""
    device_name: str = ""
    """VRM's name of the kind of device, where the endpoint tells that instead."""
    at: float | None = None
    """When it was logged, in seconds since 1970."""
    format: str = ""
    description: str = ""
    text: str = ""
    path: str = ""
    choices: Mapping[int, str] = field(default_factory=dict)
    """Names of an enum's values."""
    bitmask: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """An installation."""

    site_id: int
    name: str
    time_zone: str = ""
    """As the IANA calls it; "": it is not told."""
    created: float | None = None
    last_log: float | None = None
    may_read_diagnostics: bool = True
    has_alarm: bool | None = None
    alarms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    located: float | None = None
    """When a GPS has told where it is; None: it stands where its owner has put it on the map."""
    readings: tuple[Reading, ...] = ()
    """With `extended=1`: what the portal's overview shows."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device of an installation as the portal lists it."""

    device_type: int | None
    """VRM's number of its kind; None: it is not told."""
    instance: int | None
    """None: the gateway."""
    kind_name: str = ""
    custom_name: str = ""
    product: str = ""
    product_code: str = ""
    firmware: str = ""
    serial: str = ""
    last_connection: float | None = None
    logging_interval: int | None = None
    key: str = ""
    """By which it was known before the portal listed it; "": by kind and instance."""


@dataclass(frozen=True, slots=True)
class User:
    """Whose token it is."""

    user_id: int
    name: str = ""
    token_id: str = ""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A personal access token, without its secret."""

    token_id: str
    name: str = ""
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class AlarmLogEntry:
    """A row of a site's alarm log."""

    alarm_id: int
    """VRM's number of the alarm, by which it can be cleared."""
    started: float
    active: bool
    device: str = ""
    description: str = ""
    kind: str = ""
    instance: int | None = None

    @property
    def row_id(self) -> str:
        """By what this row is known again."""
        return f"{self.alarm_id}-{self.started:.0f}-{self.instance}"

    def is_among(self, seen: Collection[str]) -> bool:
        """Return whether the row was seen; of one that does not tell its device, any will do."""
        if self.instance is None:
            return any(it.rpartition("-")[0] == self.row_id.rpartition("-")[0] for it in seen)
        return self.row_id in seen


type Series = tuple[tuple[float, float], ...]
"""Start of a bucket in seconds since 1970, and its value."""


@dataclass(frozen=True, slots=True)
class Stats:
    """Time series of a site by code; what has no data is not among them."""

    series: Mapping[str, Series] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, Mapping[float, tuple[float, float]]] = field(default_factory=dict)
    """Smallest and largest values by code and start, of those that are means."""


class Interval(StrEnum):
    """Widths of buckets."""

    QUARTERS = "15mins"
    HOURS = "hours"
    TWO_HOURS = "2hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


DAY: Final = 86400

# The longest span that one request may ask for, in seconds.
LONGEST_SPAN: Final[Mapping[Interval, int]] = {
    Interval.QUARTERS: 31 * DAY,
    Interval.HOURS: 31 * DAY,
    Interval.TWO_HOURS: 31 * DAY,
    Interval.DAYS: 180 * DAY,
    Interval.WEEKS: 140 * DAY,
    Interval.MONTHS: 731 * DAY,  # 24 months, five years: with their leap days
    Interval.YEARS: 1827 * DAY,
}
STATS_TYPES: Final = (
    "custom",
    "consumption",
    "dynamic_ess",
    "evcs",
    "forecast",
    "generator",
    "generator-runtime",
    "kwh",
    "live_feed",
    "live_feed_kwh",
    "solar_yield",
    "venus",
)
