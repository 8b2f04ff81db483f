"""The coordinator of one device, so that a lamp that changes wakes one lamp."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .const import LOGGER
from .devices import Device
from .endpoints import ORDERS, Aspect, Command
from .errors import ThinknxNoDeviceError
from .translate import command as command_errors
from .values import Reading, Value

if TYPE_CHECKING:
    from .coordinator import ThinknxConfigEntry, ThinknxCoordinator

HELD = 6.0  # seconds for which a value that was set is shown before the device confirms it


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is known of a device."""

    values: Mapping[Aspect, Value | None] = field(default_factory=dict)
    as_of: Mapping[Aspect, datetime] = field(default_factory=dict)
    """Of what when the values are that were known before a restart, and not read since."""
    unknown: bool = False  # the server does not know its GUID


class DeviceCoordinator(DataUpdateCoordinator[DeviceState]):
    """One device; it is told what was read, and never asks by itself.

    Entities listen with the aspects that they show: only those are read.
    """

    config_entry: ThinknxConfigEntry

    def __init__(self, server: ThinknxCoordinator, device: Device) -> None:
        """Know nothing of the device yet."""
        super().__init__(
            server.hass,
            LOGGER,
            config_entry=server.config_entry,
            name=device.name,
            update_interval=None,
            always_update=False,
        )
        self.server = server
        self.device = device
        self.data = DeviceState()
        self.odd: dict[Aspect, str] = {}
        """What made no sense when it was read last."""
        self.on_read: Callable[[Aspect, Value | None], None] | None = None
        """Who wants to hear of each value that is read, be it another or not."""
        self._confirmed: dict[Aspect, Value | None] = {}
        self._held: dict[Aspect, CALLBACK_TYPE] = {}
        self._warned: set[Aspect] = set()

    @property
    def aspects(self) -> set[Aspect]:
        """What enabled entities show, of what the device has."""
        return set().union(*self.async_contexts()) & self.device.aspects

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> Callable[[], None]:
        """Listen to the aspects that the context names, and have them read."""
        remove = super().async_add_listener(update_callback, context)
        self.server.async_wants_changed()

        @callback
        def remove_listener() -> None:
            remove()
            self.server.async_wants_changed()

        return remove_listener

    @callback
    def async_read_soon(self, aspects: Iterable[Aspect]) -> None:
        """Have some values read before those of others."""
        self.server.scheduler.read_soon((self.device.guid, aspect) for aspect in aspects)

    # What was read

    @callback
    def async_told(self, aspect: Aspect, reading: Reading) -> None:
        """Take in a value that the device shows; one that was just set waits for its own."""
        value = reading.value
        self._note_odd(aspect, reading)
        self._confirmed[aspect] = value
        if self.on_read:
            self.on_read(aspect, value)
        if aspect in self._held and value != self.data.values.get(aspect):
            return
        self._release(aspect)
        self._show({aspect: value})

    def _note_odd(self, aspect: Aspect, reading: Reading) -> None:
        if not reading.odd:
            self.odd.pop(aspect, None)
            return
        self.odd[aspect] = reading.raw
        if aspect not in self._warned:
            self._warned.add(aspect)
            LOGGER.warning(
                "%s shows a value for %s that makes no sense: %r", self.name, aspect, reading.raw
            )

    @callback
    def async_lost(self, aspect: Aspect) -> None:
        """Take note that a value cannot be read any more."""
        self._confirmed[aspect] = None
        if aspect not in self._held:
            self._show({aspect: None})

    @callback
    def async_remember(self, values: Mapping[Aspect, Value], as_of: datetime) -> None:
        """Show what was known before a restart, of what has not been read yet."""
        missing = {aspect: it for aspect, it in values.items() if aspect not in self.data.values}
        if missing:
            self.data = replace(
                self.data,
                values={**self.data.values, **missing},
                as_of={**self.data.as_of, **dict.fromkeys(missing, as_of)},
            )

    @callback
    def async_set_unknown(self, *, unknown: bool) -> None:
        """Note whether the server knows the device."""
        if self.data.unknown is not unknown:
            self.async_set_updated_data(replace(self.data, unknown=unknown))

    # Commands

    async def async_command(
        self, command: Command, value: float, also: Mapping[Aspect, Value] | None = None
    ) -> bool:
        """Tell the device something; show what was set until it confirms it, or some seconds.

        Args:
            command: what to do.
            value: in the range of the command.
            also: what else will change with it.

        Returns:
            False if it was stopped before, or while, it was told.

        Raises:
            HomeAssistantError: translated; says what happened.
        """
        order = ORDERS[command]
        for aspect in {order.aspect, *(also or {})}:
            self._release(aspect)  # what was wished before is of no interest any more
        with command_errors(self.device.name):
            try:
                confirmed = await self.server.scheduler.command(self.device.guid, command, value)
            except ThinknxNoDeviceError:
                self.server.async_note_known(self.device, known=False)
                raise
        if confirmed is None:
            return False
        self.server.async_note_known(self.device, known=True)
        # What takes a while to get there, a blind, is shown where it is.
        shown = dict(also or {})
        if order.aspect and order.feedback and not confirmed:
            shown[order.aspect] = value
        for aspect, it in shown.items():
            if self._confirmed.get(aspect) == it:
                self._show({aspect: it})
            else:
                self._hold(aspect, it)
        return True

    def _hold(self, aspect: Aspect, value: Value) -> None:
        self._release(aspect)

        @callback
        def give_up(_now: object) -> None:
            self._held.pop(aspect, None)
            self._show({aspect: self._confirmed.get(aspect)})

        self._held[aspect] = async_call_later(self.hass, HELD, give_up)
        self._show({aspect: value})

    def _release(self, aspect: Aspect | None) -> None:
        if aspect and (cancel := self._held.pop(aspect, None)):
            cancel()

    def _show(self, values: Mapping[Aspect, Value | None]) -> None:
        """Tell the entities, if there is anything to tell."""
        data = replace(
            self.data,
            values={**self.data.values, **values},
            as_of={aspect: it for aspect, it in self.data.as_of.items() if aspect not in values},
        )
        if data != self.data:
            self.async_set_updated_data(data)

    @override
    async def async_shutdown(self) -> None:
        """Forget what was held."""
        for aspect in list(self._held):
            self._release(aspect)
        await super().async_shutdown()
