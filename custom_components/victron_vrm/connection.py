"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import VrmClient
from .budget import Budget, budget_of
from .const import API_URL, CONF_DEMO, CONF_USER_ID
from .demo_account import demo_client


async def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> VrmClient:
    """Return a client for an entry's data, which shares the account's budget."""
    session = async_get_clientsession(hass)
    if data.get(CONF_DEMO):
        return await hass.async_add_executor_job(demo_client, session)
    return VrmClient(session, API_URL, data[CONF_TOKEN], budget_of(data[CONF_USER_ID]))


def client_to_try(hass: HomeAssistant, token: str) -> VrmClient:
    """Return a client for a token of which nobody knows yet whose it is."""
    return VrmClient(async_get_clientsession(hass), API_URL, token, Budget())
