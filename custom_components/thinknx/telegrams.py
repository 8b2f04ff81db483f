"""Telegrams straight to the bus: which values and group addresses there are.

Source: the vendor's description, "System", and KNX's ranges where the description exceeds them. A
number behind a group address chooses an interface of the server, as elsewhere in its projects; that
the Integration Kit knows it too is a guess.
"""

from collections.abc import Collection
import math
import re
from typing import Final

from .endpoints import TELEGRAMS, Dpt

_GROUP: Final = re.compile(r"(\d{1,2})/(?:(\d{1,2})/(\d{1,3})|(\d{1,4}))(?:-(\d{1,3}))?", re.ASCII)


def clean_group(text: str) -> str | None:
    """Return a group address of two or three levels as it is usually written, None if it is none.

    It may name an interface: 1/2/3-1.
    """
    if not (found := _GROUP.fullmatch(text.strip())):
        return None
    main, middle, sub, low, interface = (int(it) if it else 0 for it in found.groups())
    fits = main <= 31 and middle <= 7 and sub <= 255 and low <= 2047 and interface <= 255
    if not fits or not (main or middle or sub or low):
        return None
    group = f"{main}/{low}" if found[4] else f"{main}/{middle}/{sub}"
    return f"{group}-{interface}" if found[5] else group


def is_allowed(group: str, allowed: Collection[str]) -> bool:
    """Whether a group address may be sent to; with an empty list all may.

    An address of the list stands for itself alone: not for others that name an interface too.
    """
    return not allowed or group in allowed


def is_in_range(dpt: Dpt, value: float) -> bool:
    """Whether a value is between the limits of a data point type."""
    return math.isfinite(value) and TELEGRAMS[dpt].low <= value <= TELEGRAMS[dpt].high


def is_whole_enough(dpt: Dpt, value: float) -> bool:
    """Whether a value has no decimals where a data point type has none."""
    return not TELEGRAMS[dpt].whole or value == int(value)
