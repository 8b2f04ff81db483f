"""Lists of devices: reading what people paste, and writing what they take along."""

import json
from typing import Any

import pytest

from custom_components.thinknx.address import Address, Connection
from custom_components.thinknx.devices import Device
from custom_components.thinknx.endpoints import ASPECTS, Aspect, Kind
from custom_components.thinknx.importer import (
    MOST_BYTES,
    MOST_ROWS,
    Row,
    TooMuchError,
    UnreadableError,
    decode,
    read_list,
    write_list,
)

HERE = Address(Connection.LOCAL, "10.0.0.2", 5051)
GUID = "MyGuid+/aaaaaaaaaaaaaa"
OTHER = "myguid+/aaaaaaaaaaaaaa"
KIT = "http://service:s3cr3t@10.0.0.2:5051/api/V1"


def url(controller: str, guid: str = GUID) -> str:
    """Return an address as the server's page shows it."""
    return f"{KIT}/{controller}?guid={guid.replace('+', '%2B')}&cmd=1"


def one(text: str) -> Row:
    """Return the only row of a list."""
    (row,) = read_list(text, HERE)
    return row


@pytest.mark.parametrize(
    ("controllers", "kind", "aspects"),
    [
        ("power", "light", {"power"}),
        ("power powerlevel powerstatus", "light", {"power", "powerlevel"}),
        ("updown stop", "cover", set()),
        ("stop heightlevel blindangle", "cover", {"heightlevel", "blindangle"}),
        ("blindstep heightlevelstatus", "cover", {"heightlevel"}),
        ("getvalue", "analog", {"value"}),
        ("setvalue", "analog", {"value"}),
        (
            "actualtemp setpoint chronoenstatus",
            "thermostat",
            {"actualtemp", "setpoint", "chronoen"},
        ),
        ("hvacpower hvacfanstatus", "hvac", {"hvacpower", "hvacfan"}),
        ("scenelaunch", "scene", set()),
        ("trigger", "button", set()),
        ("system/serverStatus", None, set()),
        ("power updown", None, {"power"}),
    ],
)
def test_kind_of_addresses(controllers: str, kind: str | None, aspects: set[str]) -> None:
    """All addresses of a device together tell what it is, and what can be read of it."""
    row = one("\n".join(url(controller) for controller in controllers.split()))
    assert (row.guid, row.kind, row.aspects) == (GUID, kind, aspects)


@pytest.mark.parametrize(
    "text",
    [
        f"Hall lamp | {url('power')}",
        f"\ufeff# my list\n\nHall lamp|{url('power')}\n",
        f"name,guid,kind\nHall lamp,{GUID},light",
        f"KIND; GUID; Name\nlight; {GUID}; Hall lamp",
        f'"url"\t"title"\n"{url("power")}"\t"Hall lamp"',
        f"\ufefftype;address;name\r\nlight;{GUID};Hall lamp\r\n",
        f'name;guid;kind\n\'=Hall lamp;="{GUID}";light'.replace("'=Hall", "Hall"),
        json.dumps([{"name": "Hall lamp", "guid": GUID, "kind": "light"}]),
        json.dumps({"devices": [{"title": "Hall lamp", "url": url("power")}]}),
        f"- name: Hall lamp\n  guid: {GUID}\n  kind: Light\n",
        f"---\ndevices:\n  - name: Hall lamp\n    url: {url('power')}\n",
        f"devices:\n- {{name: Hall lamp, guid: {GUID}, type: light}}",
    ],
)
def test_forms(text: str) -> None:
    """A list is understood in whichever form it comes."""
    row = one(text)
    assert (row.name, row.guid, row.kind) == ("Hall lamp", GUID, "light")


def test_addresses_alone() -> None:
    """Addresses need no names, in JSON neither."""
    for text in (url("power"), json.dumps([url("power")]), f"- {url('power')}"):
        assert (one(text).name, one(text).guid) == ("", GUID)


def test_whole_row() -> None:
    """Everything that an export holds is taken back; what is nothing is left out."""
    row = one(
        "name;guid;kind;area;aspects;options\n"
        f"Blind;{GUID};blind;Hall;heightlevel nonsense power;"
        '"{""invert_tilt"": true, ""x"": [1], ""y"": null}"'
    )
    assert (row.kind, row.area) == (Kind.COVER, "Hall")
    assert row.aspects == {Aspect.HEIGHT}
    assert row.options == {"invert_tilt": True}
    listed = one(json.dumps([{"guid": GUID, "kind": "light", "aspects": ["power"]}]))
    assert listed.aspects == {Aspect.POWER}


@pytest.mark.parametrize("options", ["{", "[]", pytest.param("[" * 100_000, id="deep"), 7, [1]])
def test_options_that_are_none(options: Any) -> None:
    """Options that cannot be read are none."""
    row = one(json.dumps([{"guid": GUID, "options": options, "aspects": 5, "area": True}]))
    assert (row.options, row.aspects, row.area) == ({}, set(), "")


def test_merged() -> None:
    """Lines about one device are one row; GUIDs differ by case."""
    rows = read_list(
        f"name;guid;kind;area;options\n;{GUID};;;\nLamp;{GUID};light;;\nOther;{OTHER};;;\n"
        f'More;{GUID};;Hall;"{{""show_as"": ""switch""}}"'
    )
    assert [(row.guid, row.name, row.area, row.kind) for row in rows] == [
        (GUID, "Lamp", "Hall", "light"),
        (OTHER, "Other", "", None),
    ]
    assert rows[0].options == {"show_as": "switch"}


