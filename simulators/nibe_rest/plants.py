"""The plants that can be simulated, and how their points come about.

Sources for the sizes: owners counted 870 points, 487 of them writable; 1247, 496 writable; and 1169
in 602 input registers, 566 holding registers and one without a register, 17 of the holding
registers not writable. Which sizes belong to which models is partly a guess. Everything that is
not publicly known is drawn from the seed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random

from .families import DRIFT, HOLDINGS, INPUTS, Family
from .known import Known
from .known_readings import READINGS
from .known_settings import SETTINGS
from .points import Kind, Register, SimPoint, When
from .titles import translations, untidy

_DRAWN_IDS = range(57000, 65500)
"""Beyond all ids that have been published, so that no drawn point passes for a real one."""
_FIRST_DRAWN_REGISTER = 60


class Profile(StrEnum):
    """Names of the profiles."""

    S1255 = "s1255"
    SMO_S40 = "smo-s40"
    VVM_S320 = "vvm-s320"


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells the plants apart."""

    letter: str
    """Stands in the tables of known points."""
    name: str
    size: int
    holdings: int
    write_style: str
    """How its firmware answers to a write."""

    @property
    def ground(self) -> bool:
        """Return whether the heat comes out of the ground."""
        return self.letter == "g"

    @property
    def inputs(self) -> int:
        """Return how many points have an input register."""
        return self.size - self.holdings - 1


TRAITS = {
    Profile.S1255: Traits("g", "S1255-12", 1169, 566, "modified"),
    Profile.SMO_S40: Traits("a", "SMO S40", 1247, 512, "old"),
    Profile.VVM_S320: Traits("v", "VVM S320", 870, 503, "full"),
}


def make_points(profile: Profile, seed: int) -> dict[int, SimPoint]:
    """Return the points of a plant in the order of their ids."""
    return {point.id: copy(point) for point in _drawn(profile, seed)}


@lru_cache(maxsize=8)
def _drawn(profile: Profile, seed: int) -> tuple[SimPoint, ...]:
    """Draw the points of a plant, once for all pumps that are alike."""
    traits = TRAITS[profile]
    random = Random(f"{profile}:{seed}")  # noqa: S311
    draw = _Draw(random)
    known = [row for row in (*READINGS, *SETTINGS) if traits.letter in row.models]
    draw.reserve(known)
    points = [draw.known(row) for row in known]
    points += _generated(points, traits, draw, random)
    for point in points:
        _name(point, random)
    return tuple(sorted(points, key=lambda point: point.id))


def _generated(
    points: list[SimPoint], traits: Traits, draw: _Draw, random: Random
) -> Iterator[SimPoint]:
    """Fill a plant up to exactly its number of input and holding registers."""
    listed = Counter(point.register for point in points if point.active)
    for register, families, size in (
        (Register.INPUT, INPUTS, traits.inputs),
        (Register.HOLDING, HOLDINGS, traits.holdings),
    ):
        missing = size - listed[register]
        members = [(family, n) for family in families for n in family.numbers]
        random.shuffle(members)
        members.sort(key=lambda member: not member[0].always)
        chosen = members[:missing]
        if len(chosen) < missing:
            raise ValueError(f"too few families for {missing} points")
        for family, n in chosen:
            yield draw.member(family, n, register)


class _Draw:
    """Draws ids and registers, each once."""

    def __init__(self, random: Random) -> None:
        self._ids = random.sample(_DRAWN_IDS, len(_DRAWN_IDS))
        self._random = random
        self._taken: dict[Register, set[int]] = {register: set() for register in Register}
        self._next = dict.fromkeys(Register, _FIRST_DRAWN_REGISTER)

    def reserve(self, rows: Iterable[Known]) -> None:
        """Keep what is known from being drawn."""
        for row in rows:
            if row.register_id:
                self._take(row.kind_of_register, row.register_id, row.words)

    def known(self, row: Known) -> SimPoint:
        register = row.kind_of_register
        point = SimPoint(
            row.id or self._ids.pop(),
            row.title,
            row.size,
            row.unit,
            row.divisor,
            register,
            row.register_id or self._register(register, row.words),
            row.low,
            row.high,
            row.default,
            row.change,
            description=row.description,
            kind=row.kind,
            writable=register is not Register.INPUT and not row.locked,
            live=row.live,
            when=row.when,
            active=row.when is When.ALWAYS,
        )
        point.value = _first_value(row, point)
        return point

    def member(self, family: Family, n: int, register: Register) -> SimPoint:
        number = self._ids.pop()
        holding = register is Register.HOLDING
        words = 2 if family.size.bits == 32 else 1
        there = holding or n - family.numbers.start < family.installed
        live = family.live.format(n=n)
        return SimPoint(
            number,
            family.title.format(n=n, id=number),
            family.size,
            family.unit,
            family.divisor,
            register,
            self._register(register, words),
            family.low,
            family.high,
            family.value if holding else 0,
            change=5 if family.unit == "°C" else 1,
            value=self._about(family) if there else family.size.nothing,
            description=family.description,
            writable=holding,
            live=live if there or live != DRIFT else "",
        )

    def _about(self, family: Family) -> int:
        """Return the value of a sensor; settings are at their default."""
        if family.live != DRIFT:
            return family.value
        return round(family.value * self._random.uniform(0.9, 1.1))

    def _register(self, register: Register, words: int) -> int:
        """Draw the next free register, with gaps as between groups of real ones."""
        if register is Register.NONE:
            return 0
        taken = self._taken[register]
        start = self._next[register] + self._random.choice((0, 0, 0, 0, 1, 1, 7))
        while any(start + word in taken for word in range(words)):
            start += 1
        self._take(register, start, words)
        self._next[register] = start + words
        return start

    def _take(self, register: Register, start: int, words: int) -> None:
        self._taken[register].update(range(start, start + words))


def _first_value(row: Known, point: SimPoint) -> int:
    if row.value is not None:
        return row.value
    if point.register is Register.INPUT or (row.locked and row.unit):
        return row.size.nothing
    return row.default


def _name(point: SimPoint, random: Random) -> None:
    """Translate the title, then spell it untidily."""
    translated = translations(point.title, random)
    point.titles = {language: untidy(title, random) for language, title in translated.items()}
    if point.kind is Kind.INTEGER:
        point.title = untidy(point.title, random)
