"""A device behind the API: its points, its alarms and what changes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
import heapq
import itertools
import math
from random import Random
from typing import Any

from .changes import ForcedChanges
from .families import DRIFT
from .physics import Physics
from .plants import TRAITS, Profile, make_points
from .points import SimPoint, When
from .readings import readings

APPEAR_SECONDS = 30.0
VANISH_SECONDS = 16.0
"""How long it takes until a setting has made points appear or disappear."""
_RESTART_SHARE = 0.02
_WAVE = 5
"""How far, in raw steps, sensors without a model waver."""
_MORE_HOT_WATER_SECONDS = 3 * 3600.0
_AWAY, _NORMAL = "away", "normal"

_MODE, _MODE_MIRROR, _SG_SWITCH, _AWAY_SWITCH = 3751, 4064, 10613, 8982
_MORE, _DEGREE_MINUTES, _MANUAL, _ONE_TIME = 4564, 781, 1, 2


@dataclass(slots=True)
class SimAlarm:
    """An alarm; the time is in UTC."""

    alarm_id: int
    header: str
    time: datetime
    description: str = ""
    severity: int = 2
    equip_name: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the alarm as the API shows it."""
        return {
            "alarmId": self.alarm_id,
            "description": self.description,
            "header": self.header,
            "severity": self.severity,
            "time": f"{self.time:%Y-%m-%d %H:%M:%S}",
            "equipName": self.equip_name,
        }


