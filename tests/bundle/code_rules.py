"""How the code of an integration is laid out and what it keeps away from."""

import ast
from collections.abc import Iterator
import re
import tomllib

from homeassistant.const import Platform
from tests.bundle.room import Room, called, keyword, last_name

REQUIRED = """
    __init__.py api.py config_flow.py const.py coordinator.py diagnostics.py entity.py models.py
    icons.json manifest.json quality_scale.yaml
"""
CLIENT = ("api.py", "models.py", "catalog.py")

# A certificate is pinned on a connector, and Home Assistant's are shared by all integrations.
OWN_SESSION = {("nibe_rest", "tls.py")}
MOST_LINES = 400
REGISTRATIONS = {
    "async_register_admin_service",
    "async_register_platform_entity_service",
    "async_register_entity_service",
    "async_setup_services",
}
# Removed or deprecated keywords, and what to write instead.
KEYWORDS = {"via_device": "via_device_id", "icon": "icons.json", "suggested_area": "nothing"}


def floor_plan(room: Room) -> Iterator[str]:
    """The files that every integration has are there, and nothing that belongs elsewhere."""
    for name in REQUIRED.split():
        if not (room.path / name).is_file():
            yield f"{room.domain}/{name}: missing"
    for path in sorted(room.path.rglob("*")):
        name = path.relative_to(room.path).as_posix()
        if path.is_dir() or "__pycache__" in name:
            continue
        fitting = {"brand": ".png", "translations": ".json"}.get(path.parent.name)
        allowed = {fitting} if fitting else {".py", ".json", ".yaml"}
        if path.suffix not in allowed or name == "strings.json":
            yield f"{room.domain}/{name}: does not belong into an integration's folder"


def modules_small(room: Room) -> Iterator[str]:
    """A module other than a table stays under 400 lines and starts with a docstring."""
    for name, tree in room.modules.items():
        lines = len(room.text(name).splitlines())
        if lines > MOST_LINES and not name.startswith("catalog"):
            yield f"{room.domain}/{name}: {lines} lines, at most {MOST_LINES}"
        if not ast.get_docstring(tree):
            yield f"{room.domain}/{name}: no docstring"


def stands_alone(room: Room) -> Iterator[str]:
    """A folder works without its siblings: HACS copies it alone."""
    for name, source, level, node in _imports(room):
        depth = len(name.split("/"))
        outside = source.split(".")[0] in {"custom_components", "simulators", "demo", "tests"}
        if outside or level > depth:
            yield f"{room.at(name, node)}: imports {'.' * level}{source}, which is not in the folder"


def client_free(room: Room) -> Iterator[str]:
    """The client knows nothing of Home Assistant, nor does anything it imports."""
    for start in CLIENT:
        todo, seen = [start], set[str]()
        while todo:
            name = todo.pop()
            if name in seen or name not in room.modules:
                continue
            seen.add(name)
            for where, source, level, node in _imports(room, name):
                if source.split(".")[0] == "homeassistant":
                    yield f"{room.at(where, node)}: {start} reaches {source} here"
                if level:
                    inner = [source] if source else [alias.name for alias in node.names]
                    todo += [f"{module.replace('.', '/')}.py" for module in inner]
                    if not source and any(f"{module}.py" not in room.modules for module in inner):
                        yield f"{room.at(where, node)}: {start} imports the package itself"


def _imports(
    room: Room, only: str | None = None
) -> Iterator[tuple[str, str, int, ast.Import | ast.ImportFrom]]:
    for name, tree in room.modules.items():
        if only in (None, name):
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    yield name, node.module or "", node.level, node
                elif isinstance(node, ast.Import):
                    yield from ((name, alias.name, 0, node) for alias in node.names)


def imports_modern(room: Room) -> Iterator[str]:
    """Nothing that blocks, nothing that Python 3.14 or Home Assistant 2026.10 replaced."""
    for name, source, level, node in _imports(room):
        if level:
            continue
        names = {alias.name for alias in node.names}
        if source.split(".")[0] == "requests" or source == "urllib.request":
            yield f"{room.at(name, node)}: {source} blocks the event loop; use the aiohttp session"
        if source == "urllib" and "request" in names:
            yield f"{room.at(name, node)}: urllib.request blocks the event loop"
        if source == "__future__":
            yield f"{room.at(name, node)}: Python 3.14 needs no __future__ import"
        if source == "homeassistant.const" and "PERCENTAGE" in names:
            yield f"{room.at(name, node)}: use UnitOfRatio.PERCENTAGE"
        if source == "probatio" or source.startswith("probatio."):
            yield f"{room.at(name, node)}: write import voluptuous as vol"
        if source == "time" and "sleep" in names:
            yield f"{room.at(name, node)}: time.sleep blocks the event loop"


