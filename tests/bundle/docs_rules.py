"""The user's page of an integration, docs/<domain>.md."""

from collections.abc import Iterator
import re
from typing import Any

import pytest

from tests.bundle.room import PLACEHOLDER, Room
from tests.bundle.text_rules import flows, service_fields

HEADINGS = (
    "What it is",
    "Which devices",
    "Prerequisites",
    "Installation",
    "Setting up",
    "Options",
    "Entities",
    "Actions",
    "Events",
    "How data is updated",
    "Energy dashboard",
    "Automations and blueprints",
    "Coming from another integration",
    "Known limitations",
    "Troubleshooting",
    "Removal",
)
DOTS = "…"
# Reasons to close a dialog that tell of no trouble. Home Assistant's own messages are not among
# our texts, see CENTRAL_ABORTS of text_rules.
GOOD_ENDS = ("imported",)


def page(room: Room) -> str:
    """Return the page."""
    path = room.house / "docs" / f"{room.domain}.md"
    if not path.is_file():
        pytest.fail(f"docs/{room.domain}.md: missing", pytrace=False)
    return path.read_text(encoding="utf-8")


def chapters(room: Room) -> dict[str, str]:
    """Return the page's second-level chapters in order."""
    parts = re.split(r"^## +(.+?) *$", page(room), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def headings_in_order(room: Room) -> Iterator[str]:
    """The page has all chapters, in the order that all five share, none of them empty."""
    found = chapters(room)
    where = f"docs/{room.domain}.md"
    yield from (f"{where}: no heading '## {name}'" for name in HEADINGS if name not in found)
    yield from (
        f"{where}: heading '## {name}' is not in the plan" for name in found if name not in HEADINGS
    )
    if [name for name in found if name in HEADINGS] != [name for name in HEADINGS if name in found]:
        yield f"{where}: headings are not in the order of tests/bundle/docs_rules.py"
    yield from (f"{where}: '{name}' is empty" for name, text in found.items() if not text.strip())


def actions_documented(room: Room) -> Iterator[str]:
    """The page names each action and each of its fields."""
    chapter = chapters(room).get("Actions", "")
    where = f"docs/{room.domain}.md: Actions"
    for service, spec in room.services.items():
        if f"`{room.domain}.{service}`" not in chapter:
            yield f"{where}: does not name `{room.domain}.{service}`"
        for field in sorted(service_fields(spec)):
            if f"`{field}`" not in chapter:
                yield f"{where}: does not name the field `{field}` of {service}"


def forms_documented(room: Room) -> Iterator[str]:
    """The page names each field of the setup and of the options by its label."""
    found = chapters(room)
    for kind, flow in flows(room):
        chapter = {"options": "Options", "config": "Setting up"}.get(kind)
        if kind.startswith("config_subentries"):
            chapter = "Setting up"
        if chapter:
            for label in sorted(_labels(flow)):
                if label not in found.get(chapter, ""):
                    yield f"docs/{room.domain}.md: {chapter}: does not name '{label}'"


def _labels(flow: dict[str, Any]) -> set[str]:
    return {
        label
        for step in flow.get("step", {}).values()
        for part in (step, *step.get("sections", {}).values())
        for label in part.get("data", {}).values()
    }


def entities_documented(room: Room) -> Iterator[str]:
    """The page names each entity by its English name, in bold."""
    chapters_read = chapters(room)
    text = chapters_read.get("Entities", "") + chapters_read.get("Events", "")
    for platform, keys in room.english.get("entity", {}).items():
        for key, entity in keys.items():
            if (name := entity.get("name")) and f"**{_written(name)}**" not in text:
                yield (
                    f"docs/{room.domain}.md: Entities: does not name "
                    f"**{_written(name)}** ({platform}.{key})"
                )


def repairs_documented(room: Room) -> Iterator[str]:
    """The page names each repair by its English title, in italics or in bold."""
    text = chapters(room).get("Troubleshooting", "")
    for key, issue in room.english.get("issues", {}).items():
        if (title := issue.get("title")) and f"*{_written(title)}*" not in text:
            yield (
                f"docs/{room.domain}.md: Troubleshooting: does not name "
                f"the repair *{_written(title)}* ({key})"
            )


def choices_documented(room: Room) -> Iterator[str]:
    """The page names each way and each choice that a dialog offers, in bold."""
    found = chapters(room)
    for kind, flow in flows(room):
        chapter = "Options" if kind == "options" else "Setting up"
        for step in flow.get("step", {}).values():
            for label in step.get("menu_options", {}).values():
                if f"**{_written(label)}**" not in found.get(chapter, ""):
                    yield (
                        f"docs/{room.domain}.md: {chapter}: does not name "
                        f"the choice **{_written(label)}**"
                    )


def messages_documented(room: Room) -> Iterator[str]:
    """The page quotes the first sentence of each message of a dialog or an action."""
    text = " ".join(chapters(room).get("Troubleshooting", "").split())
    for path, message in _messages(room):
        sentence = _written(re.split(r"(?<=[.!?]) ", message)[0])
        # Most begin with a device's name and a colon: on the page three dots will do.
        sentence = sentence.replace(f"{DOTS}: ", f"{DOTS} ").replace(f"{DOTS}.", DOTS)
        if f'"{sentence}' not in text:
            yield f'docs/{room.domain}.md: Troubleshooting: does not quote "{sentence}" ({path})'


def _messages(room: Room) -> Iterator[tuple[str, str]]:
    for kind, flow in flows(room):
        for part in ("error", "abort"):
            for key, message in flow.get(part, {}).items():
                if key not in GOOD_ENDS:
                    yield f"{kind}.{part}.{key}", message
    for key, error in room.english.get("exceptions", {}).items():
        yield f"exceptions.{key}", error.get("message", "")


def _written(text: str) -> str:
    """Return a text as a page writes it: with three dots for each placeholder."""
    return DOTS.join(PLACEHOLDER.split(text)[::2])
