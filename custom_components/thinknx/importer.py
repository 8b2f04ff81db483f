"""Lists of devices: reading what people paste or upload, and writing what they take along.

Secrets in copied addresses are dropped while they are read; nothing of them is kept.
"""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
import csv
from dataclasses import dataclass, field
from io import StringIO
import json
import re
from typing import Any, Final

import yaml

from .address import LONGEST, Address, Pasted, read_pasted
from .connection import is_elsewhere
from .const import CONF_ASPECTS, CONF_GUID
from .devices import CONF_AREA, Device, clean_text
from .endpoints import ASPECTS, KINDS, ORDERS, STATUSES, Aspect, Command, Kind

MOST_BYTES: Final = 1_000_000
MOST_ROWS: Final = 2000
COLUMNS: Final = ("name", "guid", "kind", "area", "aspects", "options")
DELIMITERS: Final = ";\t,"
SYNONYMS: Final[Mapping[str, str]] = {
    "address": "guid",
    "url": "guid",
    "title": "name",
    "type": "kind",
    "room": "area",
}
KIND_NAMES: Final[Mapping[str, Kind]] = {**{str(kind): kind for kind in Kind}, "blind": Kind.COVER}

# The C loader is a hundred times as fast, where there is one.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
REFERENCES: Final = (yaml.AliasToken, yaml.AnchorToken, yaml.TagToken)

# What a spreadsheet takes for a formula, unless an apostrophe stands before it.
_FORMULA = re.compile(r"'*[=+\-@]")
_QUOTED_FORMULA = re.compile(r'=\s*"(.*)"')


@dataclass(slots=True)
class Row:
    """A device of a list."""

    guid: str = ""
    name: str = ""
    kind: Kind | None = None
    area: str = ""
    aspects: set[Aspect] = field(default_factory=set)
    options: dict[str, Any] = field(default_factory=dict)
    kinds: set[Kind] = field(default_factory=set)  # that its addresses speak of
    addresses: int = 0  # that were about it
    listed: bool = False  # its aspects were named, not only worked out from addresses
    elsewhere: bool = False  # its address is another server's
    line: int = 0

    include: bool = False  # what the user wants
    note: str = ""  # what the user has to know, as a key of the translations
    looked: set[Kind] = field(default_factory=set)  # as which it was read, and showed nothing


class TooMuchError(ValueError):
    """The list is too long."""


class UnreadableError(ValueError):
    """The list is none."""


def decode(raw: bytes) -> str:
    """Return the text of a file, whichever program has written it."""
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_list(text: str, address: Address | None = None) -> list[Row]:
    """Return the devices of a list, those with one GUID as one; lines that hold none have none.

    Args:
        text: addresses, names and addresses, CSV with a heading, JSON or YAML.
        address: of the server; rows of another one are marked.

    Raises:
        TooMuchError, UnreadableError: nothing can be taken.
    """
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise TooMuchError
    rows: list[Row] = []
    for number, row in enumerate(_rows(text.lstrip("\ufeff").strip(), address), 1):
        if number > MOST_ROWS:
            raise TooMuchError
        row.line = row.line or number
        rows.append(row)
    if not rows:
        raise UnreadableError
    return _merged(rows)


def _rows(text: str, address: Address | None) -> Iterator[Row]:
    heading = text.partition("\n")[0].lower()
    titled = re.search("guid|url|address", heading) and "://" not in heading
    if text[:1] in {"[", "{"} or text.startswith(("- ", "---", "devices:")):
        yield from (_row(item, address) for item in _items(text))
    elif titled and any(mark in heading for mark in DELIMITERS):
        yield from _table(text, max(DELIMITERS, key=heading.count), address)
    else:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                name, bar, rest = line.rpartition("|")
                row = _row({"name": name if bar else "", "guid": rest}, address)
                row.line = number
                yield row


def _table(text: str, delimiter: str, address: Address | None) -> Iterator[Row]:
    """Read CSV; the heading's order is anyone's."""
    try:
        for cells in csv.DictReader(StringIO(text), delimiter=delimiter):
            yield _row({str(key).strip().lower(): it for key, it in cells.items()}, address)
    except csv.Error as err:
        raise UnreadableError from err


