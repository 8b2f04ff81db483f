"""Setting up a server: by its kind, and by an address copied from its page."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.thinknx.address import Address, Connection
from custom_components.thinknx.api import ThinknxClient
from custom_components.thinknx.errors import ThinknxConnectionError
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from simulators.thinknx import Auth, Profile, Spelling, ThinknxSimulator

from .common import make_entry, subentry
from .dialog import add_server


def where(server: ThinknxSimulator) -> dict[str, Any]:
    """Return where the server is, and who may ask it."""
    return {
        "host": server.host,
        "port": server.port,
        "username": server.username,
        "password": server.password,
    }


@contextmanager
def cloud(server: ThinknxSimulator) -> Iterator[None]:
    """Let the vendor's cloud be the server."""
    server.profile = Profile.CLOUD

    def address_of(data: dict[str, Any]) -> Address:
        return Address(Connection.CLOUD, server.host, server.port, key=data["key"])

    with patch("custom_components.thinknx.connection.address_of", address_of):
        yield


async def test_local(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """Host, user and password are enough; digest is found out."""
    dialog = await add_server(hass, "local")
    assert dialog.step == "local"
    await dialog.fill(**where(server))
    entry = dialog.created()
    assert (entry.title, entry.unique_id) == ("Thinknx", f"{server.host}:{server.port}")
    data = dict(entry.data)
    assert len(data.pop("webhook_id")) == 64
    assert data == where(server) | {
        "connection": "local",
        "secure": False,
        "auth": "digest",
        "api_version": "V1",
    }
    assert server.stats.auth_failures == 0


async def test_port_of_the_kit(hass: HomeAssistant) -> None:
    """The usual port stands there already."""
    dialog = await add_server(hass, "local")
    schema = dialog.shown["data_schema"]
    assert schema({"host": "x", "username": "u", "password": "p"})["port"] == 5051


@pytest.mark.parametrize(
    "host",
    [
        "http://127.0.0.1",
        "127.0.0.1/api",
        "service@127.0.0.1",
        "127.0.0.1:5051",
        "127.0.0.1\n",
        "127.0.0.1\r\nX-Header: 1",
        "127.0.0.1\0",
        "thinknx\n",
        "thinknx.\nlocal",
        "300.1.2.3",
        "",
    ],
)
async def test_no_host(hass: HomeAssistant, server: ThinknxSimulator, host: str) -> None:
    """What is no host is refused before anything is asked, and said at its field."""
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server) | {"host": host})
    assert dialog.errors == {"host": "invalid_host"}
    assert server.stats.requests.total() == 0
    await dialog.fill(**where(server) | {"host": f" {server.host} "})
    assert dialog.created().data["host"] == server.host


@pytest.mark.parametrize("host", ["::1", "[::1]"])
async def test_ipv6(hass: HomeAssistant, server: ThinknxSimulator, host: str) -> None:
    """An address of version 6 is taken, with brackets or without; nobody listens there."""
    dialog = await add_server(hass, "local")
    lost = ThinknxConnectionError()
    with patch.object(ThinknxClient, "server_status", autospec=True, side_effect=lost) as asked:
        await dialog.fill(**where(server) | {"host": host})
    assert dialog.errors == {"host": "cannot_connect"}
    url = asked.call_args.args[0].address.url("system/serverStatus", [])
    assert str(url) == f"http://[::1]:{server.port}/api/V1/system/serverStatus"


@pytest.mark.parametrize("port", [0, 65536, -1])
async def test_no_port(hass: HomeAssistant, server: ThinknxSimulator, port: int) -> None:
    """What is no port is refused."""
    dialog = await add_server(hass, "local")
    with pytest.raises(Exception, match="Schema validation failed"):
        await dialog.fill(**where(server) | {"port": port})


