"""KNX telegrams that are sent through the server, and what hangs on their groups.

The ranges are those of the vendor's text, 0 to 31 for four bits included; on the bus only the low
four bits arrive. For floats the text has none: what the KNX type can hold counts.
"""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING

from .controllers import TELEGRAMS, Function
from .devices import TempMode

if TYPE_CHECKING:
    from .plant import Plant

BIT, FOUR_BITS, BYTE = "system/sendKNXbit", "system/sendKNX4bits", "system/sendKNXbyte"
FLOAT_2, FLOAT_4 = "system/sendKNXfloat2bytes", "system/sendKNXfloat4bytes"

_ADDRESS = re.compile(r"(\d{1,2})/(?:(\d)/(\d{1,3})|(\d{1,4}))(-\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)
_MODES = {1: TempMode.COMFORT, 2: TempMode.STANDBY, 3: TempMode.ECONOMY, 4: TempMode.PROTECTION}
"""Modalities as DPT 20.102 numbers them."""
_FULL_BYTE = 255
_UP = 8  # the bit of a four-bit telegram that says "increase"


@dataclass(frozen=True, slots=True)
class Group:
    """What a telegram to a group address does."""

    telegram: str
    """The endpoint whose type the group has; telegrams of other types do nothing."""
    guid: str
    controller: str


@dataclass(frozen=True, slots=True)
class SentTelegram:
    """A telegram that was sent."""

    at: float
    controller: str
    group: str
    value: float


def parse_number(text: str | None, *, decimal: bool) -> float | None:
    """Return the number of a parameter; None if it is none."""
    pattern = _DECIMAL if decimal else _WHOLE
    if text is None or pattern.fullmatch(text) is None:
        return None
    return float(text) if decimal else int(text)


def valid_group(text: str | None, *, suffix: bool) -> bool:
    """Return whether this is a group address of two or three levels."""
    matched = None if text is None else _ADDRESS.fullmatch(text)
    if matched is None or (matched[5] and (not suffix or int(matched[5][1:]) > 255)):
        return False
    main, middle, sub, low = (int(part or 0) for part in matched.group(1, 2, 3, 4))
    return (
        main <= 31
        and middle <= 7
        and sub <= 255
        and low <= 2047
        and bool(main + middle + sub + low)
    )


def valid_value(controller: str, text: str | None) -> float | None:
    """Return the value of a telegram; None if its type cannot hold it."""
    kind = TELEGRAMS[controller]
    value = parse_number(text, decimal=kind.decimal)
    return value if value is not None and kind.low <= value <= kind.high else None


def deliver(plant: Plant, telegram: SentTelegram) -> None:
    """Let a telegram do what hangs on its group."""
    group = plant.groups.get(telegram.group.partition("-")[0])
    if group is None or group.telegram != telegram.controller:
        return
    device = plant.find(group.guid)
    if device is None or group.controller not in device.controllers:
        return
    value: float | None = telegram.value
    if telegram.controller == FOUR_BITS:
        value = _dimmed(device.values.get(Function.LEVEL, 0), int(telegram.value) & 0xF)
    elif group.controller in {"powerlevel", "heightlevel"}:
        value = round(telegram.value * 100 / _FULL_BYTE)
    elif group.controller == "tempmode":
        value = _MODES.get(int(telegram.value))
    if value is not None:
        plant.command(device, group.controller, value)


def _dimmed(level: float, bits: int) -> float | None:
    """Return the level after a step of relative dimming; 0 would break a ramp off."""
    if not (step := bits & 7):
        return None
    change = 100 / (1 << (step - 1))
    return round(min(100.0, max(0.0, level + (change if bits & _UP else -change))))
