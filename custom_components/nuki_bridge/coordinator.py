"""Coordinators: the locks' states every minute, the bridge itself every ten."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import NukiBridgeClient
from .const import (
    BRIDGE_INTERVAL,
    CLOCK_TOLERANCE,
    CONF_OPEN_ONLY_UNLOCKED,
    CONF_POLL_INTERVAL,
    DEFAULT_POLL_INTERVAL,
    DOMAIN,
    LOGGER,
    POLL_WITHOUT_CALLBACKS,
)
from .errors import NukiError
from .events import fire_event, ring_signal
from .models import MOVING, Action, BridgeInfo, CallbackBody, NukiDevice, State
from .movement import ACTIONS, FOLLOW_UPS, UNLOCKED, Movement
from .repairs import async_report_clock
from .rings import Rings
from .translate import ErrorTranslator
from .webhook import CallbackKeeper

CONFIRM_AFTER = 2.0  # seconds from a callback to the read that confirms it

# The context of listeners whom no single device concerns, only whether the bridge answers.
AVAILABILITY = "availability"

type NukiConfigEntry = ConfigEntry[NukiData]


@dataclass(slots=True)
class NukiData:
    """What an entry keeps while it is loaded."""

    client: NukiBridgeClient
    bridge: BridgeCoordinator
    locks: LockCoordinator
    callbacks: CallbackKeeper


class BridgeCoordinator(DataUpdateCoordinator[BridgeInfo]):
    """The bridge itself: identity, clock, versions, signals."""

    config_entry: NukiConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: NukiConfigEntry, client: NukiBridgeClient
    ) -> None:
        """Ask every ten minutes."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name="bridge",
            update_interval=BRIDGE_INTERVAL,
        )
        self.client = client
        self.errors = ErrorTranslator(hass, entry, client)
        self.device_id = ""  # in the device registry; set once it stands there

    @override
    async def _async_update_data(self) -> BridgeInfo:
        with self.errors.poll():
            info = self.errors.info = await self.client.info()
        offset = self.client.clock_offset
        async_report_clock(
            self.hass, self.config_entry, offset if abs(offset) > CLOCK_TOLERANCE else None
        )
        return info


