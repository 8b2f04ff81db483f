"""What becomes of a write.

Sources: the OpenAPI text (`modified` and two errors per point), and owners' reports, in which the
answer is often the whole point instead, with the value of before, and status 200 says nothing about
whether the write has been carried out: in read-only mode it is discarded, time points refuse with
400, and the effect may take seconds to be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .points import Kind, SimPoint

if TYPE_CHECKING:
    from .devices import SimDevice
    from .simulator import NibeSimulator

_KEYS = frozenset({"type", "isOk", "variableId", "integerValue", "stringValue"})

# Seconds that the pump takes to end what it has begun, by point.
_SLOW_ENDS = {4564: 13.0}


class Answer(StrEnum):
    """Forms of the answer for one point."""

    MODIFIED = "modified"
    FULL = "full"
    """The whole point with the new value, if it is taken over."""
    OLD = "old"
    """The whole point with the value of before."""
    NO_SUCH_PARAM = "error: no such param"
    READ_ONLY = "error: read only value"


class OutOfRange(StrEnum):
    """What happens to a value beyond the declared limits."""

    CLAMP = "clamp"
    IGNORE = "ignore"
    ACCEPT = "accept"


_ERRORS = frozenset({Answer.NO_SUCH_PARAM, Answer.READ_ONLY})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one point takes a write."""

    answer: Answer | None = None
    """None: as the firmware answers."""
    applies: bool = True
    """False: answered, but not carried out. Errors are never carried out."""
    becomes: int | None = None
    """The raw value that it takes instead of the wanted one."""
    delay: float | None = None
    """Seconds until the effect; None: as the firmware does."""
    status: int = 200
    """400 refuses the whole request."""
    misspelt: bool = False
    """Say `isOkz` for `isOk` where the whole point is answered."""


MODIFIED = Behaviour(Answer.MODIFIED)
FULL = Behaviour(Answer.FULL)
OLD = Behaviour(Answer.OLD)
OLD_IGNORED = Behaviour(Answer.OLD, applies=False)
NO_SUCH_PARAM = Behaviour(Answer.NO_SUCH_PARAM, applies=False)
READ_ONLY = Behaviour(Answer.READ_ONLY, applies=False)
IGNORED = Behaviour(applies=False)


class BadRequestError(Exception):
    """A body that the pump refuses as a whole."""


class Writes:
    """Carries out the writes of a simulator."""

    def __init__(self, simulator: NibeSimulator) -> None:
        """Write to the devices of a simulator."""
        self._simulator = simulator

    def patch(self, device: SimDevice, body: Any, language: str) -> dict[str, Any]:
        """Carry out a list of data values and return the answer by id."""
        items = [_checked(item) for item in _items(body)]
        for item in items:
            number = item["variableId"]
            point = device.find(number)
            refused = point is not None and point.kind is not Kind.INTEGER
            if refused or self._behaviour(number).status != 200:
                raise BadRequestError(f"cannot write {number}")
        return {str(item["variableId"]): self._one(device, item, language) for item in items}

    def _behaviour(self, number: int) -> Behaviour:
        return self._simulator.behaviour.get(number, Behaviour())

    def _one(self, device: SimDevice, item: dict[str, Any], language: str) -> Any:
        number, asked = item["variableId"], item["integerValue"]
        self._simulator.stats.asked.append((number, asked))
        behaviour = self._behaviour(number)
        if (point := device.find(number)) is None:
            return Answer.NO_SUCH_PARAM.value
        if not point.writable:
            return Answer.READ_ONLY.value
        answer = behaviour.answer or Answer(self._simulator.write_style)
        if answer in _ERRORS:
            return answer.value
        # An unknown key: the one published case was answered with the old point and no effect.
        misled = not _KEYS.issuperset(item)
        raw = self._taken(point, asked, behaviour)
        applies = behaviour.applies and not misled and not self._simulator.read_only
        before = device.shown(point)
        if applies and raw is not None:
            device.write_later(number, raw, self._delay(point, raw, behaviour))
        if answer is Answer.MODIFIED and not misled:
            return answer.value
        new = applies and raw is not None and answer is Answer.FULL
        shown = raw if new and raw is not None else before
        return self._whole(point, language, shown, behaviour)

    def _whole(
        self, point: SimPoint, language: str, value: int, behaviour: Behaviour
    ) -> dict[str, Any]:
        key = self._simulator.value_key
        whole = point.as_json(language, value, key)
        if behaviour.misspelt:
            whole[key]["isOkz"] = whole[key].pop("isOk")
        return whole

    def _taken(self, point: SimPoint, raw: int, behaviour: Behaviour) -> int | None:
        """Return the value that the point takes; None if it keeps its own."""
        if behaviour.becomes is not None:
            return behaviour.becomes
        style = self._simulator.out_of_range
        low, high = point.size.low, point.size.high
        if point.bounded and style is not OutOfRange.ACCEPT:
            low, high = max(low, point.low), min(high, point.high)
        if style is OutOfRange.IGNORE and not low <= raw <= high:
            return None
        return min(max(raw, low), high)

    def _delay(self, point: SimPoint, raw: int, behaviour: Behaviour) -> float:
        if behaviour.delay is not None:
            return behaviour.delay
        usual = self._simulator.write_delay
        return max(usual, _SLOW_ENDS.get(point.id, 0.0)) if usual and not raw else usual


def _items(body: Any) -> Sequence[Any]:
    if not isinstance(body, list) or not body:
        raise BadRequestError("a list of data values is wanted")
    return body


def _checked(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict) or item.get("type") != "datavalue":
        raise BadRequestError("an item must be an object of type datavalue")
    for key in ("variableId", "integerValue"):
        if type(item.get(key)) is not int:
            raise BadRequestError(f"{key} must be a whole number")
    if not isinstance(item.get("stringValue"), str | None):
        raise BadRequestError("stringValue must be a text or null")
    return item
