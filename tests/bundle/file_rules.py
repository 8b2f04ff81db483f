"""The manifest and the brand's pictures."""

import ast
from collections.abc import Iterator
import struct

from homeassistant.const import Platform
from tests.bundle.room import Room, owner_of, version_of

IOT_CLASS = {
    "htrest": "local_polling",
    "nibe_rest": "local_polling",
    "nuki_bridge": "local_push",
    "thinknx": "local_polling",
    "victron_vrm": "cloud_polling",
}
NAMES = {
    "htrest": "Heliotherm (HtREST)",
    "nibe_rest": "NIBE S-series",
    "nuki_bridge": "Nuki Bridge Local",
    "thinknx": "Thinknx",
    "victron_vrm": "Victron VRM",
}
REQUIRED = """
    domain name codeowners config_flow documentation integration_type iot_class issue_tracker
    requirements version
"""
OPTIONAL = "after_dependencies dependencies dhcp loggers single_config_entry ssdp usb zeroconf"
TYPES = {"device", "hub", "service"}
DISCOVERY = {"dhcp", "ssdp", "usb", "zeroconf"}
# Part of Home Assistant whatever is set up, so that hassfest wants no dependency for them.
ALWAYS_THERE = """
    automation blueprint diagnostics homeassistant persistent_notification repairs script
    system_health system_log websocket_api zone
"""
# Shipped with Home Assistant in the version that it wants.
SHIPPED = {"aiohttp", "orjson", "probatio", "voluptuous", "yarl", "attrs", "pyyaml"}
PICTURES = {"icon.png": 256, "icon@2x.png": 512}


def manifest_sound(room: Room) -> Iterator[str]:
    """The manifest has the keys that it needs, in order, and no other."""
    where = f"{room.domain}/manifest.json"
    keys = list(room.manifest)
    for key in REQUIRED.split():
        if key not in keys:
            yield f"{where}: {key} is missing"
    for key in keys:
        if key not in f"{REQUIRED} {OPTIONAL}".split():
            yield f"{where}: no such key: {key}"
    if keys != ["domain", "name", *sorted(set(keys) - {"domain", "name"})]:
        yield f"{where}: keys out of order: domain, name, then the alphabet"
    for key, wanted in {"domain": room.domain, "config_flow": True}.items():
        if room.manifest.get(key) != wanted:
            yield f"{where}: {key} is not {wanted!r}"
    for key, table in {"iot_class": IOT_CLASS, "name": NAMES}.items():
        if room.manifest.get(key) != table.get(room.domain, room.manifest.get(key)):
            yield f"{where}: {key} is not {table[room.domain]!r}"
    if room.manifest.get("integration_type") not in TYPES:
        yield f"{where}: integration_type is none of {sorted(TYPES)}"
    for text in room.manifest.get("requirements", []):
        if "==" in text or ">=" not in text:
            yield f"{where}: requirement {text}: give the oldest version with >="
        if text.split(">=")[0].lower() in SHIPPED:
            yield f"{where}: requirement {text}: Home Assistant brings it along"


def manifest_owned(room: Room) -> Iterator[str]:
    """Owner, addresses and version are those of the bundle."""
    where = f"{room.domain}/manifest.json"
    owner = owner_of(room.house)
    bundle = f"https://github.com/{owner}/hearthlink"
    wanted = {
        "codeowners": ([f"@{owner}"],),
        "documentation": (
            f"{bundle}/blob/main/docs/{room.domain}.md",
            f"https://github.com/{owner}/ha-{room.domain.replace('_', '-')}",
        ),
        "issue_tracker": (f"{bundle}/issues",),
        "version": (version_of(room.house),),
    }
    for key, values in wanted.items():
        if room.manifest.get(key) not in values:
            yield f"{where}: {key} is {room.manifest.get(key)!r}, not {values[0]!r}"


def discovery_answered(room: Room) -> Iterator[str]:
    """What the manifest asks to discover has its step, and each such step its matcher."""
    steps = {
        node.name.removeprefix("async_step_")
        for name, node in room.nodes(ast.AsyncFunctionDef)
        if node.name.startswith("async_step_")
    }
    for kind in sorted(DISCOVERY):
        if room.manifest.get(kind) and kind not in steps:
            yield f"{room.domain}/config_flow.py: no async_step_{kind} for the manifest's matcher"
        if kind in steps and not room.manifest.get(kind):
            yield f"{room.domain}/manifest.json: async_step_{kind} exists, but no matcher"


def dependencies_declared(room: Room) -> Iterator[str]:
    """Each integration that the code imports is set up first."""
    declared = {
        *room.manifest.get("dependencies", []),
        *room.manifest.get("after_dependencies", []),
        *ALWAYS_THERE.split(),
        *DISCOVERY,
        *Platform,
    }
    for name, node in room.nodes(ast.ImportFrom):
        source = node.module or ""
        if source == "homeassistant.components":
            used = {alias.name for alias in node.names}
        elif source.startswith("homeassistant.components."):
            used = {source.split(".")[2]}
        else:
            continue
        for component in sorted(used - declared):
            yield f"{room.at(name, node)}: {component} is no dependency in manifest.json"
    for dependency in room.manifest.get("dependencies", []):
        imported = any(dependency in words for words in _imported(room))
        if not imported and dependency != "http":
            yield f"{room.domain}/manifest.json: dependency {dependency} is not used"


def _imported(room: Room) -> Iterator[str]:
    for _, node in room.nodes(ast.ImportFrom):
        yield f"{node.module} {' '.join(alias.name for alias in node.names)}"


def pictures_there(room: Room) -> Iterator[str]:
    """The brand's icon is a square PNG in both sizes, and nothing is there that nobody shows."""
    for path in sorted((room.path / "brand").glob("*")):
        if path.name not in PICTURES:
            yield f"{room.domain}/brand/{path.name}: nobody shows this"
    for name, size in PICTURES.items():
        path = room.path / "brand" / name
        if not path.is_file():
            yield f"{room.domain}/brand/{name}: missing"
            continue
        head = path.read_bytes()[:24]
        if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
            yield f"{room.domain}/brand/{name}: no PNG"
        elif (found := struct.unpack(">II", head[16:24])) != (size, size):
            yield f"{room.domain}/brand/{name}: {found[0]} x {found[1]}, not {size} x {size}"
