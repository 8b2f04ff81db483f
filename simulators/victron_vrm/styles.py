"""Where the API may do a thing in several ways: the choices."""

from enum import StrEnum


class Profile(StrEnum):
    """Which sites an account has."""

    HOME = "home"
    """Four of different kinds."""
    ALL = "all"
    """One of each kind."""
    ONE = "one"
    HUNDRED = "hundred"


class SiteKind(StrEnum):
    """What stands at a site."""

    ESS = "ess"
    """A house with PV, battery and grid."""
    OFF_GRID = "off_grid"
    """PV, battery and a generator; a time zone of half hours."""
    BOAT = "boat"
    """Tanks, temperatures, a position that changes, shore power now and then."""
    EV = "ev"
    """A house with two charging stations."""
    BATTERY_ONLY = "battery_only"
    """Nothing but a battery monitor: no energy readings."""
    MONITORING = "monitoring"
    """A house that may only be looked at."""
    NO_LOCATION = "no_location"
    """A hut that nobody has put on the map; no feed-in."""
    PV_ONLY = "pv_only"
    """PV inverter and grid meter, no battery."""
    DEAD = "dead"
    """Not heard of for months."""


class TokenApi(StrEnum):
    """Which endpoints for access tokens there are."""

    NEW = "new"
    """`POST` and `GET accesstokens`, `DELETE accesstokens/{id}`."""
    OLD = "old"
    """`accesstokens/create`, `/list`, `/{id}/revoke`."""
    BOTH = "both"


class RetryAfter(StrEnum):
    """What the header says to somebody who asks too much."""

    SECONDS = "seconds"
    DATE = "date"
    NOTHING = "nothing"


class LimitBody(StrEnum):
    """What comes with a 429."""

    JSON = "json"
    TEXT = "text"


class ErrorStyle(StrEnum):
    """How `errors` is written."""

    USUAL = "usual"
    """As each endpoint does it."""
    STRING = "string"
    LIST = "list"
    OBJECT = "object"


class Empty(StrEnum):
    """What stands for records that do not exist."""

    FALSE = "false"
    """Every series is `false`; what lies before the site's creation is `[]`."""
    LIST = "list"
    """An empty list, as PHP writes an empty object."""
    OBJECT = "object"


class TwoFactor(StrEnum):
    """What a login wants beside the password."""

    NONE = "none"
    SMS = "sms"
    TOTP = "totp"


class DaySteps(StrEnum):
    """How buckets of days and weeks follow each other."""

    SECONDS = "seconds"
    """86400 s apart."""
    LOCAL = "local"
    """At the same time of day in the site's zone."""
