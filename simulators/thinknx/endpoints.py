"""The paths of the API and their answers.

Source: the vendor's wiki page "integration_kit" (2022-09-06). Guesses, where it is silent: a page
for people under unknown paths, `params errors` for whatever is missing or out of range, a command
carried out once the server has had its time to think about it, unknown parameters ignored.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from aiohttp import web

from .answers import IMPOSSIBLE, NOT_FOUND, PARAMS, Answers, Fields, RefusedError, object_text, page
from .controllers import COMMANDS, CONTROLLERS, READINGS, SERVER_STATUS, TELEGRAMS, Command
from .devices import Device
from .hostile import encoded, instead, send
from .knx import SentTelegram, deliver, parse_number, valid_group, valid_value
from .stats import CommandRecord
from .styles import HeightParameter, Profile, Spelling, TriggerCommand
from .tricks import INSTEAD, Trick, TrickKind

if TYPE_CHECKING:
    from .simulator import ThinknxSimulator

_PATH = re.compile(r"(?:/([^/]+))?/api/([Vv]1)/(.+)")
_FORM = "application/x-www-form-urlencoded"
_SECRET = frozenset({"pass", "user"})


@dataclass(frozen=True, slots=True)
class Route:
    """What a path means."""

    controller: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an endpoint."""

    at: float
    method: str
    controller: str
    params: Mapping[str, str]
    """The first value of each parameter."""
    fb: bool

    @property
    def guid(self) -> str:
        """Return the GUID that is asked about, empty if none is."""
        return self.params.get("guid", "")


def masked_path(path: str) -> str:
    """Return a path without the key that may be in it."""
    matched = _PATH.fullmatch(path)
    if matched is None or matched[1] is None:
        return path
    return f"/***/api/{matched[2]}/{matched[3]}"


