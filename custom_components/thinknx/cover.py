"""Covers: blinds, shutters, awnings and their slats.

KNX counts 0 as up and 100 as down, Home Assistant 0 as closed and 100 as open.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    ATTR_TILT_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .coordinator import ThinknxConfigEntry
from .device_coordinator import DeviceCoordinator
from .devices import (
    CONF_DEVICE_CLASS,
    CONF_INVERT_POSITION,
    CONF_INVERT_STEP,
    CONF_INVERT_TILT,
    CONF_TILT_STEPS,
)
from .endpoints import Aspect, Command, Kind
from .entity import ThinknxEntity
from .values import Value

# The scheduler queues commands itself.
PARALLEL_UPDATES = 0

UP: Final = 0
DOWN: Final = 1
CLOCKWISE: Final = 0
COUNTER_CLOCKWISE: Final = 1
LONGEST_MOVE: Final = 120.0  # seconds


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThinknxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a cover for each device that is one."""
    entry.runtime_data.async_add_platform(Platform.COVER, async_add_entities, _covers)


def _covers(coordinator: DeviceCoordinator) -> Iterable[Entity]:
    if coordinator.device.kind is Kind.COVER:
        yield ThinknxCover(coordinator)


class ThinknxCover(ThinknxEntity, CoverEntity):
    """A blind; that it moves is known only of moves that were asked for here."""

    _attr_name = None

    def __init__(self, coordinator: DeviceCoordinator) -> None:
        """Offer what the device can do, the way round that the user says."""
        super().__init__(coordinator, "cover", frozenset({Aspect.HEIGHT, Aspect.ANGLE}))
        device = coordinator.device
        self._inverted = device.option(CONF_INVERT_POSITION, False)
        self._tilt_inverted = device.option(CONF_INVERT_TILT, False)
        self._step_inverted = device.option(CONF_INVERT_STEP, False)
        if device_class := device.options.get(CONF_DEVICE_CLASS):
            self._attr_device_class = CoverDeviceClass(device_class)
        features = CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP
        if self.has(Aspect.HEIGHT):
            features |= CoverEntityFeature.SET_POSITION
        steps = device.option(CONF_TILT_STEPS, False)
        if steps and not self.has(Aspect.ANGLE):
            features |= CoverEntityFeature.OPEN_TILT | CoverEntityFeature.CLOSE_TILT
        if self.has(Aspect.ANGLE):
            features |= (
                CoverEntityFeature.OPEN_TILT
                | CoverEntityFeature.CLOSE_TILT
                | CoverEntityFeature.STOP_TILT
                | CoverEntityFeature.SET_TILT_POSITION
            )
        self._attr_supported_features = features
        self._attr_assumed_state = not self.has(Aspect.HEIGHT)
        self._target: float | None = None
        self._opening: bool | None = None
        self._last_seen: float | None = None
        self._cancel: CALLBACK_TYPE | None = None

    # What is shown

    @property
    @override
    def current_cover_position(self) -> int | None:
        """How far it is open."""
        return _percent(self.number(Aspect.HEIGHT), as_it_is=self._inverted)

    @property
    @override
    def current_cover_tilt_position(self) -> int | None:
        """How far the slats are open."""
        return _percent(self.number(Aspect.ANGLE), as_it_is=self._tilt_inverted)

    @property
    @override
    def is_closed(self) -> bool | None:
        """Whether it is closed; nobody knows of one without a position."""
        position = self.current_cover_position
        return None if position is None else position == 0

    @property
    @override
    def is_opening(self) -> bool:
        """Whether it was asked to open, and has not arrived."""
        return self._opening is True

    @property
    @override
    def is_closing(self) -> bool:
        """Whether it was asked to close, and has not arrived."""
        return self._opening is False

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of each height, for two that are equal end a movement."""
        await super().async_added_to_hass()
        self.coordinator.on_read = self._async_read

    @callback
    def _async_read(self, aspect: Aspect, value: Value | None) -> None:
        if aspect is not Aspect.HEIGHT or self._opening is None or value is None:
            return
        arrived = value in {self._target, self._last_seen}
        self._last_seen = float(value)
        if arrived:
            self._arrived()
            self.async_write_ha_state()

    # Movements

    def _begin(self, *, opening: bool, target: float | None) -> None:
        self._arrived()
        self._opening, self._target = opening, target

        @callback
        def give_up(_now: datetime) -> None:
            self._arrived()
            self.async_write_ha_state()

        self._cancel = async_call_later(self.hass, LONGEST_MOVE, give_up)
        self.async_write_ha_state()

    @callback
    def _arrived(self) -> None:
        self._opening = self._target = self._last_seen = None
        if self._cancel:
            self._cancel()
            self._cancel = None

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Wait for nothing any more."""
        self._arrived()
        self.coordinator.on_read = None
        await super().async_will_remove_from_hass()

    async def _move(self, *, opening: bool) -> None:
        up = opening is not self._inverted
        if await self.coordinator.async_command(Command.UPDOWN, UP if up else DOWN):
            self._begin(opening=opening, target=0.0 if up else 100.0)

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open it."""
        await self._move(opening=True)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close it."""
        await self._move(opening=False)

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop it where it is."""
        await self.coordinator.async_command(Command.STOP, 1)
        self._arrived()
        self.async_write_ha_state()

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Move it to a position."""
        wanted: int = kwargs[ATTR_POSITION]
        height = wanted if self._inverted else 100 - wanted
        before = self.current_cover_position
        told = await self.coordinator.async_command(Command.HEIGHT, height)
        if told and before is not None and before != wanted:
            self._begin(opening=wanted > before, target=float(height))

    async def _tilt(self, wanted: int) -> None:
        if not self.has(Aspect.ANGLE):
            clockwise = (wanted > 0) is not self._step_inverted
            step = CLOCKWISE if clockwise else COUNTER_CLOCKWISE
            await self.coordinator.async_command(Command.STEP, step)
            return
        angle = wanted if self._tilt_inverted else 100 - wanted
        await self.coordinator.async_command(Command.ANGLE, angle)

    @override
    async def async_open_cover_tilt(self, **kwargs: Any) -> None:
        """Open the slats."""
        await self._tilt(100)

    @override
    async def async_close_cover_tilt(self, **kwargs: Any) -> None:
        """Close the slats."""
        await self._tilt(0)

    @override
    async def async_set_cover_tilt_position(self, **kwargs: Any) -> None:
        """Turn the slats to a position."""
        await self._tilt(kwargs[ATTR_TILT_POSITION])

    @override
    async def async_stop_cover_tilt(self, **kwargs: Any) -> None:
        """Stop the slats, which stops the blind too."""
        await self.async_stop_cover()


def _percent(raw: float | None, *, as_it_is: bool) -> int | None:
    if raw is None:
        return None
    return round(raw if as_it_is else 100 - raw)
