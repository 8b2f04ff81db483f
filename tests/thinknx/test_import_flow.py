"""Adding many devices at once."""

from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
import json
import logging
from typing import Any
from unittest.mock import patch

import pytest

import custom_components.thinknx as integration
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import InvalidData
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.data_entry_flow import FlowManagerResourceView
from homeassistant.setup import async_setup_component
from simulators.clock import ManualClock

from .common import Home, subentry
from .dialog import NOTES, TEXTS, add_devices, device_of, imported, notes, rows

type Start = Callable[..., Awaitable[Home]]


@pytest.fixture(autouse=True)
def _pauses(clock: ManualClock) -> Iterator[None]:
    """Let pauses between reads take no time but the clock's."""
    with patch("custom_components.thinknx.probe.sleep", clock.advance):
        yield


@pytest.fixture
async def home(start: Start) -> Home:
    """Return a home without devices."""
    return await start()


async def test_addresses(home: Home) -> None:
    """Copied addresses become devices as they are, at once, without a question or a reload."""
    set_up = integration.async_setup_entry
    listener = home.entry.update_listeners[0]
    heard: list[int] = []

    async def listen(hass: HomeAssistant, entry: Any) -> None:
        heard.append(len(entry.subentries))
        await listener(hass, entry)

    home.entry.update_listeners[0] = listen
    for _ in range(70):
        home.server.add_device("light", ["power"])
    urls = home.server.kit_urls(secrets="userinfo")
    guids = {url.partition("guid=")[2].partition("&")[0] for url in urls}
    assert len(guids) > 200
    asked = home.server.stats.requests.total()
    with patch.object(integration, "async_setup_entry", side_effect=set_up) as calls:
        dialog = await imported(home, "\n".join(urls))
        assert {row["note"] for row in rows(dialog)} == {""}
        await dialog.fill(rows=rows(dialog))
        assert dialog.aborted == "imported"
        assert dialog.said == {"added": str(len(guids)), "left_out": "-"}
        assert home.server.stats.requests.total() == asked  # nothing had to be looked at
        await home.settle()
        await home.fire(2)
        await home.settle()
    assert calls.call_count == 0
    assert heard[-1] == len(guids)
    assert {it.unique_id for it in home.entry.subentries.values()} == guids
    found = er.async_entries_for_config_entry(er.async_get(home.hass), home.entry.entry_id)
    assert {it.config_subentry_id for it in found} - {None} == home.entry.subentries.keys()
    assert home.hass.states.get("light.light_1")