def _items(text: str) -> list[Mapping[str, Any]]:
    """Return the maps of JSON or YAML; references, by which a little grows into much, are none."""
    try:
        if text[0] in "[{":
            found = json.loads(text)
        elif any(isinstance(token, REFERENCES) for token in yaml.scan(text, Loader=LOADER)):
            raise UnreadableError
        else:
            found = yaml.load(text, Loader=LOADER)  # noqa: S506  it is one of the safe ones
    except (ValueError, RecursionError, yaml.YAMLError) as err:
        raise UnreadableError from err
    if isinstance(found, dict):
        found = found.get("devices")
    if not isinstance(found, list):
        raise UnreadableError
    items = [{"guid": item} if isinstance(item, str) else item for item in found]
    if not all(isinstance(item, dict) for item in items):
        raise UnreadableError
    return items


def _row(item: Mapping[str, Any], address: Address | None) -> Row:
    """Return the device of a line; it has no GUID if there is none."""
    cells = {SYNONYMS.get(key, key): raw for key, raw in item.items() if raw not in (None, "")}
    row = Row(name=_word(cells.get("name")), area=_word(cells.get("area")))
    found = pasted(_cell(cells.get("guid")))
    if not found.guid:
        return row
    row.guid = found.guid
    if found.address and address:
        row.elsewhere = is_elsewhere(found.address, address)
    take_address(row, found)
    row.kind = KIND_NAMES.get(_word(cells.get("kind")).lower())
    listed = cells.get("aspects", ())
    names = (
        listed.split() if isinstance(listed, str) else listed if isinstance(listed, list) else ()
    )
    listed_aspects = {aspect for aspect in Aspect if aspect in {str(name) for name in names}}
    row.listed = bool(listed_aspects)
    row.aspects |= listed_aspects
    row.options = _options(cells.get("options"))
    return row


def take_address(row: Row, found: Pasted) -> None:
    """Note what an address says of the device that it is about."""
    if found.controller in KINDS:
        row.addresses += 1
        row.kinds.add(KINDS[found.controller])
        row.aspects |= aspects_of(found.controller)


def pasted(text: str) -> Pasted:
    """Return what an address or a GUID tells, which may be nothing."""
    try:
        return read_pasted(text)
    except ValueError:
        return Pasted(None)


def aspects_of(controller: str) -> set[Aspect]:
    """Return what can be read where a controller is offered."""
    if controller in set(Command):
        aspect = ORDERS[Command(controller)].aspect
        return {aspect} if aspect else set()
    return {aspect for aspect, status in STATUSES.items() if status.controller == controller}


def _options(raw: Any) -> dict[str, Any]:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError, RecursionError:
            return {}
    if not isinstance(raw, dict):
        return {}
    return {
        str(key): clean_text(value) if isinstance(value, str) else value
        for key, value in raw.items()
        if isinstance(value, bool | int | float) or (isinstance(value, str) and _word(value))
    }


def _cell(raw: Any) -> str:
    """Return the text of a cell without what keeps spreadsheets from taking it for a formula."""
    text = clean_text(raw, LONGEST)
    if found := _QUOTED_FORMULA.fullmatch(text):
        text = found[1]
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _word(raw: Any) -> str:
    """Return a name; an address, which may hold a password, is none."""
    text = clean_text(_cell(raw))
    return "" if "://" in text or "pass=" in text.lower() else text


def _merged(rows: Iterable[Row]) -> list[Row]:
    """Return one row for each GUID; several addresses together tell what it is."""
    merged: dict[str, Row] = {}
    for row in rows:
        first = merged.setdefault(row.guid or f"line {row.line}", row)
        if first is row:
            continue
        first.name = first.name or row.name
        first.area = first.area or row.area
        first.kind = first.kind or row.kind
        first.kinds |= row.kinds
        first.aspects |= row.aspects
        first.addresses += row.addresses
        first.listed = first.listed or row.listed
        first.options = row.options | first.options
        first.elsewhere = first.elsewhere or row.elsewhere
    for row in merged.values():
        if row.kind is None and len(row.kinds) == 1:
            row.kind = next(iter(row.kinds))
        if row.kind:
            row.aspects &= set(ASPECTS[row.kind])
    return list(merged.values())


def write_list(devices: Iterable[Device]) -> str:
    """Return devices as CSV, which read_list() takes back."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";")
    writer.writeheader()
    for device in devices:
        options = {
            key: value
            for key, value in device.options.items()
            if key not in {CONF_GUID, CONF_ASPECTS, CONF_AREA} and value not in (None, "")
        }
        cells = {
            "name": device.name,
            "guid": device.guid,
            "kind": str(device.kind),
            "area": device.area or "",
            "aspects": " ".join(it for it in ASPECTS[device.kind] if it in device.aspects),
            "options": json.dumps(options) if options else "",
        }
        writer.writerow({column: _guarded(cell) for column, cell in cells.items()})
    return text.getvalue()


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