class LockCoordinator(DataUpdateCoordinator[Mapping[int, NukiDevice]]):
    """All devices of a bridge: polls, callbacks and commands meet here.

    Data is replaced as a whole and never changed in place. Only entities of a device that changed
    are woken: they listen with their Nuki id as context.
    """

    config_entry: NukiConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: NukiConfigEntry,
        client: NukiBridgeClient,
        bridge: BridgeCoordinator,
    ) -> None:
        """Start without callbacks; they shorten nothing until they are known to work."""
        self._wished_interval = timedelta(
            seconds=entry.options.get(CONF_POLL_INTERVAL, DEFAULT_POLL_INTERVAL)
        )
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name="locks",
            update_interval=min(self._wished_interval, POLL_WITHOUT_CALLBACKS),
        )
        self.client = client
        self.bridge = bridge
        self.added: set[str] = set()  # unique ids of entities made
        self._movements: dict[int, Movement] = {}
        self._callback_count: dict[int, int] = {}
        self._announced: set[int] = set()
        self._unreported: set[int] = set()
        self._polls_in_movement: dict[int, int] = {}
        self._rings = Rings()
        self._shown: dict[int, tuple[NukiDevice, State | None]] = {}
        self._shown_success = True
        self._cancel_confirm: CALLBACK_TYPE | None = None

    # Reading

    @override
    async def _async_update_data(self) -> Mapping[int, NukiDevice]:
        was_reachable = self.last_update_success
        with self.bridge.errors.poll():
            devices = await self._fetch()
        if not was_reachable:
            # It may have restarted, and lost its callbacks and its clock.
            self._in_background(self.bridge.async_refresh())
        self._count_missed_callbacks()
        self._free_stuck(devices)
        return devices

    async def _fetch(self) -> dict[int, NukiDevice]:
        """Read all devices; what a callback told meanwhile is newer than the answer."""
        before = dict(self._callback_count)
        devices = await self.client.devices()
        for nuki_id, device in devices.items():
            if self._callback_count.get(nuki_id, 0) != before.get(nuki_id, 0):
                devices[nuki_id] = replace(device, last=self.data[nuki_id].last)
        for device in devices.values():
            self._take_in(device, by_callback=False)
        return devices

    async def _async_read_again(self, _now: datetime | None = None) -> None:
        """Read between two polls; should it fail, the next poll will say so."""
        try:
            self.data = await self._fetch()
        except NukiError as err:
            LOGGER.debug("Read between polls failed: %s", type(err).__name__)
            return
        self.async_update_listeners()

    async def _async_confirm(self, now: datetime) -> None:
        self._cancel_confirm = None
        await self._async_read_again(now)

    @callback
    def async_confirm_soon(self) -> None:
        """Have one read confirm whatever callbacks tell within the next two seconds."""
        if self._cancel_confirm is None and not self._shutdown_requested:
            self._cancel_confirm = async_call_later(self.hass, CONFIRM_AFTER, self._async_confirm)

    def _free_stuck(self, devices: Mapping[int, NukiDevice]) -> None:
        """Ask a lock itself, once, if the bridge has it moving for two polls on end."""
        for nuki_id, device in devices.items():
            if device.state not in MOVING or nuki_id in self._movements:
                self._polls_in_movement.pop(nuki_id, None)
                continue
            polls = self._polls_in_movement[nuki_id] = self._polls_in_movement.get(nuki_id, 0) + 1
            if polls == 2:
                self._in_background(self._async_ask_stuck(nuki_id))

    async def _async_ask_stuck(self, nuki_id: int) -> None:
        try:
            await self._async_ask(nuki_id)
        except NukiError as err:
            LOGGER.debug("A lock that seems stuck did not answer: %s", type(err).__name__)

    async def _async_ask(self, nuki_id: int) -> None:
        """Ask a device itself and take in its answer."""
        news = await self.client.lock_state(self.data[nuki_id])
        if device := self.data.get(nuki_id):
            device = replace(device, last=device.last.merged(news))
            self._take_in(device, by_callback=True)
            self.data = {**self.data, nuki_id: device}
            self.async_update_listeners()

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        self.config_entry.async_create_background_task(self.hass, work, "nuki_bridge")

    # Callbacks

    @callback
    def async_apply_callback(self, body: CallbackBody) -> None:
        """Apply a callback that came from the bridge's own address."""
        device = self.data[body.nuki_id]
        device = replace(device, last=device.last.merged(body.news))
        self._callback_count[body.nuki_id] = self._callback_count.get(body.nuki_id, 0) + 1
        self._unreported.discard(body.nuki_id)
        self._take_in(device, by_callback=True)
        self.data = {**self.data, body.nuki_id: device}
        self.async_update_listeners()
        self.async_confirm_soon()

    @callback
    def async_announce(self, nuki_id: int) -> None:
        """Note a callback that is not believed: what is read of it was not kept from us."""
        self._announced.add(nuki_id)
        self._unreported.discard(nuki_id)

    def _count_missed_callbacks(self) -> None:
        """Tell the keeper of changes, seen since the last poll, that no callback told."""
        missed, self._unreported, self._announced = self._unreported, set(), set()
        if missed:
            self.config_entry.runtime_data.callbacks.async_missed()

    @callback
    def async_set_callbacks_work(self, work: bool) -> None:
        """Poll as often as wished with callbacks, and twice a minute at least without."""
        interval = self._wished_interval
        self.update_interval = interval if work else min(interval, POLL_WITHOUT_CALLBACKS)

    # What a new state means

    def _take_in(self, device: NukiDevice, *, by_callback: bool) -> None:
        """Note what a device's new state ends or begins, before it becomes data."""
        known = self.data.get(device.nuki_id) if self.data else None
        if kind := self._rings.heard(known, device, self.client.bridge_time):
            signal = ring_signal(self.config_entry, device.nuki_id)
            async_dispatcher_send(self.hass, signal, kind)
            fire_event(self.hass, self.config_entry, device, kind)
        movement = self._movements.get(device.nuki_id)
        if movement and movement.is_over(device.state, by_callback=by_callback):
            self._end_movement(device.nuki_id)
        if known is None:
            return
        pairs = (known.state, device.state), (known.last.door, device.last.door)
        # Not to know is no news that a callback could have told.
        changed = any(old != new for old, new in pairs if None not in {old, new})
        silent = not by_callback and device.nuki_id not in self._announced
        if silent and changed and device.state not in MOVING:
            self._unreported.add(device.nuki_id)
        if device.state is State.MOTOR_BLOCKED and known.state is not State.MOTOR_BLOCKED:
            fire_event(self.hass, self.config_entry, device, "jammed")
        if (known.name, known.firmware_version) != (device.name, device.firmware_version):
            self._update_registry(device)

    def _update_registry(self, device: NukiDevice) -> None:
        registry = dr.async_get(self.hass)
        if registered := registry.async_get_device_by_identifier(
            (DOMAIN, device.hex_id), self.config_entry.entry_id
        ):
            registry.async_update_device(
                registered.id, name=device.label, sw_version=device.firmware_version
            )

    # Commands

    def state(self, nuki_id: int) -> State | None:
        """Return the state to show: a movement that was asked for, else what the bridge says."""
        if movement := self._movements.get(nuki_id):
            return ACTIONS[movement.action].shown
        return self.data[nuki_id].state

    async def async_act(self, nuki_id: int, action: Action) -> None:
        """Send an action; return when the bridge has accepted it.

        Until the device reports, its movement is shown, for 30 s at most. A second tap while it
        is under way joins the first, within ten seconds.

        Raises:
            ServiceValidationError: the option forbids to open while locked.
            HomeAssistantError: translated; says what happened.
        """
        device = self.data[nuki_id]
        if (
            self.config_entry.options.get(CONF_OPEN_ONLY_UNLOCKED)
            and ACTIONS[action].opens_lock
            and not {device.state, self.state(nuki_id)} <= UNLOCKED
        ):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="open_only_unlocked",
                translation_placeholders={"name": device.label},
            )
        before = self._movements.get(nuki_id)
        if before and before.joins(action, self.hass.loop.time()):
            return
        movement = Movement(action, device.state)
        self._end_movement(nuki_id)
        self._movements[nuki_id] = movement
        self.async_update_listeners()
        try:
            with self.bridge.errors.command(device):
                await self.client.lock_action(device, action)
        except asyncio.CancelledError:
            # Whoever waited has given up; the action is on its way all the same.
            self._accept(nuki_id, movement)
            raise
        except BaseException:
            if self._movements.get(nuki_id) is movement:
                self._end_movement(nuki_id)
                if before and before.accepted_at is not None:
                    # A lock on its way refuses another wish, and goes on.
                    self._movements[nuki_id] = before
                    self._follow_up(nuki_id, before, 0)
                self.async_update_listeners()
            self.async_confirm_soon()
            raise
        self._accept(nuki_id, movement)

    def _accept(self, nuki_id: int, movement: Movement) -> None:
        movement.accepted_at = self.hass.loop.time()
        if self._movements.get(nuki_id) is movement:
            self._follow_up(nuki_id, movement, 0)

    def _end_movement(self, nuki_id: int) -> None:
        if (movement := self._movements.pop(nuki_id, None)) and movement.cancel_follow_up:
            movement.cancel_follow_up()

    def _follow_up(self, nuki_id: int, movement: Movement, step: int) -> None:
        """Read a few times within 30 s, then believe what the bridge says."""

        async def read(_now: datetime) -> None:
            movement.cancel_follow_up = None
            await self._async_read_again()
            if self._movements.get(nuki_id) is not movement:
                return
            if step + 1 < len(FOLLOW_UPS):
                self._follow_up(nuki_id, movement, step + 1)
                return
            self._end_movement(nuki_id)
            LOGGER.warning(
                "%s has not reported the end of %s within 30 seconds; it is %s",
                self.data[nuki_id].label if nuki_id in self.data else nuki_id,
                movement.action.name.lower(),
                self.data[nuki_id].state if nuki_id in self.data else "gone",
            )
            self.async_update_listeners()

        movement.cancel_follow_up = async_call_later(self.hass, FOLLOW_UPS[step], read)

    async def async_read_lock(self, nuki_id: int) -> None:
        """Ask a device itself, which costs its battery.

        Raises:
            HomeAssistantError: translated; says what happened.
        """
        with self.bridge.errors.command(self.data[nuki_id]):
            await self._async_ask(nuki_id)

    @override
    async def async_shutdown(self) -> None:
        """Forget movements and pending reads."""
        for nuki_id in list(self._movements):
            self._end_movement(nuki_id)
        if self._cancel_confirm:
            self._cancel_confirm()
            self._cancel_confirm = None
        await super().async_shutdown()

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Wake those who listen to a device that changed, and those who listen to all."""
        devices = self.data or {}  # none before the first success
        shown = {nuki_id: (device, self.state(nuki_id)) for nuki_id, device in devices.items()}
        changed = {
            nuki_id
            for nuki_id in shown.keys() | self._shown.keys()
            if shown.get(nuki_id) != self._shown.get(nuki_id)
        }
        everybody = self.last_update_success is not self._shown_success
        self._shown, self._shown_success = shown, self.last_update_success
        for update, context in list(self._listeners.values()):
            if everybody or context is None or context in changed:
                try:
                    update()
                except Exception:  # noqa: BLE001  one broken entity must not stop the others
                    LOGGER.exception("An entity could not be updated")
