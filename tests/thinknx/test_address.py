"""Addresses of requests, and addresses that somebody pastes."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from yarl import URL

from custom_components.thinknx.address import (
    Address,
    Auth,
    Connection,
    Pasted,
    clean_guid,
    read_pasted,
)
from custom_components.thinknx.endpoints import KINDS

GUID = "9Yb6qv1lTkq5nOmDzY3B8w"
KEY = "k3y-0f-the-cloud"


def local(host: str = "192.168.1.20", port: int = 5051, **more: Any) -> Address:
    """Return the address of a server in the house."""
    return Address(Connection.LOCAL, host, port, **more)


def test_url_of_local_server() -> None:
    """Addresses look as the description has them; feedback is asked for by a bare token."""
    url = local().url("power", [("guid", GUID), ("cmd", "1"), ("fb", None), ("auth", "digest")])
    expected = f"http://192.168.1.20:5051/api/V1/power?guid={GUID}&cmd=1&fb&auth=digest"
    assert str(url) == expected
    assert str(local().url("system/serverStatus", [])) == (
        "http://192.168.1.20:5051/api/V1/system/serverStatus"
    )


def test_url_of_cloud() -> None:
    """The key comes first, and the spelling of the version is the server's."""
    address = Address(Connection.CLOUD, "data.thinknx.eu", 443, True, KEY, "v1")
    url = address.url("getvalue", [("guid", GUID)])
    assert str(url) == f"https://data.thinknx.eu/{KEY}/api/v1/getvalue?guid={GUID}"


@pytest.mark.parametrize(
    "nasty",
    ["a+b/c==", "a&cmd=1", "a#b", "a%00b", "a\r\nb", "a\0b", "a b", "ü€", "a;b", "?a", "fb", "a=b"],
)
def test_nothing_adds_a_parameter(nasty: str) -> None:
    """Whatever is sent stays one value, or one part of the path."""
    address = local(key=nasty)
    url = address.url("power", [("guid", nasty), ("cmd", "1")])
    assert url.raw_query_string.count("&") == 1
    assert parse_qsl(url.raw_query_string) == [("guid", nasty), ("cmd", "1")]
    assert len(url.raw_parts) == 5
    assert url.raw_path.endswith("/api/V1/power")
    assert not set(url.raw_path_qs) & set("\r\n\0 #ü")
    assert (url.host, url.port, url.raw_fragment) == ("192.168.1.20", 5051, "")


def test_ipv6() -> None:
    """An address of IPv6 goes in and out without its brackets."""
    pasted = read_pasted(f"http://[fd00::5]:5051/api/V1/power?guid={GUID}")
    assert pasted.address == local("fd00::5")
    assert pasted.address
    assert str(pasted.address.url("stop", [])) == "http://[fd00::5]:5051/api/V1/stop"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"http://service:p%40ss@192.168.1.20:5051/api/V1/power?guid={GUID}&cmd=1&auth=digest",
            Pasted(local(), "service", "p@ss", Auth.DIGEST, "power", GUID),
        ),
        (
            f"http://192.168.1.20/api/v1/POWER?guid={GUID}&cmd=1&&auth=basic&user=me&pass=p%26w",
            Pasted(local(version="v1"), "me", "p&w", Auth.QUERY, "power", GUID),
        ),
        (
            f"HTTP://Server.local:8080/api/V1/HeightLevel/?val=5&guid={GUID}&auth=Basic",
            Pasted(local("server.local", 8080), "", "", Auth.BASIC, "heightlevel", GUID),
        ),
        (
            f"https://192.168.1.20/api/V1/setvalue?guid={GUID}",
            Pasted(local(port=443, secure=True), "", "", None, "setvalue", GUID),
        ),
        (
            f"http://data.thinknx.eu/{KEY}/api/V1/trigger?guid={GUID}&cmd=1",
            Pasted(
                Address(Connection.CLOUD, "data.thinknx.eu", 443, True, KEY),
                controller="trigger",
                guid=GUID,
            ),
        ),
        (
            f"http://home.example:8443/{KEY}%2B/api/V1/system/serverStatus",
            Pasted(
                Address(Connection.ON_PREMISE, "home.example", 8443, False, f"{KEY}+"),
                controller="system/serverStatus",
            ),
        ),
        (
            f"http://home.example/{KEY}/api/V1/other",
            Pasted(Address(Connection.ON_PREMISE, "home.example", 80, False, KEY), "", "", None,
                   "other"),
        ),
        (
            f" http://192.168.1.20:5051/api/V1/\n  power?guid={GUID} \n",
            Pasted(local(), controller="power", guid=GUID),
        ),
        (f"  {GUID}\n", Pasted(None, guid=GUID)),
        ("a+b/cdEF12==", Pasted(None, guid="a+b/cdEF12==")),
        ("a b/cdEF12==", Pasted(None, guid="a+b/cdEF12==")),
        (
            "http://192.168.1.20:5051/api/V1/power?guid=a+b%2FcdEF12%3D%3D",
            Pasted(local(), controller="power", guid="a+b/cdEF12=="),
        ),
        (
            "http://192.168.1.20:5051/api/V1/power?guid=a b/cdEF12==\r\n  &cmd=1&user=a b&pass=c d",
            Pasted(local(), "a b", "c d", Auth.QUERY, "power", "a+b/cdEF12=="),
        ),
    ],
)  # fmt: skip
def test_pasted(text: str, expected: Pasted) -> None:
    """What the server's page shows for copying tells server, password, controller and GUID."""
    assert read_pasted(text) == expected


