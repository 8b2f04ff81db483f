"""Names, states and icons of entities."""

import ast
from collections.abc import Iterator
from functools import cache
import json
from pathlib import Path
from typing import Any

import hass_frontend

from tests.bundle.room import Room, called, keyword, last_name
from tests.bundle.text_rules import KEY, service_fields
from tests.bundle.tracing import Tracer
from tests.bundle.use_rules import hits, platform_of

# Home Assistant draws these by their state, with or without a device class.
DRAWN = {"climate", "cover", "device_tracker", "fan", "light", "lock", "update", "water_heater"}
ICON_PARTS = {"default", "range", "state", "state_attributes"}


class Use:
    """One place that names an entity's text."""

    def __init__(self, where: str, platform: str, keys: set[str], device_class: str | None) -> None:
        """Keep what was found."""
        self.where = where
        self.platform = platform
        self.keys = keys
        self.device_class = device_class


def uses(room: Room) -> Iterator[Use]:
    """Yield descriptions and classes with a translation key."""
    tracer = Tracer(room)
    for name, call in room.nodes(ast.Call):
        key = keyword(call, "translation_key")
        if key and called(call).endswith("Description"):
            platform = platform_of(room, tracer, name, called(call))
            device_class = keyword(call, "device_class")
            text = ast.unparse(device_class).rpartition(".")[2] if device_class else None
            yield Use(room.at(name, call), platform, tracer.strings(name, key), text)
    for name, body in room.nodes(ast.ClassDef):
        found = {
            last_name(target): node.value
            for node in ast.walk(body)
            if isinstance(node, ast.Assign)
            for target in node.targets
        }
        if key := found.get("_attr_translation_key"):
            platform = platform_of(room, tracer, name, body.name)
            # A key taken from a table says which texts are used, not that all must exist.
            literal = isinstance(key, ast.Constant | ast.Name | ast.IfExp)
            given = found.get("_attr_device_class")
            text = ast.unparse(given).rpartition(".")[2] if given else None
            where = room.at(name, key) if literal else ""
            yield Use(where, platform, tracer.strings(name, key), text)


def entities_translated(room: Room) -> Iterator[str]:
    """Every entity's translation key has a name, and every name an entity."""
    known: dict[str, dict[str, Any]] = room.english.get("entity", {})
    used = {(platform, key): False for platform, keys in known.items() for key in keys}
    for use in uses(room):
        platforms = [use.platform] if use.platform else list(known)
        for key in sorted(use.keys):
            matching = [(p, k) for p in platforms for k in hits(key, known.get(p, {}))]
            used |= dict.fromkeys(matching, True)
            if use.where and not matching:
                place = use.platform or "<platform>"
                yield f"{use.where}: entity.{place}.{key} is not in translations/en.json"
    tables = {
        text
        for name, words in room.literals.items()
        if name.startswith("catalog") or _is_table(room.modules[name])
        for text in words
    }
    for (platform, key), hit in used.items():
        if not hit and key not in tables:
            yield f"{room.domain}/translations/en.json: entity.{platform}.{key} is never used"
        text = known[platform][key]
        if "name" not in text and not {"state", "state_attributes"} & text.keys():
            yield f"{room.domain}/translations/en.json: entity.{platform}.{key}: no name"


def _is_table(tree: ast.Module) -> bool:
    """Tell whether a module is a table of an own kind: tables only, no function or entity."""
    return not any(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(tree))


def states_translated(room: Room) -> Iterator[str]:
    """States with a text are states of the code, and listed options have a text."""
    words = set().union(*room.literals.values())
    entities = room.english.get("entity", {})
    for platform, keys in entities.items():
        for key, text in keys.items():
            if platform in {"sensor", "select"}:
                for state in sorted(text.get("state", {}).keys() - words):
                    yield (
                        f"{room.domain}/translations/en.json: entity.{platform}.{key}.state."
                        f"{state}: not in the code"
                    )
    tracer = Tracer(room)
    for name, call in room.nodes(ast.Call):
        if not called(call).endswith("Description") or not keyword(call, "options"):
            continue
        platform = platform_of(room, tracer, name, called(call))
        options = tracer.strings(name, keyword(call, "options"))
        for key in tracer.strings(name, keyword(call, "translation_key")):
            states = entities.get(platform, {}).get(key, {}).get("state", {})
            for option in sorted(options - states.keys()):
                yield f"{room.at(name, call)}: entity.{platform}.{key}.state.{option}: no text"


@cache
def drawn_icons() -> frozenset[str]:
    """Return the names of all icons that the frontend can draw."""
    path = Path(hass_frontend.where()) / "static" / "mdi" / "iconList.json"
    return frozenset(f"mdi:{icon['name']}" for icon in json.loads(path.read_text(encoding="utf-8")))


def icons_legal(room: Room) -> Iterator[str]:
    """icons.json has the shape that Home Assistant reads, and icons that exist."""
    icons = room.json("icons.json")
    where = f"{room.domain}/icons.json"
    yield from (f"{where}: no such section: {s}" for s in icons if s not in {"entity", "services"})
    for platform, keys in icons.get("entity", {}).items():
        for key, icon in keys.items():
            place = f"{where}: entity.{platform}.{key}"
            if (
                not isinstance(icon, dict)
                or not icon
                or set(icon) - ICON_PARTS
                or not KEY.match(key)
            ):
                yield f"{place}: wants default, state, range or state_attributes"
            text = room.english.get("entity", {}).get(platform, {}).get(key)
            if text is None:
                yield f"{place}: no such entity in translations/en.json"
            elif "state" in text and platform not in {"binary_sensor", "switch"}:
                for state in sorted(set(icon.get("state", {})) - set(text["state"])):
                    yield f"{place}.state.{state}: no such state in translations/en.json"
    for path, icon in _icons(icons):
        if icon not in drawn_icons():
            yield f"{where}: {path}: {icon!r} is no icon of Material Design Icons"


def _icons(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from _icons(branch, f"{path}.{key}".lstrip("."))
    else:
        yield path, tree


def icons_complete(room: Room) -> Iterator[str]:
    """Each entity without a device class, and each action, has an icon; no other has one."""
    icons = room.json("icons.json")
    for use in uses(room):
        for key in sorted(use.keys):
            icon = icons.get("entity", {}).get(use.platform, {}).get(key)
            own = use.device_class in (None, "ENUM", "'enum'")
            known = hits(key, room.english.get("entity", {}).get(use.platform, {}))
            if use.where and own and known and icon is None and use.platform not in DRAWN:
                yield f"{use.where}: entity.{use.platform}.{key} has no icon in icons.json"
            if use.where and not own and (icon or {}).get("default"):
                yield f"{use.where}: entity.{use.platform}.{key}: the device class has an icon"
    drawn = icons.get("services", {})
    for service, spec in room.services.items():
        if not (drawn.get(service) or {}).get("service"):
            yield f"{room.domain}/icons.json: services.{service}.service is missing"
        for part in (drawn.get(service) or {}).get("sections", {}):
            if part not in (spec.get("fields") or {}) or part in service_fields(spec):
                yield f"{room.domain}/icons.json: services.{service}.sections.{part}: no section"
    for service in drawn.keys() - room.services.keys():
        yield f"{room.domain}/icons.json: services.{service}: no such action"
