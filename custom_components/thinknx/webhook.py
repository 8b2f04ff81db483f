"""The webhook by which the server's project may say that something has changed.

Nothing that it says is believed: it only brings a read forward, of devices that are known.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs
from aiohttp.web import Request, Response

from homeassistant.components import webhook
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import CONF_GUID, CONF_WEBHOOK, DOMAIN, EVENT_POKE, LOGGER

if TYPE_CHECKING:
    from .coordinator import ThinknxConfigEntry, ThinknxCoordinator

PER_SECOND: Final = 5.0
BURST: Final = 5.0
MOST_GUIDS: Final = 20  # in a call


class Pokes:
    """Lets some calls a second through."""

    def __init__(self, coordinator: ThinknxCoordinator) -> None:
        """Start with a full bucket."""
        self._coordinator = coordinator
        self._left = BURST
        self._at = 0.0

    async def handle(self, hass: HomeAssistant, webhook_id: str, request: Request) -> Response:
        """Take a call; what is wrong with it is nobody's business."""
        guids = request.query.getall(CONF_GUID, [])
        if request.method == hdrs.METH_POST and request.content_length:
            if request.content_length > 4096:
                return Response(status=413)
            try:
                form = await request.post()
            except Exception as err:  # noqa: BLE001  what a stranger writes is no bug of ours
                LOGGER.debug("Call dropped: %s", type(err).__name__)
                return Response(status=HTTPStatus.BAD_REQUEST)
            guids += [str(guid) for guid in form.getall(CONF_GUID, [])]
        for guid in guids[:MOST_GUIDS]:
            self._take(hass, guid.replace(" ", "+"))
        return Response()

    @callback
    def _take(self, hass: HomeAssistant, guid: str) -> None:
        device = self._coordinator.by_guid(guid)
        if device is None:
            return
        now = hass.loop.time()
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left < 1:
            return
        self._left -= 1
        self._coordinator.scheduler.read_soon((guid, it) for it in device.device.aspects)
        entry_id = self._coordinator.config_entry.entry_id
        registered = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, guid), entry_id)
        hass.bus.async_fire(
            EVENT_POKE,
            {
                ATTR_NAME: device.device.name,
                ATTR_DEVICE_ID: registered.id if registered else None,
                CONF_GUID: guid,
            },
        )


@callback
def async_adopt_webhook(
    hass: HomeAssistant, entry: ThinknxConfigEntry, *, loaded: bool = True
) -> None:
    """Listen at the webhook if the options want that and the entry is loaded, else do not."""
    coordinator = entry.runtime_data
    wanted = loaded and bool(entry.options.get(CONF_WEBHOOK, False))
    if wanted is coordinator.listens:
        return
    webhook_id = entry.data[CONF_WEBHOOK_ID]
    if wanted:
        webhook.async_register(
            hass,
            DOMAIN,
            entry.title,
            webhook_id,
            Pokes(coordinator).handle,
            local_only=True,
            allowed_methods=[hdrs.METH_GET, hdrs.METH_POST],
        )
    else:
        webhook.async_unregister(hass, webhook_id)
    coordinator.listens = wanted