@pytest.mark.parametrize("controller", sorted(KINDS))
def test_pasted_controllers(controller: str) -> None:
    """Each controller that belongs to a device is known, however it is written."""
    pasted = read_pasted(f"http://192.168.1.20:5051/api/V1/{controller.upper()}?guid={GUID}")
    assert pasted.controller == controller


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kitchen",
        "short",
        "guid with <signs>",
        "x" * 65,
        "http://",
        "http://192.168.1.20:5051/",
        "http://192.168.1.20:5051/api/V2/power",
        "http://192.168.1.20:5051/a/b/api/V1/power",
        "http://192.168.1.20:5051/api/V1/system/../power",
        "http://:5051/api/V1/power",
        "http://192.168.1.20:0/api/V1/power",
        "http://192.168.1.20:65536/api/V1/power",
        f"http://192.168.1.20:{'9' * 1900}/api/V1/power",
        "http://192.168.1.20:port/api/V1/power",
        "http://[fd00::5/api/V1/power",
        "http://s3cret:s3cret@ho℀st/api/V1/power",
        "file:///api/V1/power",
        "ftp://192.168.1.20/api/V1/power",
        "http://192.168.1.20:5051/api/V1/power?guid=s3cret%00s3cret",
        "http://192.168.1.20:5051/api/V1/power?guid=s3cret%26cmd%3D1",
        "http://192.168.1.20:5051/api/V1/power?guid=s3cret",
        "http://192.168.1.20:5051/api/V1/power?guid=" + "s3cret" * 1000,
    ],
)
def test_no_address(text: str) -> None:
    """What is neither an address nor a GUID is refused, and the refusal repeats nothing of it."""
    with pytest.raises(ValueError, match=r"^(no address|no GUID|too long)$") as err:
        read_pasted(text)
    # The parser's own error holds what was pasted.
    assert err.value.__context__ is None


def test_guids() -> None:
    """A GUID is distinct by case, of no fixed length, and made of the letters of base64."""
    assert clean_guid(" AbCdEfGh ") == "AbCdEfGh"
    assert clean_guid("abcdefgh") != clean_guid("AbCdEfGh")
    assert clean_guid("9Yb6qv1lTkq5nOmDzY3B8wX") == "9Yb6qv1lTkq5nOmDzY3B8wX"
    for nasty in ("abcdefg", "abcd\nefgh", "abcdefgh\0", "äbcdefgh", "abcdefg&", "abcdefg%"):
        assert clean_guid(nasty) is None


@pytest.mark.parametrize("host", ["a b", "a/b", "me@a", "a#b", "a?b", "a\r\nb", "a\0b", "[a"])
def test_no_host(host: str) -> None:
    """What is no host never becomes another part of an address."""
    with pytest.raises(ValueError):
        local(host).url("power", [])


def test_secrets_are_not_shown() -> None:
    """Neither a server nor what was pasted shows key, user or password."""
    for text in (
        f"http://s3cret:s3cret@192.168.1.20/api/V1/power?guid={GUID}",
        f"http://192.168.1.20/api/V1/power?guid={GUID}&user=s3cret&pass=s3cret",
        f"https://data.thinknx.eu/s3cret/api/V1/power?guid={GUID}",
    ):
        pasted = read_pasted(text)
        assert "s3cret" not in f"{pasted!r} {pasted} {pasted.address!r} {pasted.address}"


def test_url_is_sent_as_it_is() -> None:
    """Nothing decodes a plus on its way to the server."""
    url = local().url("power", [("guid", "a+b/c==")])
    assert isinstance(url, URL)
    assert url.raw_path_qs == "/api/V1/power?guid=a%2Bb%2Fc%3D%3D"
