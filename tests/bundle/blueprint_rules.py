"""Blueprints: what Home Assistant would say when one is imported."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.errors import BlueprintException
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.yaml import extract_inputs, parse_yaml
from tests.bundle.room import Room, owner_of

OLDEST = "2026.10.0"


def blueprints_of(house: Path) -> list[Path]:
    """Return all blueprints of a house."""
    return sorted(house.glob("blueprints/**/*.yaml"))


def load(path: Path) -> Blueprint:
    """Return a blueprint as Home Assistant loads it."""
    data: Any = parse_yaml(path.read_text(encoding="utf-8"))
    return Blueprint(
        data, path=path.name, expected_domain="automation", schema=AUTOMATION_BLUEPRINT_SCHEMA
    )


def blueprint_sound(house: Path, path: Path) -> Iterator[str]:
    """Home Assistant takes the blueprint; it says whose it is and uses what it asks for."""
    where = path.relative_to(house).as_posix()
    if not re.fullmatch(r"blueprints/automation/[a-z_]+/[a-z0-9_]+\.yaml", where):
        yield f"{where}: belongs into blueprints/automation/<domain>/"
        return
    if not (house / "custom_components" / path.parent.name).is_dir():
        yield f"{where}: no integration of this name"
    try:
        blueprint = load(path)
    except (BlueprintException, HomeAssistantError) as err:
        yield f"{where}: {err}"
        return
    meta = blueprint.metadata
    owner = owner_of(house)
    source = f"https://github.com/{owner}/hearthlink/blob/main/{where}"
    if meta.get("source_url") != source:
        yield f"{where}: source_url is not {source}"
    if meta.get("author") != owner:
        yield f"{where}: author is not {owner}"
    if not str(meta.get("description") or "").strip():
        yield f"{where}: no description"
    if meta.get("homeassistant", {}).get("min_version") != OLDEST:
        yield f"{where}: homeassistant.min_version is not {OLDEST}"
    used = extract_inputs({k: v for k, v in blueprint.data.items() if k != "blueprint"})
    for name, spec in blueprint.inputs.items():
        if name not in used:
            yield f"{where}: input {name} is never used"
        for part in ("name", "selector"):
            if not (spec or {}).get(part):
                yield f"{where}: input {name} has no {part}"
    yield from _actions_known(house, where, blueprint.data)


def _actions_known(house: Path, where: str, tree: Any) -> Iterator[str]:
    """Yield the actions of our integrations that do not exist."""
    if isinstance(tree, dict):
        action = tree.get("action")
        if isinstance(action, str):
            domain, _, service = action.partition(".")
            folder = house / "custom_components" / domain
            if folder.is_dir() and service not in Room(folder).services:
                yield f"{where}: there is no action {action}"
        for branch in tree.values():
            yield from _actions_known(house, where, branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _actions_known(house, where, branch)
