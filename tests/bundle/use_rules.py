"""Translation keys: none used that does not exist, none kept that is not used."""

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
import re
from typing import Any

from homeassistant.const import Platform
from tests.bundle.room import Room, called, keyword, last_name, placeholders
from tests.bundle.text_rules import service_fields
from tests.bundle.tracing import Tracer

ERRORS = {
    "ConfigEntryAuthFailed",
    "ConfigEntryError",
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "PlatformNotReady",
    "ServiceValidationError",
    "UpdateFailed",
}
REGISTRATIONS = {
    "async_register": (0, 1),
    "async_register_admin_service": (1, 2),
    "async_register_platform_entity_service": (1, 2),
}


def hits(name: str, known: Any) -> set[str]:
    """Return the known keys that a traced name, perhaps with *, stands for."""
    return {key for key in known if fnmatchcase(key, name)}


def compare(
    room: Room, section: str, used: dict[str, str], known: Any, also: Iterable[str] = ()
) -> Iterator[str]:
    """Yield the used keys that do not exist and the existing ones that are not used."""
    found = set(also)
    for name, where in used.items():
        matching = hits(name, known)
        found |= matching
        if not matching:
            yield f"{where}: {section}.{name} is not in translations/en.json"
    for key in known:
        if key not in found:
            yield f"{room.domain}/translations/en.json: {section}.{key} is never used"


def _errors(room: Room) -> Iterator[tuple[str, ast.Call]]:
    for name, call in room.nodes(ast.Call):
        if called(call) in ERRORS or keyword(call, "translation_domain"):
            yield name, call


def errors_translated(room: Room) -> Iterator[str]:
    """Every error that reaches a user names a text that exists."""
    tracer = Tracer(room)
    known = room.english.get("exceptions", {})
    used: dict[str, str] = {}
    for name, node in room.nodes(ast.Raise):
        if node.exc and not isinstance(node.exc, ast.Call) and last_name(node.exc) in ERRORS:
            yield f"{room.at(name, node)}: {last_name(node.exc)} without translation_key"
    for name, call in _errors(room):
        where = room.at(name, call)
        for word in ("translation_domain", "translation_key"):
            if not keyword(call, word):
                yield f"{where}: {called(call)} without {word}"
        if call.args and called(call) in ERRORS:
            yield f"{where}: {called(call)} with a bare text"
        key = keyword(call, "translation_key")
        keys = tracer.strings(name, key)
        if isinstance(key, ast.Attribute):
            # Other classes may have an attribute of this name: those that fit are meant.
            keys = {text for text in keys if hits(text, known)} or keys
        if key and not keys:
            yield f"{where}: cannot follow {ast.unparse(key)} to a key; use a literal or a table"
        used |= dict.fromkeys(keys, where)
        domain = keyword(call, "translation_domain")
        if domain and tracer.strings(name, domain) not in (set(), {room.domain}):
            yield f"{where}: translation_domain is not this integration's"
    yield from compare(room, "exceptions", used, known)


def errors_filled(room: Room) -> Iterator[str]:
    """The placeholders given to an error or a repair are those of its text."""
    tracer = Tracer(room)
    texts = {
        "exceptions": {k: str(v) for k, v in room.english.get("exceptions", {}).items()},
        "issues": {k: str(v) for k, v in room.english.get("issues", {}).items()},
    }
    # The dialog that mends an issue fills in words of its own.
    in_dialogs = {
        word
        for name, call in room.nodes(ast.Call)
        if name == "repairs.py" and called(call) == "async_show_form"
        for word in tracer.strings(name, keyword(call, "description_placeholders"))
    }
    for name, call in room.nodes(ast.Call):
        issue = called(call) == "async_create_issue"
        key, given = keyword(call, "translation_key"), keyword(call, "translation_placeholders")
        if (not issue and not keyword(call, "translation_domain")) or key is None:
            continue
        section = "issues" if issue else "exceptions"
        words = tracer.strings(name, given)
        if given and not words:
            continue  # handed in from elsewhere; placeholders_filled still holds the names
        keys = {k for text in tracer.strings(name, key) for k in hits(text, texts[section])}
        for one in sorted(keys):
            wanted = placeholders(texts[section][one])
            if missing := wanted - words - (in_dialogs if issue else set()):
                yield f"{room.at(name, call)}: {section}.{one}: nothing for {sorted(missing)}"
            if len(keys) == 1 and (extra := words - wanted):
                yield f"{room.at(name, call)}: {section}.{one}: {sorted(extra)} not in the text"


