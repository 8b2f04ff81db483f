"""Where the vendor's text leaves a choice: the ways in which a server may do things."""

from enum import StrEnum


class Profile(StrEnum):
    """Where the server is asked."""

    LOCAL = "local"
    CLOUD = "cloud"
    """The vendor's cloud, or the same software on premise."""


class Spelling(StrEnum):
    """Which path the API has; the vendor writes both."""

    UPPER = "V1"
    LOWER = "v1"
    BOTH = "both"


class Auth(StrEnum):
    """Which proof of the password is taken."""

    NONE = "none"
    BASIC = "basic"
    QUERY = "query"
    DIGEST = "digest"
    ANY = "any"
    """Each of the three; the parameter `auth` chooses."""


class Offer(StrEnum):
    """What a challenge contains."""

    ASKED = "asked"
    """What is taken and was asked for by `auth`; Digest first."""
    BASIC_FIRST = "basic_first"
    """A header for Basic, then one for Digest, whatever was asked for."""
    DIGEST_FIRST = "digest_first"
    ONE_HEADER = "one_header"
    """Both in one header, Basic first."""
    NOTHING = "nothing"


class Algorithm(StrEnum):
    """Of digest."""

    MD5 = "MD5"
    SHA_256 = "SHA-256"
    BOTH = "both"
    """Two challenges, SHA-256 first."""


class NonceCount(StrEnum):
    """How the nonce count is checked."""

    RISING = "rising"
    ONCE = "once"
    IGNORED = "ignored"


class RetryAfter(StrEnum):
    """What an answer 429 says about when to come back."""

    NOTHING = "nothing"
    SECONDS = "seconds"
    DATE = "date"


class StatusFormat(StrEnum):
    """How a status is written."""

    NUMBER = "number"
    STRING = "string"
    COMMA = "comma"
    BOOLEAN = "boolean"
    """Of what is 0 or 1; other values are numbers."""
    NULL = "null"
    EMPTY = "empty"
    OUT_OF_RANGE = "out_of_range"
    NAN = "nan"
    MISSING = "missing"


class HeightParameter(StrEnum):
    """The parameter in which `heightlevel` takes its value."""

    VAL = "val"
    CMD = "cmd"
    EITHER = "either"


class TriggerCommand(StrEnum):
    """What `trigger` makes of `cmd=1`, which the vendor's example has and the text has not."""

    NEEDED = "needed"
    REFUSED = "refused"
    EITHER = "either"


class UptimeStyle(StrEnum):
    """How an uptime is written."""

    PLAIN = "plain"
    SINGULAR = "singular"
    """With "1 day" and "1 hour"."""
    SHORT = "short"
    """Without what is zero."""
    ITALIAN = "italian"
    GERMAN = "german"
