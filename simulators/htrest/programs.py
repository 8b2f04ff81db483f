"""The five time programs."""

from dataclasses import asdict, dataclass
from datetime import datetime
import re

_DAYS = 7
_SLOTS = 7
_STEP = 15
_NAMES = ("Warmwasser", "Zirkulationspumpe", "Heizung", "Mischer 1", "Mischer 2")
_STATES = (2, 2, 3, 3, 3)
_UNUSED = (0, "00:00", "00:00")
_HEATING = ((0, "00:00", "05:00"), (1, "05:00", "07:00"), (2, "07:00", "21:00"),
            (1, "21:00", "22:30"), (0, "22:30", "24:00"))  # fmt: skip
_CIRCULATION = ((0, "00:00", "05:15"), (1, "05:15", "08:00"), (0, "08:00", "11:30"),
                (1, "11:30", "14:00"), (0, "14:00", "18:00"), (1, "18:00", "22:00"),
                (0, "22:00", "24:00"))  # fmt: skip
_HOT_WATER = ((0, "00:00", "04:00"), (1, "04:00", "22:00"), (0, "22:00", "24:00"))
_START = (_HOT_WATER, _CIRCULATION, _HEATING, _HEATING, _HEATING)
_TIME = re.compile(r"^(\d?\d):(\d?\d)$")


class SlotError(ValueError):
    """The server refuses a slot; the text is its message."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of a day and its state."""

    state: int
    start: str
    end: str

    def as_json(self) -> dict[str, int | str]:
        """Return the slot as the API shows it."""
        return asdict(self)


class TimeProgram:
    """A week of slots."""

    def __init__(self, index: int) -> None:
        """Start with a usual week."""
        self.index = index
        self.name = _NAMES[index]
        self.states = _STATES[index]
        self.days = [
            [Slot(*slot) for slot in (*_START[index], *[_UNUSED] * _SLOTS)][:_SLOTS]
            for _ in range(_DAYS)
        ]

    def head(self) -> dict[str, int | str]:
        """Return what the list of programs shows."""
        return {
            "index": self.index,
            "name": self.name,
            "ead": _SLOTS,
            "nos": self.states,
            "ste": _STEP,
            "nod": _DAYS,
        }

    def put(self, day: int, number: int, slot: Slot) -> bool:
        """Take a slot and return True; a state that the program does not have changes nothing."""
        if slot.state >= self.states:
            return False
        self.days[day][number] = slot
        return True

    def check(self, slot: Slot) -> None:
        """Refuse what the server refuses when a whole program is written."""
        if not 0 <= slot.state < self.states:
            raise SlotError(
                "the state of the provided entry is outside the allowed range "
                f"[{slot.state}, 0..{self.states}]"
            )
        if any(minutes(text) % _STEP for text in (slot.start, slot.end)):
            raise SlotError(
                "the provided entry does not fit to the step-size of the time program "
                f"[{slot.start}-{slot.end}, {_STEP}]"
            )

    def runs_at(self, moment: datetime) -> bool:
        """Return whether a moment lies in a state other than 0; day 0 is Monday."""
        minute = moment.hour * 60 + moment.minute
        for slot in self.days[moment.weekday()]:
            if minutes(slot.start) <= minute < minutes(slot.end):
                return slot.state != 0
        return False


def all_programs() -> list[TimeProgram]:
    """Return the programs of a pump."""
    return [TimeProgram(index) for index in range(len(_NAMES))]


def minutes(text: str) -> int:
    """Return the minutes since midnight of a valid time."""
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def make_slot(state: int, start: str, end: str) -> Slot:
    """Return a slot as the server takes it."""
    for label, text in (("start", start), ("end", end)):
        found = _TIME.match(text)
        if found is None or int(found[2]) > 59 or minutes(text) > 24 * 60:
            raise SlotError(f"the provided {label} time is not a valid time value [{text!r}]")
    if minutes(start) > minutes(end):
        raise SlotError(
            "the provided start time must be lesser or equal to the end time "
            f"[{_clock(start)}-{_clock(end)}]"
        )
    return Slot(state, _clock(start), _clock(end))


def _clock(text: str) -> str:
    hour, minute = divmod(minutes(text), 60)
    return f"{hour:02d}:{minute:02d}"