async def test_nothing_leaks(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """What lets people into the server is left behind, wherever in the list it stands."""
    caplog.set_level(logging.DEBUG)
    server = home.server
    light, blind = server.kit_urls(secrets="userinfo")[0], server.kit_urls(secrets="query")[-1]
    text = "\n".join(
        (
            f"Lamp | {light}",
            f"{blind} | Blind",
            f"{light.replace(':' + server.password, ':0ther-pass')}",
            "https://data.thinknx.eu/K3Y-OF-THE-CLOUD/api/V1/trigger?guid=cloud-thing",
        )
    )
    dialog = await imported(home, text)
    await dialog.fill(rows=rows(dialog))
    assert dialog.aborted == "imported"
    await home.fire(2)
    kept = f"{dialog.history} {home.entry.subentries} {caplog.text} {home.hass.states.async_all()}"
    for secret in (server.password, "0ther-pass", "K3Y-OF-THE-CLOUD"):
        assert secret not in kept


async def test_form_of_the_frontend(home: Home) -> None:
    """The frontend gets a list of rows that it can show, and may send back as it got it."""
    dialog = await imported(home, f"Lamp | {home.server.kit_urls()[0]}")
    prepared = FlowManagerResourceView(dialog.flows)._prepare_result_json(dialog.shown)
    (field,) = json.loads(json.dumps(prepared))["data_schema"]
    selector = field["selector"]["object"]
    assert selector["multiple"] is True
    assert selector["fields"].keys() == {"include", "title", "kind", "area", "guid", "note"}
    assert selector["fields"]["kind"]["selector"]["select"]["options"][0] == "light"
    assert (selector["label_field"], selector["description_field"]) == ("title", "note")
    words = TEXTS["selector"][selector["translation_key"]]["fields"]
    assert words.keys() == selector["fields"].keys()
    sent = field["description"]["suggested_value"]
    assert dialog.shown["data_schema"]({"rows": sent}) == {"rows": sent}
    with pytest.raises(InvalidData):
        await dialog.fill(rows=[sent[0] | {"password": "x"}])


async def test_notes_in_the_users_language(home: Home) -> None:
    """Notes are words and not keys; nothing is added that has one against it."""
    known = home.server.guids("scene")[0]
    home.add(subentry("scene", known, "Known"))
    light, blind = home.server.guids("light")[0], home.server.guids("blind")[0]
    here = f"http://{home.server.host}:5051/api/V1"
    dialog = await imported(
        home,
        f"{known}\n{light}\nFar | http://10.0.0.9:5051/api/V1/power?guid=far-away\n"
        f"{here}/power?guid={blind}\n{here}/updown?guid={blind}\nhttp://nonsense\nshort",
    )
    told = ["already_configured", "to_be_read", "other_server", "several_kinds"]
    assert notes(dialog) == told
    assert rows(dialog)[0]["note"] == "Set up already"
    assert [row["include"] for row in rows(dialog)] == [False, True, False, False]
    assert [row["title"] for row in rows(dialog)] == ["Device 1", "Device 2", "Far", "Device 4"]
    assert dialog.said == {"count": "4", "unreadable": "6, 7"}


async def test_nothing_to_import(home: Home) -> None:
    """What is no list, or too long, is said; what was pasted is not shown again."""
    dialog = await add_devices(home.hass, home.entry, "import")
    for text, error in (
        ("", "unreadable"),
        ("http://u:s3cret@x/", "unreadable"),
        ("[1", "unreadable"),
        ("#" * 1_000_001, "too_much"),
    ):
        await dialog.fill(text=text)
        assert dialog.errors == {"base": error}
        assert dialog.prefilled == {}
    await dialog.fill(file="00000000000000000000000000000000")
    assert dialog.errors == {"base": "unreadable"}
    await dialog.fill(text=home.server.guids("light")[0])
    assert dialog.step == "review"
    await dialog.fill(rows=[row | {"include": False} for row in rows(dialog)])
    assert dialog.errors == {"base": "nothing_chosen"}


@pytest.mark.parametrize(("size", "step"), [(0, "review"), (1_000_001, "user")])
async def test_file(home: Home, hass_client: Any, size: int, step: str) -> None:
    """A file does as well, up to a size."""
    assert await async_setup_component(home.hass, "file_upload", {})
    client = await hass_client()
    body = f"name,guid,kind\nKüche,{home.server.guids('light')[0]},light\n" + "\n" * size
    answer = await client.post("/api/file_upload", data={"file": BytesIO(body.encode("cp1252"))})
    dialog = await add_devices(home.hass, home.entry, "import")
    await dialog.fill(file=(await answer.json())["file_id"])
    assert dialog.step == step
    if size:
        assert dialog.errors == {"base": "too_much"}
    else:
        assert rows(dialog)[0]["title"] == "Küche"


async def test_rows_that_are_wrong(home: Home) -> None:
    """A row that cannot be added says why; the others wait until it is mended or switched off."""
    server = home.server
    light, blind, scene = (server.guids(kind)[0] for kind in ("light", "blind", "scene"))
    dialog = await imported(home, f"{light}\nunknown-guid\n{scene}\n{blind}\nCinema | {blind}")
    first, unknown, silent, cover = rows(dialog)
    double = cover | {"title": "Twice"}
    nonsense = cover | {"guid": "http://u:s3cret@x/", "title": "Nonsense"}
    await dialog.fill(rows=[first | {"title": " "}, unknown, silent, cover, double, nonsense])
    assert dialog.errors == {"base": "rows_wrong"}
    assert notes(dialog) == [
        "no_name",
        "to_be_read",
        "to_be_read",
        "to_be_read",
        "duplicate",
        "no_guid",
    ]
    assert "s3cret" not in str(dialog.history)
    first, unknown, silent, cover, *_ = rows(dialog)
    await dialog.fill(rows=[first | {"title": "Lamp"}, unknown, silent, cover])
    await dialog.wait()
    assert dialog.errors == {"base": "rows_wrong"}
    assert notes(dialog) == ["", "unknown_guid", "no_kind", ""]
    assert not home.entry.subentries
    first, unknown, silent, cover = rows(dialog)
    assert (first["kind"], cover["kind"], cover["title"]) == ("light", "cover", "Cinema")
    asked = server.stats.requests.total()
    unknown["include"] = False
    await dialog.fill(rows=[first, unknown, silent | {"kind": "scene"}, cover])
    assert dialog.aborted == "imported"
    assert server.stats.requests.total() == asked  # nothing is looked at twice
    assert dialog.said["added"] == "3"
    assert dialog.said["left_out"] == f"- Device 2: {NOTES['unknown_guid']}"
    assert device_of(home.entry, scene).subentry_type == "scene"


async def test_kind_without_anything_to_show(home: Home) -> None:
    """A value that cannot be read is none; a cover that tells nothing is one all the same."""
    scene, mute = home.server.guids("scene")[0], home.server.add_device("blind", []).guid
    dialog = await imported(home, f"name,guid,kind\nA,{scene},analog\nB,{mute},cover")
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    assert notes(dialog) == ["nothing_to_show", ""]
    analog, cover = rows(dialog)
    await dialog.fill(rows=[analog, cover])
    assert notes(dialog) == ["nothing_to_show", ""]
    await dialog.fill(rows=[analog | {"kind": "button"}, cover])
    assert dialog.aborted == "imported"
    kinds = sorted(it.subentry_type for it in home.entry.subentries.values())
    assert kinds == ["button", "cover"]


async def test_changed_rows(home: Home) -> None:
    """Rows can be given another name, area, kind or device, thrown away, and new ones added."""
    lights, scene = home.server.guids("light"), home.server.guids("scene")[0]
    here = f"http://u:s3cret@{home.server.host}:{home.server.port}/api/V1"
    dialog = await imported(
        home,
        "\n".join(f"{here}/power?guid={guid}" for guid in lights[:3])
        + f"\n{here}/power?guid={scene}\n{here}/trigger?guid={scene}",
    )
    first, second, _, several = rows(dialog)
    assert "kind" not in several
    several["include"] = True
    await dialog.fill(rows=[first, second, several])
    assert notes(dialog) == ["", "", "several_kinds"]
    await dialog.fill(
        rows=[
            first | {"title": "Hall \u202elamp", "area": "Hall"},
            second | {"guid": f"{here}/powerstatus?guid={lights[7]}"},
            several | {"kind": "button"},
            {"title": "New", "guid": lights[8], "kind": "light", "include": True},
        ]
    )
    await dialog.wait()
    assert dialog.aborted == "imported"
    devices = {it.unique_id: it for it in home.entry.subentries.values()}
    assert devices.keys() == {lights[0], lights[7], lights[8], scene}
    assert (devices[lights[0]].title, devices[lights[0]].data["area"]) == ("Hall lamp", "Hall")
    assert devices[scene].subentry_type == "button"
    assert devices[lights[8]].data["aspects"]
    assert "s3cret" not in str(dialog.history)


async def test_options_of_rows(home: Home) -> None:
    """Options are taken as the forms would take them; what does not fit is told, not taken."""
    server = home.server
    hvac, room = server.guids("hvac")[0], server.guids("thermostat")[0]
    items = [
        {"name": "Unit", "guid": hvac, "kind": "hvac", "aspects": ["hvacpower"]}
        | {"options": {"temperature_guid": room, "min": 18}},
        {"name": "Room", "guid": room, "kind": "thermostat", "aspects": ["actualtemp"]},
        {"name": "Lamp", "guid": server.guids("light")[0], "kind": "light", "aspects": ["power"]}
        | {"options": {"show_as": "rocket"}},
    ]
    dialog = await imported(home, json.dumps(items))
    assert notes(dialog) == ["bad_options", "", "bad_options"]
    await dialog.fill(rows=[row | {"include": True} for row in rows(dialog)])
    assert dialog.said == {"added": "3", "left_out": f"- Lamp: {NOTES['bad_options']}"}
    assert device_of(home.entry, hvac).data["temperature_guid"] == room
    assert device_of(home.entry, server.guids("light")[0]).data["show_as"] == "light"


async def test_meanwhile(home: Home) -> None:
    """What another dialog has added meanwhile is left out, and said."""
    one, two, three = home.server.guids("scene")[:3]
    text = "name;guid;kind\n" + "".join(f"{it[:4]};{it};scene\n" for it in (one, two, three))
    dialog = await imported(home, text)
    other = await imported(home, text)
    home.add(subentry("scene", two, "Two"))
    await dialog.fill(rows=rows(dialog))
    assert dialog.said == {
        "added": "2",
        "left_out": f"- {two[:4]}: {NOTES['already_configured']}",
    }
    await other.fill(rows=rows(other))
    assert other.errors == {"base": "nothing_chosen"}
    assert notes(other) == ["already_configured"] * 3


async def test_many_left_out(home: Home) -> None:
    """A long list of what was left out has an end."""
    bad = "\n".join("http://nonsense" for _ in range(30))
    dialog = await imported(home, f"{home.server.kit_urls()[0]}\n{bad}")
    assert dialog.said["unreadable"].count(",") == 19
    await dialog.fill(rows=rows(dialog))
    await dialog.wait()
    lines = dialog.said["left_out"].splitlines()
    assert lines[0] == f"- #2: {NOTES['no_guid']}"
    assert (len(lines), lines[-1]) == (21, "- …")
