"""The rows of an import while the user looks them over: what is wrong with them, what is open."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .checks import fitting_options
from .const import CONF_GUID
from .devices import (
    CONF_AREA,
    Device,
    clean_text,
    devices_of,
    is_known,
    links,
    shows_something,
    subentry_data,
)
from .endpoints import ASPECTS, Kind
from .importer import Row, pasted, take_address
from .probe import READABLE, Probed, Verdict

CONF_INCLUDE: Final = "include"
CONF_KIND: Final = "kind"
CONF_NOTE: Final = "note"
CONF_TITLE: Final = "title"

# With one of these a row cannot be added: it is mended, or switched off.
WRONG: Final = frozenset(
    {
        "duplicate",
        "no_guid",
        "no_kind",
        "no_name",
        "not_read",
        "nothing_to_show",
        "several_kinds",
        "unknown_guid",
    }
)


class Review:
    """Rows as they stand."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], kinds: Mapping[str, str], unnamed: str
    ) -> None:
        """Begin without rows; names of kinds, and of what is none yet, are in the user's words."""
        self._hass = hass
        self._entry = entry
        self._kinds = kinds
        self._unnamed = unnamed
        self.rows: list[Row] = []
        self.unreadable: list[int] = []
        """Numbers of lines that hold no device."""

    def start(self, rows: Iterable[Row]) -> None:
        """Take the rows of a list, and propose what is to become of them."""
        self.rows, self.unreadable = [], []
        for row in rows:
            if not row.guid:
                self.unreadable.append(row.line)
                continue
            row.name = row.name or f"{self._kinds.get(row.kind or '', self._unnamed)} {row.line}"
            self.rows.append(row)
        for row in self.rows:
            row.note = self._first_note(row)
            row.include = row.note in {"", "to_be_read"}

    def _first_note(self, row: Row) -> str:
        if is_known(self._hass, row.guid):
            return "already_configured"
        if row.elsewhere:
            return "other_server"
        if row.kind is None:
            return "several_kinds" if row.kinds else "to_be_read"
        return "" if self._options(row, row.kind) is not None else "bad_options"

    @property
    def chosen(self) -> list[Row]:
        """The rows that the user wants."""
        return [row for row in self.rows if row.include]

    @property
    def is_wrong(self) -> bool:
        """Whether one of them cannot be added."""
        return any(row.note in WRONG for row in self.chosen)

    @property
    def open(self) -> list[Row]:
        """Those of them that have to be looked at, because the list does not tell enough.

        One address alone does not: a dimmer can be switched too. Who copies all of them has said all.
        """
        return [
            row
            for row in self.chosen
            if not _tells_all(row) and set(kinds_to_read(row)) - row.looked
        ]

    def shown(self, notes: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the rows for a form."""
        return [
            {
                CONF_INCLUDE: row.include,
                CONF_TITLE: row.name,
                **({CONF_KIND: str(row.kind)} if row.kind else {}),
                CONF_AREA: row.area,
                CONF_GUID: row.guid,
                CONF_NOTE: notes.get(row.note, ""),
            }
            for row in self.rows
        ]

    def take(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Take the rows back from the form; whatever is not among them has been thrown away."""
        before = {row.guid: row for row in self.rows if row.guid}
        self.rows = [self._taken(item, before) for item in items]
        seen: set[str] = set()
        for row in self.rows:
            if row.include:
                row.note = self._note(row, seen)
                seen.add(row.guid)
            if row.note == "already_configured":
                row.include = False

    def _taken(self, item: Mapping[str, Any], before: dict[str, Row]) -> Row:
        found = pasted(item[CONF_GUID])  # the user may have put in another, or an address
        row = before.pop(found.guid, None) or Row(guid=found.guid, line=len(before) + 1)
        take_address(row, found)
        row.include = bool(item.get(CONF_INCLUDE, False))
        row.name = clean_text(item[CONF_TITLE])
        row.area = clean_text(item.get(CONF_AREA))
        if kind := item.get(CONF_KIND):
            row.kind = Kind(kind)
        else:
            row.kind = next(iter(row.kinds)) if len(row.kinds) == 1 else None
        if row.kind:
            row.aspects &= set(ASPECTS[row.kind])
        return row

    def _note(self, row: Row, seen: set[str]) -> str:
        """Return what is to be said of a row that the user wants."""
        if not row.guid:
            return "no_guid"
        if row.guid in seen:
            return "duplicate"
        if is_known(self._hass, row.guid):
            return "already_configured"
        if not row.name:
            return "no_name"
        if row.kind is None:
            return self._note_of_kind(row)
        if not set(kinds_to_read(row)) - row.looked and not shows_something(row.kind, row.aspects):
            return "nothing_to_show"
        return "" if self._options(row, row.kind) is not None else "bad_options"

    @staticmethod
    def _note_of_kind(row: Row) -> str:
        if row.kinds:
            return "several_kinds"
        return "to_be_read" if set(READABLE) - row.looked else "no_kind"

    def looked(self, row: Row, found: Probed) -> None:
        """Take in what was found out about a row."""
        if found.verdict is Verdict.UNKNOWN:
            row.note = "unknown_guid"
            return
        row.looked |= set(kinds_to_read(row))
        row.kind, row.aspects = found.kind or row.kind, set(found.aspects)
        row.note = self._note(row, set())

    def _options(self, row: Row, kind: Kind) -> dict[str, Any] | None:
        """Return a row's options as its kind has them, None if they do not fit."""
        linked: Mapping[str, str] = {}
        if kind is Kind.HVAC:
            linked = links([*devices_of(self._entry).values(), *map(_device, self.chosen)])
        return fitting_options(kind, row.aspects, row.options, linked)

    def data(self, row: Row) -> Any:
        """Return what a subentry keeps of a row; instead of options that do not fit the usual."""
        kind = row.kind or Kind.BUTTON
        options = self._options(row, kind)
        if options is None:
            options = fitting_options(kind, row.aspects, {}, {}) or {}
        area = {CONF_AREA: row.area} if row.area else {}
        return subentry_data(row.guid, kind, frozenset(row.aspects), **options, **area)


def _tells_all(row: Row) -> bool:
    """Return whether the list says all that a device can show."""
    if row.listed or (row.aspects and row.addresses > 1):
        return True
    return row.kind is not None and row.aspects >= set(ASPECTS[row.kind])


def kinds_to_read(row: Row) -> tuple[Kind, ...]:
    """Return as what a row can be read."""
    if row.kind is None:
        return READABLE
    return (row.kind,) if ASPECTS[row.kind] else ()


def _device(row: Row) -> Device:
    """Return the device that a row would become."""
    return Device(
        "", row.guid, row.name, row.kind or Kind.BUTTON, frozenset(row.aspects), row.options
    )
