"""The field's terms: the table of CONTRIBUTING.md, and the texts that are held to it."""

from collections.abc import Iterator
from pathlib import Path
import re

from tests.bundle.room import Room, flatten

NAMES = {"English": "en", "German": "de", "Italian": "it", "Dutch": "nl", "Swedish": "sv"}


def glossary(house: Path) -> list[dict[str, list[str]]]:
    """Return the terms of each row by language."""
    lines = (house / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    if list(NAMES) not in rows:
        return []
    found = []
    for row in rows[rows.index(list(NAMES)) + 2 :]:
        if len(row) != len(NAMES):
            break
        found.append(
            {code: cell.split(", ") for code, cell in zip(NAMES.values(), row, strict=True)}
        )
    return found


def terms_held(room: Room) -> Iterator[str]:
    """Where an English text uses a term of the field, the others use theirs."""
    terms = glossary(room.house)
    if not terms:
        yield "CONTRIBUTING.md: there is no table of words"
    english = flatten(room.english)
    for language in sorted(set(NAMES.values()) - {"en"}):
        texts = flatten(room.json(f"translations/{language}.json"))
        for key, text in english.items():
            for term in terms:
                if uses(text, term["en"][0]) and not any(
                    speaks(texts.get(key, ""), word) for word in term[language]
                ):
                    yield (
                        f"{room.domain}/translations/{language}.json: {'.'.join(key)}: "
                        f"'{term['en'][0]}' is not '{', '.join(term[language])}': {texts.get(key)}"
                    )


def terms_needed(house: Path) -> Iterator[str]:
    """Every term of the table is used by some text, and stands there once, in order."""
    texts = [
        text
        for path in house.glob("custom_components/*/translations/en.json")
        for text in flatten(Room(path.parents[1]).english).values()
    ]
    terms = [row["en"][0] for row in glossary(house)]
    yield from (
        f"CONTRIBUTING.md: no text uses '{term}'"
        for term in terms
        if not any(uses(text, term) for text in texts)
    )
    if terms != sorted(set(terms)):
        yield "CONTRIBUTING.md: the words are not in order"


def uses(text: str, term: str) -> bool:
    """Return whether an English text uses a term, in singular or plural."""
    return bool(re.search(rf"\b{re.escape(term)}(?:s|es)?\b", text, re.IGNORECASE))


def speaks(text: str, term: str) -> bool:
    """Return whether a text uses a term, in whatever case and number, perhaps in a compound."""
    # Endings are left to grammar.
    stems = (word[: max(3, len(word) - (2 if len(word) > 5 else 1))] for word in term.split())
    pattern = r"\w*\W+(?:\w+\W+)??\w*".join(re.escape(stem) for stem in stems)
    return bool(re.search(pattern, text, re.IGNORECASE))
