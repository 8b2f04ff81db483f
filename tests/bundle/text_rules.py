"""The translations themselves: complete, equal in all languages, and well formed."""

import ast
from collections.abc import Iterator
import re
from typing import Any

from tests.bundle.room import LANGUAGES, Room, Texts, flatten, placeholders

SECTIONS = """
    config config_subentries device device_automation entity entity_component exceptions issues
    options selector services system_health title
"""
KEY = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*|_")
# Wrong in every text of an integration, and why.
WRONG = {
    r"\[%|%\]": "references to other texts are shown as they are",
    r"'\{\w+\}'": "no placeholder in single quotes",
    r"</?[a-z][^>]*>": "no HTML",
    r"(https?|ftp|mqtt)://\S|\bwww\.": "no URLs; use a placeholder",
    r"^\s|\s$": "no blanks around a text",
    r"\{(?!\w+\})|(?<!\w)\}": "broken placeholder",
}
# Raised by Home Assistant's own helpers, which bring the text along.
CENTRAL_ABORTS = """
    already_in_progress cloud_not_connected no_devices_found reauth_successful
    reconfigure_successful single_instance_allowed
"""
LONG = 40


def _languages(room: Room) -> Iterator[tuple[str, Texts]]:
    for language in LANGUAGES:
        yield language, flatten(room.json(f"translations/{language}.json"))


def languages_equal(room: Room) -> Iterator[str]:
    """All languages are there and have the same keys."""
    folder = room.path / "translations"
    for path in sorted(folder.glob("*")):
        if path.name not in {f"{language}.json" for language in LANGUAGES}:
            yield f"{room.domain}/translations/{path.name}: not one of the languages"
    english = flatten(room.english)
    for language, texts in _languages(room):
        where = f"{room.domain}/translations/{language}.json"
        yield from (f"{where}: {'.'.join(key)} is missing" for key in english if key not in texts)
        yield from (f"{where}: {'.'.join(key)} is not in en" for key in texts if key not in english)


def texts_sound(room: Room) -> Iterator[str]:
    """Every text is a text that Home Assistant and hassfest accept."""
    for language, texts in _languages(room):
        for key, text in texts.items():
            where = f"{room.domain}/translations/{language}.json: {'.'.join(key)}"
            if not isinstance(text, str) or not text.strip():
                yield f"{where}: empty"
                continue
            for pattern, why in WRONG.items():
                if re.search(pattern, text, re.IGNORECASE):
                    yield f"{where}: {why}"


def placeholders_equal(room: Room) -> Iterator[str]:
    """A text has the same placeholders in all languages."""
    english = flatten(room.english)
    for language, texts in _languages(room):
        for key in english.keys() & texts.keys():
            found, wanted = placeholders(str(texts[key])), placeholders(str(english[key]))
            if found != wanted:
                yield (
                    f"{room.domain}/translations/{language}.json: {'.'.join(key)}: "
                    f"has {sorted(found)}, en has {sorted(wanted)}"
                )


def texts_translated(room: Room) -> Iterator[str]:
    """No long text was left in English."""
    english = flatten(room.english)
    for language, texts in _languages(room):
        for key, text in texts.items():
            if language != "en" and len(str(text)) > LONG and text == english.get(key):
                yield f"{room.domain}/translations/{language}.json: {'.'.join(key)}: still English"


def keys_legal(room: Room) -> Iterator[str]:
    """Sections and keys are those that Home Assistant reads."""
    where = f"{room.domain}/translations/en.json"
    for section in room.english:
        if section not in SECTIONS.split():
            yield f"{where}: no such section: {section}"
    for path in flatten(room.english):
        for key in path:
            if not KEY.fullmatch(key):
                yield f"{where}: {'.'.join(path)}: '{key}' is no legal key"
    if room.english.get("title", room.manifest.get("name")) != room.manifest.get("name"):
        yield f"{where}: title differs from the manifest's name"
    for kind, flow in flows(room):
        for reason in flow.get("abort", {}):
            if reason in CENTRAL_ABORTS.split():
                yield f"{where}: {kind}.abort.{reason}: Home Assistant has this text itself"


def flows(room: Room) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the texts of each flow with their path."""
    for kind in ("config", "options"):
        if kind in room.english:
            yield kind, room.english[kind]
    for kind, flow in room.english.get("config_subentries", {}).items():
        yield f"config_subentries.{kind}", flow
    for key, issue in room.english.get("issues", {}).items():
        if "fix_flow" in issue:
            yield f"issues.{key}.fix_flow", issue["fix_flow"]


def steps(room: Room) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each step, and each section of a step, with its path."""
    for kind, flow in flows(room):
        for name, step in flow.get("step", {}).items():
            yield f"{kind}.step.{name}", step
            for part, section in step.get("sections", {}).items():
                yield f"{kind}.step.{name}.sections.{part}", section


def fields_described(room: Room) -> Iterator[str]:
    """Every field of a form says what belongs into it."""
    for path, step in steps(room):
        fields, described = step.get("data", {}), step.get("data_description", {})
        where = f"{room.domain}/translations/en.json: {path}"
        for name in fields:
            if name not in described:
                yield f"{where}.data_description.{name} is missing"
        for name in described:
            if name not in fields:
                yield f"{where}.data.{name} is missing, but described"


def issues_complete(room: Room) -> Iterator[str]:
    """A repair has a title and either a description or a way to fix it."""
    for key, issue in room.english.get("issues", {}).items():
        where = f"{room.domain}/translations/en.json: issues.{key}"
        if "title" not in issue:
            yield f"{where}: no title"
        if ("description" in issue) == ("fix_flow" in issue):
            yield f"{where}: needs a description or a fix_flow, and not both"


def placeholders_filled(room: Room) -> Iterator[str]:
    """The code names every placeholder of every text."""
    known = set().union(*room.literals.values())
    names = {word.arg for _, call in room.nodes(ast.Call) for word in call.keywords}
    for key, text in flatten(room.english).items():
        for name in placeholders(str(text)) - known - names:
            yield (
                f"{room.domain}/translations/en.json: {'.'.join(key)}: "
                f"nothing in the code fills {{{name}}}"
            )


def services_described(room: Room) -> Iterator[str]:
    """Actions and their fields have name and description, and no others are described."""
    texts = room.english.get("services", {})
    where = f"{room.domain}/translations/en.json: services"
    yield from (f"{where}.{key}: not in services.yaml" for key in texts.keys() - room.services)
    for service, spec in room.services.items():
        text = texts.get(service, {})
        yield from _named(f"{where}.{service}", text)
        fields = service_fields(spec)
        for field in fields:
            yield from _named(
                f"{where}.{service}.fields.{field}", text.get("fields", {}).get(field)
            )
        for field in text.get("fields", {}).keys() - fields:
            yield f"{where}.{service}.fields.{field}: not in services.yaml"
        for field, body in ((spec or {}).get("fields") or {}).items():
            if {"name", "description"} & set(body or {}):
                yield f"{room.domain}/services.yaml: {service}.{field}: texts belong to translations"


def _named(where: str, text: dict[str, str] | None) -> Iterator[str]:
    for part in ("name", "description"):
        if not (text or {}).get(part):
            yield f"{where}.{part} is missing"


def service_fields(spec: dict[str, Any] | None) -> set[str]:
    """Return the fields of an action, those in collapsed sections included."""
    found = set()
    for name, field in ((spec or {}).get("fields") or {}).items():
        found |= set(field["fields"]) if field and "fields" in field else {name}
    return found
