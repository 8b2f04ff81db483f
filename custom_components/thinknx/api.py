"""Client of a Thinknx server: reading, commanding, telegrams.

Source: the vendor's description "Thinknx Integration Kit" (2022-09-06).
"""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from .address import Address, Auth
from .endpoints import ORDERS, SERVER_STATUS, STATUSES, TELEGRAMS, Aspect, Command, Dpt
from .errors import ThinknxMixedUpError, ThinknxParameterError, ThinknxResponseError
from .models import Credentials, ServerStatus
from .parsing import is_about_another, parse_server_status
from .transport import Transport
from .values import Reading, reading, written

# Seconds for which a server may hold its reply until the device has answered.
FEEDBACK_TIMEOUT: Final = 3.0
FEEDBACK_TIMEOUT_FAR: Final = 6.0

# The description contradicts itself on the parameter of these: what some servers may want instead.
OTHER_PARAMETERS: Final[Mapping[Command, str | None]] = {
    Command.HEIGHT: "cmd",
    Command.TRIGGER: None,
}


class ThinknxClient:
    """One server; how requests travel is in Transport."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: Address,
        auth: Auth | None = None,
        user: str = "",
        password: str = "",
    ) -> None:
        """Take a session that is not closed here.

        Raises:
            ValueError: neither digest nor basic allow a colon in the user's name.
        """
        self._transport = Transport(session, address, auth, Credentials(user, password))
        self._far = bool(address.key)
        self._parameters: dict[Command, str | None] = {}  # that this server was found to want
        self.mixed_up = 0
        """Answers that were about something else than was asked for."""

    @property
    def address(self) -> Address:
        """Where the server is."""
        return self._transport.address

    @property
    def report(self) -> dict[str, Any]:
        """How the server answers: statuses, and seconds of reads and of commands."""
        return self._transport.report.as_json()

    def close(self) -> None:
        """Send nothing more."""
        self._transport.close()

    async def server_status(self) -> ServerStatus:
        """Read how the server is doing.

        Raises:
            ThinknxConnectionError, ThinknxAuthError, ThinknxBusyError, ThinknxResponseError.
        """
        answer, body = await self._transport.send(SERVER_STATUS)
        self._check(answer or {}, SERVER_STATUS)
        return parse_server_status(answer, body)

    async def read(self, guid: str, aspect: Aspect) -> Reading:
        """Read an aspect of a device.

        Raises:
            ThinknxNoDeviceError, ThinknxNotPossibleError, ThinknxParameterError: it refuses.
            And what server_status() raises.
        """
        controller = STATUSES[aspect].controller
        answer, _ = await self._transport.send(controller, [("guid", guid)])
        if answer is None:
            raise ThinknxResponseError("no JSON")
        self._check(answer, controller, guid)
        return _reading(answer, aspect)

    async def command(
        self, guid: str, command: Command, value: float, *, feedback: bool = False
    ) -> Reading | None:
        """Tell a device something; return what it then shows, if that was asked for and told.

        The server says so if it does not like a parameter, and then has done nothing: where the
        description is unclear the other one is sent, once and, if that was it, from then on.

        Raises:
            ThinknxUncertainError: the answer was lost, or did not come in time.
            ValueError: the value is not finite.
            And what read() raises.
        """
        parameter = self._parameters.get(command, ORDERS[command].parameter)
        other = OTHER_PARAMETERS.get(command, parameter)
        try:
            return await self._command(guid, command, value, parameter, feedback=feedback)
        except ThinknxParameterError:
            if other == parameter:
                raise
        shown = await self._command(guid, command, value, other, feedback=feedback)
        self._parameters[command] = other
        return shown

    async def _command(
        self, guid: str, command: Command, value: float, parameter: str | None, *, feedback: bool
    ) -> Reading | None:
        query: list[tuple[str, str | None]] = [("guid", guid)]
        if parameter is not None:
            query.append((parameter, written(value)))
        within = None
        if feedback:
            query.append(("fb", None))
            within = FEEDBACK_TIMEOUT_FAR if self._far else FEEDBACK_TIMEOUT
        answer, _ = await self._transport.send(command, query, acts=True, within=within)
        self._check(answer or {}, command, guid)
        aspect = ORDERS[command].aspect
        if not feedback or aspect is None or not answer or "status" not in answer:
            return None
        return _reading(answer, aspect)

    async def telegram(self, dpt: Dpt, group: str, value: float) -> Mapping[str, Any]:
        """Put a value on the bus; return what the server says that it has sent.

        Raises as command() does.
        """
        query = [("group", group), ("value", written(value))]
        controller = TELEGRAMS[dpt].controller
        answer, _ = await self._transport.send(controller, query, acts=True)
        self._check(answer or {}, controller)
        return answer or {}

    def _check(self, answer: Mapping[str, Any], controller: str, guid: str | None = None) -> None:
        """Refuse an answer to another question.

        Raises:
            ThinknxMixedUpError: it is one.
        """
        if is_about_another(answer, controller, guid):
            self.mixed_up += 1
            raise ThinknxMixedUpError("about something else")


def _reading(answer: Mapping[str, Any], aspect: Aspect) -> Reading:
    status = STATUSES[aspect]
    return reading(status.kind, answer.get("status"), status.codes)