@pytest.mark.parametrize("user", ["ser:vice", "ser\nvice"])
async def test_no_user(hass: HomeAssistant, server: ThinknxSimulator, user: str) -> None:
    """A name that could not be sent is refused."""
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server) | {"username": user})
    assert dialog.errors == {"username": "no_colon"}


async def test_errors(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """Whatever is wrong is said where it can be mended, and the dialog goes on."""
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server) | {"port": 1})
    assert dialog.errors == {"host": "cannot_connect"}
    await dialog.fill(**where(server) | {"password": "wrong"})
    assert dialog.errors == {"password": "invalid_auth"}
    assert dialog.prefilled == {"host": server.host, "port": server.port, "username": "service"}
    server.inject("redirect")
    await dialog.fill(**where(server))
    assert dialog.errors == {"host": "redirect"}
    server.inject("garbage", body="<html>A router</html>")
    await dialog.fill(**where(server))
    assert dialog.errors == {"base": "not_thinknx"}
    server.inject("status", status=404, body="<html>no</html>", times=2)
    await dialog.fill(**where(server))
    assert dialog.errors == {"base": "not_thinknx"}
    server.inject("status", status=429)
    await dialog.fill(**where(server))
    assert dialog.errors == {"base": "busy"}
    with patch.object(ThinknxClient, "server_status", side_effect=RuntimeError):
        await dialog.fill(**where(server))
    assert dialog.errors == {"base": "unknown"}
    await dialog.fill(**where(server))
    assert dialog.created().state is ConfigEntryState.LOADED


