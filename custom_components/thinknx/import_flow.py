"""Adding many devices at once: from a list, looked over by the user before anything is kept."""

import asyncio
from typing import Any, Final

import voluptuous as vol

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
    ObjectSelector,
    ObjectSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from .address import Address
from .connection import address_of
from .const import CONF_GUID, LOGGER
from .devices import CONF_AREA, KINDS, is_known
from .errors import ThinknxAuthError, ThinknxBusyError, ThinknxConnectionError, ThinknxError
from .forms import KIND_WORDS, NOTE_WORDS, async_words
from .importer import MOST_BYTES, Row, TooMuchError, UnreadableError, decode, read_list
from .probe import PacedReader, probe
from .review import CONF_INCLUDE, CONF_KIND, CONF_NOTE, CONF_TITLE, Review, kinds_to_read

CONF_FILE: Final = "file"
CONF_ROWS: Final = "rows"
CONF_TEXT: Final = "text"

MOST_NAMED: Final = 20
TRIES: Final = 3  # at a device while the server has too much to do

# What the fields and the notes of a row are called.
ROW_WORDS: Final = "selector.import_row.fields"

SOURCE_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_TEXT): TextSelector(TextSelectorConfig(multiline=True)),
        vol.Optional(CONF_FILE): FileSelector(
            FileSelectorConfig(accept=".csv,.txt,.json,.yaml,.yml")
        ),
    }
)
ROWS: Final = ObjectSelector(
    ObjectSelectorConfig(
        multiple=True,
        label_field=CONF_TITLE,
        description_field=CONF_NOTE,
        translation_key=ROW_WORDS.split(".")[1],
        fields={
            CONF_INCLUDE: {"selector": BooleanSelector()},
            CONF_TITLE: {"selector": TextSelector(), "required": True},
            CONF_KIND: {
                "selector": SelectSelector(
                    SelectSelectorConfig(
                        options=[str(kind) for kind in KINDS],
                        translation_key="kind",
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                )
            },
            CONF_AREA: {"selector": TextSelector()},
            CONF_GUID: {"selector": TextSelector(), "required": True},
            CONF_NOTE: {"selector": TextSelector(TextSelectorConfig(read_only=True))},
        },
    )
)
REVIEW_SCHEMA: Final = vol.Schema({vol.Required(CONF_ROWS): ROWS})


def _read(hass: HomeAssistant, text: str, file_id: str | None, address: Address) -> list[Row]:
    """Return the rows of a list, pasted or uploaded; called in an executor.

    Raises:
        TooMuchError, UnreadableError, ValueError, OSError: there are none, or too many.
    """
    if file_id:
        with process_uploaded_file(hass, file_id) as path:
            if path.stat().st_size > MOST_BYTES:
                raise TooMuchError
            text = decode(path.read_bytes())
    rows = read_list(text, address)
    if not any(row.guid for row in rows):
        raise UnreadableError
    return rows


class ThinknxImportFlow(ConfigSubentryFlow):
    """Many devices; it never becomes a subentry itself."""

    _review: Review

    def __init__(self) -> None:
        """Start with nothing read."""
        self._notes: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a list, pasted or in a file."""
        errors: dict[str, str] = {}
        if user_input is not None:
            text, file_id = user_input.get(CONF_TEXT, ""), user_input.get(CONF_FILE)
            address = address_of(self._get_entry().data)
            try:
                rows = await self.hass.async_add_executor_job(
                    _read, self.hass, text, file_id, address
                )
            except TooMuchError:
                errors["base"] = "too_much"
            except ValueError, OSError:
                errors["base"] = "unreadable"
            else:
                await self._begin(rows)
                return await self.async_step_review()
        # What was pasted may hold passwords: it is not shown again.
        return self.async_show_form(step_id="user", data_schema=SOURCE_SCHEMA, errors=errors)

    async def _begin(self, rows: list[Row]) -> None:
        self._notes = await async_words(self.hass, NOTE_WORDS)
        kinds = await async_words(self.hass, KIND_WORDS)
        unnamed = self._notes.get("unnamed", "")
        self._review = Review(self.hass, self._get_entry(), kinds, unnamed)
        self._review.start(rows)

    async def async_step_review(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what would be added; it can be changed, and left out."""
        review, errors = self._review, {}
        if user_input is not None:
            review.take(user_input[CONF_ROWS])
            if not review.chosen:
                errors["base"] = "nothing_chosen"
            elif not review.is_wrong:
                return await self.async_step_probe()
        if review.is_wrong:
            errors["base"] = "rows_wrong"
        known = {CONF_ROWS: review.shown(self._notes)}
        return self.async_show_form(
            step_id="review",
            data_schema=self.add_suggested_values_to_schema(REVIEW_SCHEMA, known),
            errors=errors,
            description_placeholders={
                "count": str(len(review.rows)),
                "unreadable": ", ".join(map(str, review.unreadable[:MOST_NAMED])) or "-",
            },
        )

    async def async_step_probe(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Look at those devices of which the list does not say what they can show."""
        if self._task is None:
            looking = self.hass.async_create_background_task(self._look(), "thinknx import")
            if looking.done():  # nothing was open, or nothing could be sent
                return await self._go_on()
            self._task = looking
        if not self._task.done():
            return self.async_show_progress(
                step_id="probe", progress_action="probe", progress_task=self._task
            )
        self._task = None
        wrong = self._review.is_wrong
        return self.async_show_progress_done(next_step_id="review" if wrong else "finish")

    async def _go_on(self) -> SubentryFlowResult:
        if self._review.is_wrong:
            return await self.async_step_review()
        return await self.async_step_finish()

    async def _look(self) -> None:
        """Read what is open, one value after the other and no quicker than else."""
        reader = PacedReader(self.hass, self._get_entry())
        rows = self._review.open
        for number, row in enumerate(rows):
            self.async_update_progress(number / len(rows))
            try:
                await self._look_at(reader, row)
            except ThinknxAuthError, ThinknxBusyError, ThinknxConnectionError:
                # The others would fare no better; they are looked at when the user tries again.
                for other in rows[number:]:
                    other.note = "not_read"
                return
            except ThinknxError:
                row.note = "not_read"
            except Exception:  # noqa: BLE001  a bug of ours must not end the user's dialog
                LOGGER.exception("Unexpected error while looking at a device")
                row.note = "not_read"

    async def _look_at(self, reader: PacedReader, row: Row) -> None:
        tries_left = TRIES
        while True:
            try:
                found = await probe(reader.read, row.guid, kinds_to_read(row))
            except ThinknxBusyError:
                tries_left -= 1
                if not tries_left:
                    raise
            else:
                self._review.looked(row, found)
                return

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add what is to be added, and say what was left out and why."""
        review, added = self._review, 0
        left_out = [(f"#{line}", "no_guid") for line in review.unreadable]
        for row in review.rows:
            if row.include and not self._add(row):
                row.note = "already_configured"  # by another dialog, meanwhile
            elif row.include:
                added += 1
            if row.note:
                left_out.append((row.name, row.note))
        lines = [f"- {name}: {self._notes.get(note, note)}" for name, note in left_out]
        if len(lines) > MOST_NAMED:
            lines[MOST_NAMED:] = ["- …"]
        return self.async_abort(
            reason="imported",
            description_placeholders={"added": str(added), "left_out": "\n".join(lines) or "-"},
        )

    def _add(self, row: Row) -> bool:
        """Add a device; return whether there was none yet."""
        if is_known(self.hass, row.guid):
            return False
        subentry = ConfigSubentry(
            data=self._review.data(row),
            subentry_type=str(row.kind),
            title=row.name,
            unique_id=row.guid,
        )
        self.hass.config_entries.async_add_subentry(self._get_entry(), subentry)
        return True