@dataclass(slots=True)
class SimDevice:
    """One device; `settle` brings it up to the present."""

    index: int
    profile: Profile
    seed: int
    serial: str
    name: str
    start: datetime
    executed: Callable[[int, int], None]
    """Is told of every write that has really been carried out."""
    aid_mode: str = "off"
    smart_mode: str = _NORMAL
    manufacturer: str = "NIBE"
    firmware: tuple[int, int] = (4, 13)
    appear_seconds: float = APPEAR_SECONDS
    vanish_seconds: float = VANISH_SECONDS
    alarms: list[SimAlarm] = field(default_factory=list)
    points: dict[int, SimPoint] = field(init=False)
    physics: Physics = field(init=False)
    changes: ForcedChanges | None = field(init=False, default=None)
    _now: float = field(init=False, default=0.0)
    _due: list[tuple[float, int, Callable[[], None]]] = field(init=False, default_factory=list)
    _order: Iterator[int] = field(init=False, default_factory=itertools.count)
    _rules: dict[When, bool] = field(init=False, default_factory=dict)
    _waves: list[tuple[SimPoint, int]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Build the plant and let it have a past."""
        traits = TRAITS[self.profile]
        self.points = make_points(self.profile, self.seed)
        self.physics = Physics(
            self._seed_text,
            self.start,
            lambda number: self.points[number].physical,
            ground=traits.ground,
        )
        self._waves = [
            (point, point.value) for point in self.points.values() if point.live == DRIFT
        ]
        self._rules = dict.fromkeys((When.MANUAL, When.SG_API, When.AWAY), False)
        self._show_readings()

    @property
    def _seed_text(self) -> str:
        return f"{self.profile}:{self.seed}"

    @property
    def missing(self) -> frozenset[int]:
        """Return the ids that are not listed for a while after a restart."""
        ids = [point.id for point in self.points.values() if point.active]
        count = math.ceil(len(ids) * _RESTART_SHARE)
        return frozenset(Random(self._seed_text).sample(ids, count))  # noqa: S311

    def find(self, number: int) -> SimPoint | None:
        """Return a point that is there at present."""
        point = self.points.get(number)
        return point if point is not None and point.active else None

    def shown(self, point: SimPoint) -> int:
        """Return the raw value that the API shows."""
        if self.changes is None:
            return point.value
        return self.changes.value(point, self._now)

    def force_changes(self, share: float | None) -> None:
        """Let exactly this share of the points change per half minute; None: as the plant does."""
        if share is None:
            self.changes = None
        else:
            listed = [point for point in self.points.values() if point.active]
            self.changes = ForcedChanges(listed, share, self._now)

    def settle(self, now: float) -> None:
        """Bring the device up to the given time, with all that was due on the way."""
        while self._due and self._due[0][0] <= now:
            due, _, happen = heapq.heappop(self._due)
            self._advance(max(due, self._now))
            happen()
            self._apply_rules()
        self._advance(now)
        self._apply_rules()

    def write_later(self, number: int, raw: int, delay: float) -> None:
        """Carry a write out after some seconds."""
        if delay <= 0:
            self._write(number, raw)
            self._apply_rules()
        else:
            self._at(delay, partial(self._write, number, raw))

    def put(self, number: int, raw: int) -> None:
        """Change a value by hand at the pump."""
        self._take(self.points[number], raw)
        self._apply_rules()

    def set_smart_mode(self, mode: str) -> None:
        """Go away or come back."""
        self.smart_mode = mode
        self.points[_AWAY_SWITCH].value = int(mode == _AWAY)
        self._apply_rules()

    def set_aid_mode(self, mode: str) -> None:
        """Switch the emergency heating on or off."""
        self.aid_mode = mode

    def as_json(self) -> dict[str, Any]:
        """Return the device as the API shows it."""
        return {
            "deviceIndex": self.index,
            "aidMode": self.aid_mode,
            "smartMode": self.smart_mode,
            "product": {
                "serialNumber": self.serial,
                "name": self.name,
                "manufacturer": self.manufacturer,
                "firmwareId": "nibe-n",
            },
        }

    def _at(self, delay: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self._now + delay, next(self._order), happen))

    def _advance(self, now: float) -> None:
        self._now = now
        if self.changes is not None:
            return
        self.physics.aid = self.aid_mode == "on"
        self.physics.away = self.smart_mode == _AWAY
        self.physics.advance(self.start + timedelta(seconds=now))
        self._show_readings()

    def _show_readings(self) -> None:
        """Let the sensors show what the plant does."""
        values = readings(self.physics, self._seed_text) | {
            "alarm": float(bool(self.alarms)),
            "alarm_number": float(self.alarms[-1].alarm_id if self.alarms else 0),
            "firmware": float(self.firmware[0] << 8 | self.firmware[1]),
        }
        for point in self.points.values():
            if point.live and not point.pinned and (value := values.get(point.live)) is not None:
                point.take(value)
        for point, middle in self._waves:
            if not point.pinned:
                swing = self.physics.wave(180.0 + 3 * (point.id % 97))
                point.value = middle + round(_WAVE * swing)
        more = self.points[_MORE]
        if more.value and not self.physics.more_seconds and not more.pinned:
            more.value = 0

    def _write(self, number: int, raw: int) -> None:
        self.executed(number, raw)
        self._take(self.points[number], raw)

    def _take(self, point: SimPoint, raw: int) -> None:
        """Take a value over, with what hangs on it."""
        point.value = raw
        if self.changes is not None:
            self.changes.rebase(point, self._now)
        if point.id == _MORE:
            self.physics.more_seconds = _MORE_HOT_WATER_SECONDS if raw == _ONE_TIME else 0.0
        elif point.id == _DEGREE_MINUTES:
            self.physics.degree_minutes = point.physical
        elif point.id == _AWAY_SWITCH:
            self.smart_mode = _AWAY if raw else _NORMAL

    def _apply_rules(self) -> None:
        """Let settings make points appear and disappear some time later."""
        mode = self.points[_MODE]
        self.points[_MODE_MIRROR].value = mode.value
        wanted = {
            When.MANUAL: mode.value == _MANUAL,
            When.SG_API: self.points[_SG_SWITCH].value != 0,
            When.AWAY: self.smart_mode == _AWAY,
        }
        for rule, shown in wanted.items():
            if self._rules[rule] is shown:
                continue
            self._rules[rule] = shown
            delay = self.appear_seconds if shown else self.vanish_seconds
            self._at(delay, partial(self._switch, rule))

    def _switch(self, rule: When) -> None:
        """Let points follow their rule; it may have changed again meanwhile."""
        for point in self.points.values():
            if point.when is rule:
                point.active = self._rules[rule]