async def test_spelling(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A server that knows the other spelling of the path is asked in it from then on."""
    server.spelling = Spelling.LOWER
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server))
    assert dialog.created().data["api_version"] == "v1"


async def test_cloud(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """The key is enough for the cloud; it stands in the data and nowhere else."""
    with cloud(server):
        dialog = await add_server(hass, "cloud")
        await dialog.fill(key=" ")
        assert dialog.errors == {"key": "no_key"}
        await dialog.fill(key="wrong")
        assert dialog.errors == {"key": "invalid_auth"}
        await dialog.fill(key=f" {server.key}\n")
        entry = dialog.created()
    assert entry.title == "Thinknx Cloud"
    assert entry.data["key"] == server.key
    assert server.key not in f"{entry.title} {entry.unique_id} {dialog.history[:-1]}"
    assert entry.data.keys() == {"connection", "key", "auth", "api_version", "webhook_id"}
    with cloud(server):
        again = await add_server(hass, "cloud")
        await again.fill(key=server.key)
    assert again.aborted == "already_configured"


async def test_address_of_the_cloud(hass: HomeAssistant) -> None:
    """The vendor's cloud is asked over https, whatever was pasted."""
    dialog = await add_server(hass, "paste")
    lost = ThinknxConnectionError()
    with patch.object(ThinknxClient, "server_status", autospec=True, side_effect=lost) as asked:
        await dialog.fill(url="http://data.thinknx.eu:80/K+/api/v1/power?guid=12345678")
    assert dialog.errors == {"base": "cannot_connect"}
    address = asked.call_args.args[0].address
    assert str(address.url("x", [])) == "https://data.thinknx.eu/K%2B/api/v1/x"


async def test_cloud_pasted_and_typed(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """The same server is known again, whether its key is typed or pasted."""
    with cloud(server):
        dialog = await add_server(hass, "cloud")
        await dialog.fill(key=server.key)
        dialog.created()
        dialog = await add_server(hass, "paste")
        await dialog.fill(url=f"http://data.thinknx.eu/{server.key}/api/V1/power?guid=12345678")
    assert dialog.aborted == "already_configured"


async def test_on_premise(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A cloud of one's own is asked over https unless that is switched off."""
    server.profile = Profile.CLOUD
    dialog = await add_server(hass, "on_premise")
    schema = dialog.shown["data_schema"]
    assert schema({"host": "x", "key": "k"}) == {
        "host": "x",
        "port": 443,
        "secure": True,
        "key": "k",
    }
    given = {"host": server.host, "port": server.port, "key": server.key}
    await dialog.fill(**given)
    assert dialog.errors == {"host": "cannot_connect"}
    assert dialog.prefilled.keys() == {"host", "port", "secure"}
    await dialog.fill(**given, secure=False)
    entry = dialog.created()
    assert entry.data["connection"] == "on_premise"
    assert server.key not in f"{entry.title} {entry.unique_id}"


@pytest.mark.parametrize(
    "form",
    [
        "http://{user}:{password}@{host}:{port}/api/V1/power?guid={guid}&cmd=1&auth=digest",
        "http://{user}:{password}@{host}:{port}/api/v1/powerstatus?guid={guid}",
        "http://{host}:{port}/api/V1/power?guid={guid}&&cmd=1&auth=basic&user={user}&pass={password}",
        "http://{host}:{port}/api/V1/power/?user={user}&pass={password}&guid={guid}",
        " http://{user}:{password}@{host}:{port}/api/V1/power?guid={blank}&cmd=1\n",
    ],
)
async def test_paste(
    hass: HomeAssistant,
    server: ThinknxSimulator,
    form: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One copied address is enough; the device that it is about is the first one."""
    caplog.set_level(logging.DEBUG)
    light = server.add_device("light", ["power"], guid="aaaa+bbbb/cccc")
    url = form.format(
        user=server.username,
        password=server.password,
        host=server.host,
        port=server.port,
        guid="aaaa%2Bbbbb%2Fcccc",
        blank="aaaa bbbb/cccc",
    )
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=url)
    entry = dialog.created()
    assert entry.data["password"] == server.password
    assert entry.data["auth"] == "digest"
    (device,) = entry.subentries.values()
    assert (device.title, device.subentry_type, device.unique_id) == ("Light", "light", light.guid)
    assert dict(device.data) == {"guid": light.guid, "aspects": ["power"]}
    kept = f"{entry.title} {entry.unique_id} {device} {caplog.text} {dialog.history[:-1]}"
    assert server.password not in kept


async def test_paste_without_password(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """An address as the page shows it holds no password: that is asked for, and nothing else."""
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=server.kit_urls()[0])
    assert (dialog.step, dialog.errors) == ("local", {})
    assert dialog.prefilled == {"host": server.host, "port": server.port}
    await dialog.fill(**where(server))
    assert [it.subentry_type for it in dialog.created().subentries.values()] == ["light"]


async def test_paste_of_https(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A local server that is asked over https is asked so when the password comes later."""
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=f"https://{server.host}/api/V1/power?guid=aaaaaaaaaaaaaaaaaaaaaa&cmd=1")
    assert dialog.step == "local"
    lost = ThinknxConnectionError("lost")
    with patch.object(ThinknxClient, "server_status", autospec=True, side_effect=lost) as asked:
        await dialog.fill(**where(server) | {"port": 443})
    url = asked.call_args.args[0].address.url("system/serverStatus", [])
    assert str(url) == f"https://{server.host}/api/V1/system/serverStatus"


async def test_paste_on_premise(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """In a cloud the key stands in the address."""
    server.profile = Profile.CLOUD
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=server.kit_urls()[0])
    entry = dialog.created()
    assert entry.data["connection"] == "on_premise"
    assert entry.data["key"] == server.key
    assert server.key not in str(list(entry.subentries.values()))


@pytest.mark.parametrize(
    "text",
    [
        "no address at all",
        "aaaaaaaaaaaaaaaaaaaaaa",
        "ftp://s3cret@127.0.0.1/api/V1/power?guid=aaaaaaaa",
        "http://service:s3cret@127.0.0.1:5051/",
        "http://service:s3cret@127.0.0.1:99999/api/V1/power?guid=aaaaaaaa",
        pytest.param("http://127.0.0.1/api/V1/power?pass=s3cret&guid=" + "x" * 3000, id="long"),
    ],
)
async def test_paste_nonsense(
    hass: HomeAssistant, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What is no address is refused, and never shown again."""
    caplog.set_level(logging.DEBUG)
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=text)
    assert dialog.errors == {"url": "no_address"}
    assert dialog.prefilled == {}
    assert "s3cret" not in f"{dialog.history} {caplog.text}"


async def test_paste_refused(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A wrong password in an address is said, without the address."""
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=server.kit_urls(secrets="userinfo")[0].replace(server.password, "wr0ng"))
    assert dialog.errors == {"base": "invalid_auth"}
    assert "wr0ng" not in str(dialog.history)


@pytest.mark.parametrize("controller", ["power", "getvalue", "system/serverStatus", "scenelaunch"])
async def test_paste_about_no_device(
    hass: HomeAssistant, server: ThinknxSimulator, controller: str
) -> None:
    """A device that the server does not know, or that is none, is not made; a scene cannot tell."""
    dialog = await add_server(hass, "paste")
    start = f"http://{server.username}:{server.password}@{server.host}:{server.port}"
    await dialog.fill(url=f"{start}/api/V1/{controller}?guid=nothing-of-it")
    kinds = [it.subentry_type for it in dialog.created().subentries.values()]
    assert kinds == (["scene"] if controller == "scenelaunch" else [])


async def test_paste_about_a_silent_device(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """If the device cannot be read just then, the server is set up all the same."""
    dialog = await add_server(hass, "paste")
    server.trick("status", controller="powerstatus", status=500)
    await dialog.fill(url=server.kit_urls(secrets="userinfo")[0])
    assert not dialog.created().subentries


async def test_paste_about_a_known_device(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A device that is set up with another server is not set up twice."""
    url = server.kit_urls(secrets="userinfo")[0]
    guid = server.guids("light")[0]
    make_entry(server, subentry("light", guid, "Lamp"), host="10.0.0.1").add_to_hass(hass)
    hass.config_entries.async_update_entry(
        hass.config_entries.async_entries("thinknx")[0], unique_id="10.0.0.1:5051"
    )
    dialog = await add_server(hass, "paste")
    await dialog.fill(url=url)
    assert not dialog.created().subentries


async def test_same_server_twice(hass: HomeAssistant, server: ThinknxSimulator) -> None:
    """A server is set up once."""
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server))
    dialog.created()
    again = await add_server(hass, "paste")
    await again.fill(url=server.kit_urls(secrets="query")[0])
    assert again.aborted == "already_configured"


@pytest.mark.parametrize(
    ("auth", "found"),
    [
        (Auth.DIGEST, "digest"),
        (Auth.BASIC, "basic"),
        (Auth.QUERY, "query"),
        (Auth.ANY, "digest"),
        (Auth.NONE, "digest"),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
async def test_way_in(
    hass: HomeAssistant, server: ThinknxSimulator, auth: Auth, status: int, found: str
) -> None:
    """The safest way that the server takes is found, and kept, whatever its refusals look like."""
    server.auth, server.challenge_status = auth, status
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server))
    assert dialog.created().data["auth"] == found
    assert server.stats.auth_failures == 0


@pytest.mark.parametrize(("auth", "most"), [("digest", 2), ("any", 2), ("basic", 2), ("query", 3)])
@pytest.mark.parametrize("status", [401, 403])
async def test_wrong_password(
    hass: HomeAssistant, server: ThinknxSimulator, auth: str, most: int, status: int
) -> None:
    """A wrong password is shown to the server once: some let nobody in after a few."""
    server.auth, server.challenge_status = Auth(auth), status
    server.lockout_after = 2
    dialog = await add_server(hass, "local")
    await dialog.fill(**where(server) | {"password": "wrong"})
    assert dialog.errors == {"password": "invalid_auth"}
    assert server.stats.auth_failures == 1
    assert server.stats.requests.total() <= most
    await dialog.fill(**where(server))
    dialog.created()