def issues_used(room: Room) -> Iterator[str]:
    """Each repair that is raised has its text, and the way to fix it that it promises."""
    tracer = Tracer(room)
    issues = room.english.get("issues", {})
    used: dict[str, str] = {}
    for name, call in room.nodes(ast.Call):
        if called(call) != "async_create_issue":
            continue
        keys = tracer.strings(name, keyword(call, "translation_key"))
        if not keys:
            yield f"{room.at(name, call)}: async_create_issue without a traceable translation_key"
        used |= dict.fromkeys(keys, room.at(name, call))
        fixable = keyword(call, "is_fixable")
        for key in {k for text in keys for k in hits(text, issues)}:
            if isinstance(fixable, ast.Constant) and fixable.value != ("fix_flow" in issues[key]):
                yield f"{room.at(name, call)}: is_fixable and issues.{key} contradict each other"
    yield from compare(room, "issues", used, issues)


def selectors_used(room: Room) -> Iterator[str]:
    """Lists of choices have a text for each choice."""
    tracer = Tracer(room)
    known = room.english.get("selector", {})
    used: dict[str, str] = {}
    choices: dict[str, set[str]] = {}
    for name, call in room.nodes(ast.Call):
        if called(call) in {"SelectSelectorConfig", "SelectSelector"}:
            for key in tracer.strings(name, keyword(call, "translation_key")):
                used[key] = room.at(name, call)
                choices[key] = tracer.strings(name, keyword(call, "options"))
    for key, options in _yaml_selectors(room.services):
        used[key] = f"{room.domain}/services.yaml"
        choices[key] = options
    words = set().union(*room.literals.values())
    named = [key for key in known if any(f"selector.{key}." in text for text in words)]
    yield from compare(room, "selector", used, known, named)
    for key in used.keys() & known.keys():
        texts = set(known[key].get("options", {}))
        for option in sorted(choices[key] - texts if choices[key] else ()):
            yield f"{used[key]}: selector.{key}.options.{option} is not in translations/en.json"
        for option in sorted(texts - choices[key] if choices[key] else ()):
            yield f"{room.domain}/translations/en.json: selector.{key}.options.{option}: no choice"


def _yaml_selectors(tree: Any) -> Iterator[tuple[str, set[str]]]:
    if isinstance(tree, dict):
        select = tree.get("select")
        if isinstance(select, dict) and "translation_key" in select:
            options = select.get("options", [])
            yield (
                select["translation_key"],
                {o["value"] if isinstance(o, dict) else str(o) for o in options},
            )
        for branch in tree.values():
            yield from _yaml_selectors(branch)


def devices_used(room: Room) -> Iterator[str]:
    """Names of devices come from existing texts."""
    tracer = Tracer(room)
    used = {
        key: room.at(name, call)
        for name, call in room.nodes(ast.Call)
        if called(call) in {"DeviceInfo", "ChildDeviceInfo", "async_get_or_create"}
        for key in tracer.strings(name, keyword(call, "translation_key"))
    }
    tables = set().union(*(words for name, words in room.literals.items() if "catalog" in name))
    known = room.english.get("device", {})
    yield from compare(room, "device", used, known, tables & known.keys())


def services_registered(room: Room) -> Iterator[str]:
    """Every action that is registered is described in services.yaml, and the other way round."""
    tracer = Tracer(room)
    used: dict[str, str] = {}
    for name, call in room.nodes(ast.Call):
        spots = REGISTRATIONS.get(called(call))
        if not spots or (
            called(call) == "async_register" and "services" not in ast.unparse(call.func)
        ):
            continue
        value = call.args[spots[1]] if len(call.args) > spots[1] else keyword(call, "service")
        value = value or keyword(call, "name") or keyword(call, "service_name")
        keys = tracer.strings(name, value)
        if not keys:
            yield f"{room.at(name, call)}: cannot follow the action's name to a literal"
        used |= dict.fromkeys(keys, room.at(name, call))
    for name, where in used.items():
        if not hits(name, room.services):
            yield f"{where}: action {name} is not in services.yaml"
    for service in room.services:
        if not any(fnmatchcase(service, name) for name in used):
            yield f"{room.domain}/services.yaml: action {service} is never registered"
    fields = set().union(*(service_fields(spec) for spec in room.services.values()))
    words = set().union(*(tracer.strings(n, c.args[0]) for n, c in _schema_keys(room)))
    for field in sorted(fields - words if room.services else ()):
        yield f"{room.domain}/services.yaml: no schema of the code takes the field {field}"


def _schema_keys(room: Room) -> Iterator[tuple[str, ast.Call]]:
    for name, call in room.nodes(ast.Call):
        if called(call) in {"Required", "Optional", "Inclusive", "Exclusive"} and call.args:
            yield name, call


def platform_of(room: Room, tracer: Tracer, module: str, cls: str) -> str:
    """Return the platform of a description or entity class, "" where it has none."""
    seen = set[str]()
    todo = [cls]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if match := re.fullmatch(r"(\w+?)Entity(Description)?", name):
            platform = re.sub(r"(?<!^)(?=[A-Z])", "_", match[1]).lower()
            if platform in set(Platform) and name not in tracer.classes:
                return platform
        if name in tracer.classes:
            todo += [last_name(base) for base in tracer.classes[name][1].bases]
    stem = module.removesuffix(".py")
    return stem if stem in set(Platform) else ""