class Endpoints:
    """Answers the requests to a server."""

    def __init__(self, simulator: ThinknxSimulator) -> None:
        """Answer for a simulator."""
        self._simulator = simulator
        self._answers = Answers(simulator)

    def route(self, path: str) -> Route | None:
        """Return what a path means to this server; None: nothing."""
        simulator = self._simulator
        matched = _PATH.fullmatch(path)
        if matched is None or matched[3] not in CONTROLLERS:
            return None
        if simulator.spelling not in {Spelling.BOTH, matched[2]}:
            return None
        if (matched[1] is None) is not (simulator.profile is Profile.LOCAL):
            return None
        return Route(matched[3], matched[1])

    async def respond(self, request: web.Request, gone: asyncio.Event) -> web.Response:
        """Carry a request out."""
        simulator = self._simulator
        arrived = simulator.clock.monotonic()
        if simulator.service_seconds > 0:
            await simulator.clock.sleep(simulator.service_seconds)
        simulator.settle()
        if (route := self.route(request.path)) is None:
            return page(HTTPStatus.NOT_FOUND)
        if request.method not in {"GET", "POST"}:
            return page(HTTPStatus.METHOD_NOT_ALLOWED)
        call = await self._call(request, route.controller, arrived)
        if (refusal := simulator.gate.turn_away(request, call.params, route.key)) is not None:
            return refusal
        simulator.stats.asked(call.controller, call.guid)
        record = self._recorded(call)
        trick = simulator.tricks.take(call.controller, call.guid)
        response = await self._answer(request, call, trick, gone)
        if record is not None:
            record.status = response.status
        return response

    async def _answer(
        self, request: web.Request, call: Call, trick: Trick | None, gone: asyncio.Event
    ) -> web.Response:
        simulator = self._simulator
        if trick is not None and trick.kind in INSTEAD:
            return instead(trick, self._answers)
        try:
            fields = await self._fields(call, gone)
        except RefusedError as refused:
            return self._answers.error(str(refused))
        if gone.is_set():
            return web.Response()
        if call.controller in READINGS:
            simulator.stats.read(call.controller, call.guid, simulator.clock.monotonic())
        if trick is None:
            return self._answers.good(self._text(call, fields))
        answer = self._answers.good(encoded(trick, fields))
        if trick.kind is TrickKind.LATE:
            await simulator.clock.sleep(trick.seconds)
        return web.Response() if await send(trick, request, answer, simulator.clock) else answer

    def _text(self, call: Call, fields: Fields) -> str:
        forgotten = None
        if call.controller == SERVER_STATUS and self._simulator.missing_comma:
            forgotten = "server_uptime"
        return object_text(fields, forgotten_comma=forgotten)

    async def _call(self, request: web.Request, controller: str, arrived: float) -> Call:
        """Read the parameters: those of the query, then those of a form."""
        _, _, query = request.raw_path.partition("?")
        pairs = _pairs(query)
        if request.method == "POST" and request.content_type == _FORM:
            body = await request.read()
            pairs += _pairs(body.decode("utf-8", "surrogateescape"))
        fb = any(
            name == "fb" and (value is None or not self._simulator.strict_fb)
            for name, value in pairs
        )
        params: dict[str, str] = {}
        for name, value in pairs:
            if value is not None:
                params.setdefault(name, value)
        return Call(arrived, request.method, controller, params, fb)

    def _recorded(self, call: Call) -> CommandRecord | None:
        """Take note of a command."""
        if call.controller not in COMMANDS and call.controller not in TELEGRAMS:
            return None
        hidden = _SECRET | {"guid"}
        params = {name: value for name, value in call.params.items() if name not in hidden}
        record = CommandRecord(call.at, call.method, call.controller, call.guid, params, call.fb)
        self._simulator.stats.commands.append(record)
        return record

    async def _fields(self, call: Call, gone: asyncio.Event) -> Fields:
        """Do what is asked and return the answer."""
        simulator = self._simulator
        if call.controller == SERVER_STATUS:
            return simulator.server.fields()
        if call.controller in TELEGRAMS:
            return self._telegram(call)
        if "guid" not in call.params:
            raise RefusedError(PARAMS)
        device = simulator.plant.find(call.guid)
        if device is None or call.guid in simulator.restricted:
            raise RefusedError(NOT_FOUND)
        if call.controller not in device.controllers:
            raise RefusedError(simulator.unsupported_error)
        if (reading := READINGS.get(call.controller)) is not None:
            return self._answers.device(call.controller, call.guid, device, reading.function)
        return await self._command(call, device, COMMANDS[call.controller], gone)

    async def _command(
        self, call: Call, device: Device, command: Command, gone: asyncio.Event
    ) -> Fields:
        """Send a command over the bus, and wait for its confirmation if that is asked for."""
        simulator = self._simulator
        value = self._value(call, command)
        if simulator.plant.refuses(device, call.controller):
            raise RefusedError(IMPOSSIBLE)
        pending = simulator.plant.command(device, call.controller, value)
        shown = None
        if call.fb and command.function is not None:
            if simulator.fb_answered:
                await simulator.pulse.confirmed(pending, gone)
            else:
                await gone.wait()
            shown = command.function if simulator.fb_status else None
        return self._answers.device(call.controller, call.guid, device, shown)

    def _value(self, call: Call, command: Command) -> float:
        """Return the value of a command; refuse one that makes no sense."""
        simulator = self._simulator
        names: tuple[str, ...] = ("cmd",)
        if call.controller == "heightlevel":
            chosen = simulator.height_parameter
            names = ("val", "cmd") if chosen is HeightParameter.EITHER else (chosen.value,)
        text = next((call.params[name] for name in names if name in call.params), None)
        if call.controller == "trigger" and simulator.trigger_command is not TriggerCommand.NEEDED:
            if text is None:
                return 1
            if simulator.trigger_command is TriggerCommand.REFUSED:
                raise RefusedError(PARAMS)
        value = parse_number(text, decimal=command.decimal)
        if value is None or not (command.decimal or command.low <= value <= command.high):
            raise RefusedError(PARAMS)
        return value

    def _telegram(self, call: Call) -> Fields:
        """Send a telegram."""
        simulator = self._simulator
        group = call.params.get("group")
        value = valid_value(call.controller, call.params.get("value"))
        if group is None or value is None or not valid_group(group, suffix=simulator.group_suffix):
            raise RefusedError(PARAMS)
        telegram = SentTelegram(call.at, call.controller, group, value)
        simulator.stats.telegrams.append(telegram)
        deliver(simulator.plant, telegram)
        return self._answers.telegram(call.controller, group, value)


def _pairs(text: str) -> list[tuple[str, str | None]]:
    """Return the parameters of a query or a form; empty ones do no harm."""
    pairs: list[tuple[str, str | None]] = []
    for part in text.split("&"):
        name, given, value = part.partition("=")
        if part:
            pairs.append((unquote_plus(name), unquote_plus(value) if given else None))
    return pairs