def test_lines_that_hold_no_device() -> None:
    """Their numbers are told, and nothing of what they hold."""
    rows = read_list(f"http://u:s3cr3t@x/\n{url('power')}\n\nhttp://10.0.0.2/api/V1/power")
    assert [(row.guid, row.line) for row in rows] == [("", 1), (GUID, 2), ("", 4)]
    assert "s3cr3t" not in str(rows)


def test_other_server() -> None:
    """An address of another server is marked, unless it may be the same under another name."""

    def elsewhere(text: str, address: Address) -> bool:
        return read_list(text, address)[0].elsewhere

    cloud = Address(Connection.CLOUD, "data.thinknx.eu", 443, True, "KEY")
    query = f"api/V1/power?guid={OTHER}"
    assert not elsewhere(f"http://10.0.0.2:5051/{query}", HERE)
    assert elsewhere(f"http://10.0.0.3:5051/{query}", HERE)
    assert not elsewhere(f"http://thinknx.local:5051/{query}", HERE)
    assert not elsewhere(f"https://data.thinknx.eu/KEY/{query}", HERE)
    assert not elsewhere(f"https://data.thinknx.eu/KEY/{query}", cloud)
    assert elsewhere(f"https://data.thinknx.eu/YEK/{query}", cloud)
    assert not elsewhere(OTHER, cloud)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Hall \t lamp ", "Hall lamp"),
        ("Hall\u202e lamp\u2066\u200b\0\x1b", "Hall lamp"),
        ("Café – 北", "Café – 北"),
        ("'=Hall", "=Hall"),
        ("''=Hall", "'=Hall"),
        ("'Hall'", "'Hall'"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        pytest.param("x" * 200, "x" * 100, id="long"),
        (url("power"), ""),
        ("lamp?user=service&pass=s3cr3t", ""),
        (7, "7"),
        (True, ""),
        (None, ""),
    ],
)
def test_names(written: Any, shown: str) -> None:
    """A name is one line that shows what it is, and never an address."""
    assert one(json.dumps([{"name": written, "guid": GUID}])).name == shown


def test_address_in_front() -> None:
    """Name and address the wrong way round: no password becomes a name."""
    assert "s3cr3t" not in str(read_list(f"{url('power')} | Hall lamp"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n# nothing\n",
        "[1]",
        "[",
        "{}",
        '{"devices": 5}',
        '{"devices": [5]}',
        pytest.param("[" * 100_000, id="deep"),
        "- a: &x [1]\n  b: *x",
        "- &x a",
        "- !!python/object:os.system [ls]",
        "- !!str a",
        "- a: [",
        "---\n5",
        pytest.param('name;guid\n"' + "x" * 200_000, id="endless cell"),
    ],
)
def test_no_list(text: str) -> None:
    """What is no list is refused as a whole; references and tags are no part of one."""
    with pytest.raises(UnreadableError):
        read_list(text)


def test_too_much() -> None:
    """A list has its limits: 1 MB, 2000 rows."""
    assert len(read_list("\n".join(f"guid{number:06}" for number in range(MOST_ROWS)))) == MOST_ROWS
    with pytest.raises(TooMuchError):
        read_list("\n".join(f"guid{number:06}" for number in range(MOST_ROWS + 1)))
    with pytest.raises(TooMuchError):
        read_list("#" * (MOST_BYTES + 1))
    with pytest.raises(TooMuchError):
        read_list("ü" * (MOST_BYTES // 2 + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    """Whichever program has saved a file, its umlauts are read."""
    assert decode("Küche".encode(encoding)).lstrip("\ufeff") == "Küche"


def test_round_trip() -> None:
    """What is exported comes back as it was, whatever it is called."""
    names = ["Lamp", "=1+1", "'=x", "-12", '"a;b"', "@me", "+", "Küche", "a,b"]
    devices = [
        Device(
            "",
            f"{'+=-/'[number % 4]}aaaaaaa{number}",
            name,
            kind,
            frozenset(ASPECTS[kind][:1]),
            {"guid": "x", "aspects": [], "area": "Hall; 1", "min": 5, "unit": "°C", "none": ""},
        )
        for number, name in enumerate(names)
        for kind in (list(Kind)[number % len(Kind)],)
    ]
    rows = read_list(write_list(devices))
    assert [(row.name, row.guid, row.kind, row.area) for row in rows] == [
        (it.name, it.guid, it.kind, "Hall; 1") for it in devices
    ]
    assert [row.aspects for row in rows] == [it.aspects for it in devices]
    assert all(row.options == {"min": 5, "unit": "°C"} for row in rows)
    bare = Device("", GUID, "Bare", Kind.SCENE, frozenset())
    assert write_list([bare]).splitlines()[1] == f"Bare;{GUID};scene;;;"


def test_no_formulas() -> None:
    """No cell of an export begins as a formula does."""
    devices = [
        Device("", "-aaaaaaaa", name, Kind.SCENE, frozenset()) for name in ("=1", "@a", "+b")
    ]
    lines = write_list(devices).splitlines()[1:]
    assert not any(cell[:1] in tuple("=+-@") for line in lines for cell in line.split(";") if cell)
