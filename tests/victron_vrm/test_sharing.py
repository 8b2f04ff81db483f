"""Two accounts that see the same site."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulators.victron_vrm import VrmSimulator

from .common import DOMAIN, House, make_entry
from .recording import HOUR, compiled, hours, wrong_hours
from .test_history import DAY, begun, only, sensor

type Start = Callable[..., Awaitable[House]]

INSTALLER = 77


@pytest.fixture
def kinds() -> list[str]:
    """Have the account see one site."""
    return ["ess"]


@pytest.fixture
def installer(cloud: VrmSimulator) -> Iterator[MockConfigEntry]:
    """Return the entry of an account that sees the sites of the owner's, too."""
    account = type(cloud.owner)(INSTALLER, "installer@example.com", "Installer", "pw")
    cloud._add_account(account)
    token = cloud.vault.add_token(account, "Home Assistant", cloud.now).secret
    sites = [site for site in cloud.sites.values() if site.owner_id == cloud.owner.id]
    by_id = {site.id: site for site in sites}
    with (
        patch.object(cloud, "sites_of", lambda _: sites),
        patch.object(cloud, "site_for", lambda call: by_id[int(call.path["site"])]),
    ):
        yield MockConfigEntry(
            domain=DOMAIN,
            unique_id=str(INSTALLER),
            title="Victron VRM (Installer)",
            data={"token": token, "user_id": INSTALLER},
            options={"history": True},
        )


def served(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    """Return how many entities an entry has."""
    return len(er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id))


async def test_one_of_them_serves(
    recorder_mock: Any,
    hass: HomeAssistant,
    cloud: VrmSimulator,
    start: Start,
    installer: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The first one goes on as if it were alone: entities and history are not there twice."""
    site = cloud.site("ess")
    site.created = int(cloud.now) // HOUR * HOUR - 40 * DAY
    house = await start(make_entry(cloud, {"history": True}))
    own = served(hass, house.entry)
    await start(installer)
    only(house, "solar")
    await compiled(hass)
    for _ in range(100):
        await house.live(600)  # two accounts wait for the same clock, but not for the recorder
        await async_wait_recording_done(hass)
        if begun(house, site) and house.state("history").state == "100.0":
            break
    assert served(hass, house.entry) >= own > 20
    assert served(hass, installer) == 0
    assert "another account that is set up here shows House by the canal" in caplog.text
    assert "unique ID" not in caplog.text
    found = await hours(hass, sensor(house, "solar"))
    assert len(found) > 900
    assert wrong_hours(site, "solar", found[1:]) == []


async def test_the_other_takes_over(
    hass: HomeAssistant, cloud: VrmSimulator, start: Start, installer: MockConfigEntry
) -> None:
    """When the first account is removed, the other one shows its sites, without a reload."""
    house = await start()
    other = await start(installer)
    assert await hass.config_entries.async_remove(house.entry.entry_id)
    assert served(hass, installer) == 0
    await other.live(700)
    assert served(hass, installer) > 20
    assert float(other.state("bs").state) > 0


async def test_after_a_restart(
    hass: HomeAssistant, cloud: VrmSimulator, start: Start, installer: MockConfigEntry
) -> None:
    """The account that had a site has it again, also if the other one is there first."""
    house = await start()
    await start(installer)
    for entry in (installer, house.entry):
        assert await hass.config_entries.async_unload(entry.entry_id)
    for entry in (installer, house.entry):
        assert await hass.config_entries.async_setup(entry.entry_id)
    await house.live(700)
    assert served(hass, installer) == 0
    assert float(house.state("bs").state) > 0
