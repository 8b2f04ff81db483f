"""Making a client from what an entry or a form says."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from .api import VrmClient
from .budget import Budget
from .const import API_URL, CONF_DEMO, CONF_USER_ID, DOMAIN
from .demo_account import demo_client

_BUDGETS: HassKey[dict[int, Budget]] = HassKey(f"{DOMAIN}_budgets")


@callback
def budget_of(hass: HomeAssistant, user_id: int) -> Budget:
    """Return the bucket of an account: one, whoever asks, and also after a failed setup."""
    budgets = hass.data.setdefault(_BUDGETS, {})
    if user_id not in budgets:
        budgets[user_id] = Budget()
    return budgets[user_id]


async def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> VrmClient:
    """Return a client for an entry's data, which shares the account's budget."""
    session = async_get_clientsession(hass)
    if data.get(CONF_DEMO):
        return await hass.async_add_executor_job(demo_client, session)
    return VrmClient(session, API_URL, data[CONF_TOKEN], budget_of(hass, data[CONF_USER_ID]))


def client_to_try(hass: HomeAssistant, token: str, user_id: int | None) -> VrmClient:
    """Return a client for a new token; whose it is may not be known yet."""
    budget = Budget() if user_id is None else budget_of(hass, user_id)
    return VrmClient(async_get_clientsession(hass), API_URL, token, budget)
