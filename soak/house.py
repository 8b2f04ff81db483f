"""A Home Assistant that lives in simulated time."""

from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from tempfile import TemporaryDirectory
from unittest.mock import patch

from aiohttp.test_utils import unused_port
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from homeassistant.components.http.config import async_get_and_load_store
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component

from .clock import SimulatedDatetime

ZONE = "Europe/Vienna"

# Modules that ask the class datetime itself for the present.
_ASK_DATETIME = (
    "custom_components.htrest.transport",
    "custom_components.nibe_rest.transport",
    "custom_components.nuki_bridge.transport",
    "custom_components.thinknx.parsing",
    "custom_components.victron_vrm.transport",
)


@asynccontextmanager
async def house() -> AsyncGenerator[HomeAssistant]:
    """Give out a Home Assistant with a web server."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        for module in _ASK_DATETIME:
            stack.enter_context(patch(f"{module}.datetime", SimulatedDatetime))
        async with async_test_home_assistant(
            config_dir=folder, initial_state=CoreState.not_running
        ) as hass:
            # As long as this is there, only Home Assistant's own integrations are found.
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            await hass.config.async_set_time_zone(ZONE)
            port = unused_port()
            web = {"server_host": ["127.0.0.1"], "server_port": port}
            for component, config in (
                ("network", {}),
                ("http", web),
                ("webhook", {}),
                ("repairs", {}),
            ):
                if not await async_setup_component(hass, component, {component: config}):
                    raise SystemExit(f"Home Assistant could not set {component} up")
            # Nobody is there to confirm that Home Assistant can be reached.
            await (await async_get_and_load_store(hass)).async_promote_pending()
            await async_process_ha_core_config(hass, {"internal_url": f"http://127.0.0.1:{port}"})
            await hass.async_start()
            await hass.async_block_till_done()
            yield hass
            await hass.async_stop(force=True)