def calls_modern(room: Room) -> Iterator[str]:
    """No own session, no blocking sleep, no deprecated keyword."""
    for name, call in room.nodes(ast.Call):
        if called(call) == "ClientSession" and (room.domain, name) not in OWN_SESSION:
            yield f"{room.at(name, call)}: take the session from Home Assistant"
        if ast.unparse(call.func) == "time.sleep":
            yield f"{room.at(name, call)}: time.sleep blocks the event loop"
        if called(call) == "async_get_device":
            yield f"{room.at(name, call)}: use async_get_device_by_identifier"
        if called(call) == "add_update_listener" and room.domain != "thinknx":
            yield f"{room.at(name, call)}: no update listener; use OptionsFlowWithReload"
        for word in call.keywords:
            if word.arg == "icon" and not called(call).endswith("Description"):
                continue
            if word.arg in KEYWORDS:
                yield f"{room.at(name, call)}: {word.arg}= is out; use {KEYWORDS[word.arg]}"


def attributes_modern(room: Room) -> Iterator[str]:
    """Names, icons and data stand where Home Assistant looks for them today."""
    for name, node in (*room.nodes(ast.Name), *room.nodes(ast.Attribute)):
        if last_name(node) == "_attr_icon":
            yield f"{room.at(name, node)}: _attr_icon is out; use icons.json"
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if node.attr == "entity_id":
                yield f"{room.at(name, node)}: Home Assistant chooses the entity id"
    for name, index in room.nodes(ast.Subscript):
        if last_name(index.value) == "data" and _is_domain(room, index.slice):
            if "hass" in ast.unparse(index.value):
                yield f"{room.at(name, index)}: keep data in entry.runtime_data"
    for name, call in room.nodes(ast.Call):
        if re.search(r"hass\.data\.\w+$", ast.unparse(call.func)) and call.args:
            if _is_domain(room, call.args[0]):
                yield f"{room.at(name, call)}: keep data in entry.runtime_data"


def _is_domain(room: Room, node: ast.expr) -> bool:
    return ast.unparse(node) in ("DOMAIN", repr(room.domain))


def entities_named(room: Room) -> Iterator[str]:
    """The base entity asks for names that follow the device's."""
    for _, node in room.nodes(ast.Assign):
        if last_name(node.targets[0]) == "_attr_has_entity_name":
            if isinstance(node.value, ast.Constant) and node.value.value is True:
                return
    yield f"{room.domain}/entity.py: _attr_has_entity_name = True is missing"


def parallel_updates(room: Room) -> Iterator[str]:
    """Each platform says how many of its calls may run at once."""
    for name, tree in room.modules.items():
        if name.removesuffix(".py") in set(Platform):
            targets = {
                last_name(target)
                for node in tree.body
                if isinstance(node, ast.Assign | ast.AnnAssign)
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            }
            if "PARALLEL_UPDATES" not in targets:
                yield f"{room.domain}/{name}: PARALLEL_UPDATES is missing"


def actions_early(room: Room) -> Iterator[str]:
    """Actions are registered in async_setup, so that they exist without an entry."""
    for name, function in room.nodes(ast.AsyncFunctionDef):
        if function.name != "async_setup_entry":
            continue
        for call in ast.walk(function):
            plain = isinstance(call, ast.Call) and ast.unparse(call.func).endswith(
                "services.async_register"
            )
            if plain or called(call) in REGISTRATIONS:
                yield f"{room.at(name, call)}: registers an action in async_setup_entry"


def actions_guarded(room: Room) -> Iterator[str]:
    """An integration with async_setup says that it takes no YAML."""
    tree = room.modules.get("__init__.py")
    if tree is None:
        return
    functions = {n.name for n in tree.body if isinstance(n, ast.AsyncFunctionDef)}
    schema = "config_entry_only_config_schema" in {called(node) for node in ast.walk(tree)}
    if "async_setup" in functions and not schema:
        yield f"{room.domain}/__init__.py: CONFIG_SCHEMA is missing beside async_setup"


def typed_strictly(room: Room) -> Iterator[str]:
    """All is typed, nothing is kept from the type checker, and the checker is strict."""
    for name in room.modules:
        for number, line in enumerate(room.text(name).splitlines(), 1):
            if "type: ignore" in line:
                yield f"{room.domain}/{name}:{number}: type: ignore"
    project = tomllib.loads((room.house / "pyproject.toml").read_text(encoding="utf-8"))
    mypy = project.get("tool", {}).get("mypy", {})
    if mypy.get("strict") is not True or "custom_components" not in mypy.get("files", []):
        yield "pyproject.toml: mypy is not strict, or does not look into custom_components"


def entry_typed(room: Room) -> Iterator[str]:
    """The coordinator names the type of its entries and hands the entry on."""
    tree = room.modules.get("coordinator.py")
    if tree is None:
        return
    if not any(
        isinstance(n, ast.TypeAlias) and "ConfigEntry[" in ast.unparse(n) for n in tree.body
    ):
        yield f"{room.domain}/coordinator.py: type ...ConfigEntry = ConfigEntry[...] is missing"
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
            if keyword(call, "update_interval") and not keyword(call, "config_entry"):
                yield f"{room.at('coordinator.py', call)}: pass config_entry="
