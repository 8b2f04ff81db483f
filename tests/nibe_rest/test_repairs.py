"""Issues, and what mends them; the ones about certificates and writes stand beside those."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from string import Formatter

import pytest

from custom_components.nibe_rest.repairs import IssueKind, async_create_fix_flow, async_report
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from simulators.nibe_rest import NibeSimulator

from .common import DOMAIN, House, make_entry
from .dialog import found, issues

TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / DOMAIN / "translations"


async def test_none_at_first(house: House) -> None:
    """Nobody is bothered while all is well."""
    await house.poll()
    assert issues(house.hass) == []


@pytest.mark.parametrize("data", [None, {"entry_id": "gone"}])
async def test_no_dialog_without_an_entry(hass: HomeAssistant, data: dict[str, str] | None) -> None:
    """An issue that outlived its entry starts no dialog."""
    with pytest.raises(ValueError):
        await async_create_fix_flow(hass, "certificate_changed_gone", data)


@pytest.mark.parametrize("kind", IssueKind)
async def test_words(house: House, kind: IssueKind) -> None:
    """Each issue has words, and all that these words want to know."""
    async_report(house.hass, house.entry, kind, present=True, detail="more")
    (issue,) = found(house.hass)
    texts = json.loads((TRANSLATIONS / "en.json").read_text())["issues"][kind]
    assert ("fix_flow" in texts) is issue.is_fixable
    wanted = {name for _, name, *_ in Formatter().parse(texts.get("description", "")) if name}
    assert issue.translation_placeholders
    assert wanted <= issue.translation_placeholders.keys()
    async_report(house.hass, house.entry, kind, present=False)
    assert issues(house.hass) == []


@pytest.mark.parametrize("kind", IssueKind)
async def test_end_with_a_disabled_entry(house: House, kind: IssueKind) -> None:
    """Nobody is asked to mend what is switched off."""
    async_report(house.hass, house.entry, kind, present=True)
    await house.hass.config_entries.async_set_disabled_by(
        house.entry.entry_id, ConfigEntryDisabler.USER
    )
    assert issues(house.hass) == []


async def test_removal_of_an_entry_that_waits(
    start: Callable[..., Awaitable[House]], pump: NibeSimulator
) -> None:
    """The same for an entry that never came up."""
    entry = make_entry(pump)
    pump.renew_certificate()
    house = await start(entry)
    assert entry.state.value == "setup_retry"
    await house.hass.config_entries.async_remove(entry.entry_id)
    assert issues(house.hass) == []


async def test_each_pump_has_its_own(
    start: Callable[..., Awaitable[House]], house: House, pump: NibeSimulator
) -> None:
    """An issue of one heat pump ends without touching another one's."""
    async with NibeSimulator(profile="vvm-s320", clock=pump.clock, write_delay=0) as other:
        other.devices[0].serial = "00000000000001"
        second = await start(make_entry(other))
        for one in (house, second):
            async_report(house.hass, one.entry, IssueKind.API_READ_ONLY, present=True)
        assert issues(house.hass) == ["api_read_only"] * 2
        await house.hass.config_entries.async_unload(second.entry.entry_id)
        (issue,) = found(house.hass)
        assert issue.issue_id == f"api_read_only_{house.entry.entry_id}"
