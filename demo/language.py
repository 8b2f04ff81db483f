"""The demo in another language than English."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .hass import HomeAssistantClient
from .problems import DemoError

WORDS = Path(__file__).parent / "words"
ENGLISH = "en"
LANGUAGES = (ENGLISH, *sorted(file.stem for file in WORDS.glob("*.yaml")))

# What is text in a dashboard.
TEXTS = {"title", "heading", "name"}


def words_of(language: str) -> dict[str, str]:
    """Return what texts of the demo are called in a language."""
    if language == ENGLISH:
        return {}
    words: dict[str, str] = yaml.safe_load((WORDS / f"{language}.yaml").read_text("utf-8"))
    return words


def in_words(board: Any, words: Mapping[str, str]) -> Any:
    """Return a dashboard, or a part of it, with its texts in other words.

    Raises:
        DemoError: there is a text without another word.
    """
    if isinstance(board, list):
        return [in_words(part, words) for part in board]
    if not isinstance(board, dict):
        return board
    if missing := {board[it] for it in TEXTS & board.keys()} - words.keys():
        raise DemoError(f"no other words for {', '.join(sorted(map(repr, missing)))}")
    return {
        key: words[part] if key in TEXTS else in_words(part, words) for key, part in board.items()
    }


async def call_by_name(
    client: HomeAssistantClient, words: Mapping[str, str], language: str
) -> None:
    """Call floors, rooms and devices by their names in a language, and speak it to the user.

    So are dashboards of Home Assistant's own, which it has named when it was still English.
    """
    for board in await client.call("lovelace/dashboards/list"):
        if title := words.get(board["title"]):
            await client.call("lovelace/dashboards/update", dashboard_id=board["id"], title=title)
    for registry in ("floor", "area"):
        for it in await client.call(f"config/{registry}_registry/list"):
            if (name := words.get(it["name"], it["name"])) != it["name"]:
                key = f"{registry}_id"
                await client.call(f"config/{registry}_registry/update", **{key: it[key]}, name=name)
    for device in await client.call("config/device_registry/list"):
        if name := words.get(device["name"]):
            await client.call(
                "config/device_registry/update", device_id=device["id"], name_by_user=name
            )
    await client.call("frontend/set_user_data", key="language", value={"language": language})
