"""Client of the heat pump's local REST API: its endpoints.

Source: the vendor's description of the API (menu 7.5.15), and answers of real heat pumps.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson

from .errors import (
    NibeConnectionError,
    NibeNoSuchPointError,
    NibeNotConfirmedError,
    NibeNotSupportedError,
    NibeRefusedError,
    NibeResponseError,
    NibeStatusError,
    NibeUncertainError,
)
from .models import AidMode, Alarm, Device, Point, PointList, Raw, SmartMode, WriteAnswer
from .parsing import MalformedError, PointParser, parse_alarms, parse_devices, parse_write
from .transport import Transport

MODE_RE_READS = (0.0, 1.0, 3.0)  # seconds; a mode is not always shown at once


class NibeClient:
    """One heat pump, known by its serial number; how requests travel is in Transport."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        user: str,
        password: str,
        serial: str = "",
        language: str = "en",
    ) -> None:
        """Take a session from pinned_session(); language is a BCP 47 tag for titles."""
        self._transport = Transport(session, host, port, user, password)
        self._path = f"devices/{serial}"
        self._serial = serial
        self._language = language
        self._parser = PointParser()

    @property
    def last_success(self) -> datetime | None:
        """When the heat pump last answered as it should."""
        return self._transport.last_success

    @property
    def requests_last_hour(self) -> int:
        """How many requests were sent within the last hour."""
        return self._transport.requests_last_hour

    async def devices(self) -> list[Device]:
        """Read all heat pumps behind this address (GET /devices).

        Raises:
            NibeConnectionError, NibeCertificateError, NibeAuthError, NibeResponseError.
        """
        return await self._get("devices", parse_devices)

    async def points(self) -> PointList:
        """Read all points in one request (GET /points). Raises as devices() does."""
        return await self._get(f"{self._path}/points", self._parser.parse)

    async def point(self, point_id: int) -> tuple[Point, Raw]:
        """Read one point (GET /points/{id}).

        Raises:
            NibeNoSuchPointError: it does not exist, or not at the moment.
            NibeConnectionError, NibeCertificateError, NibeAuthError, NibeResponseError.
        """

        def parse(data: Any) -> tuple[Point, Raw]:
            return self._parser.parse_one(point_id, data)

        try:
            return await self._get(f"{self._path}/points/{point_id}", parse, urgent=True)
        except NibeStatusError as err:
            if err.status == HTTPStatus.NOT_FOUND:
                raise NibeNoSuchPointError from None
            raise

    async def write(self, point_id: int, raw: int) -> Raw | WriteAnswer:
        """Write a raw value; return what the heat pump says of it (PATCH /points).

        Neither the answer "modified" nor a whole point proves anything: only a point that shows
        the value that was asked for does, here or when it is read again.

        Raises:
            NibeNoSuchPointError, NibeRefusedError: the heat pump says so.
            NibeUncertainError: the connection broke after sending.
            NibeConnectionError, NibeCertificateError, NibeAuthError, NibeResponseError.
        """
        body = [
            {
                "type": "datavalue",
                "isOk": True,
                "variableId": point_id,
                "integerValue": raw,
                "stringValue": "",
            }
        ]
        try:
            data = await self._transport.send("PATCH", f"{self._path}/points", body, urgent=True)
        except NibeStatusError as err:
            match err.status:
                case HTTPStatus.NOT_FOUND:
                    raise NibeNoSuchPointError from None
                case HTTPStatus.BAD_REQUEST:
                    raise NibeRefusedError from None
                case _:
                    raise
        answer = _parsed(lambda decoded: parse_write(point_id, decoded), _decoded(data))
        match answer:
            case WriteAnswer.NO_SUCH_POINT:
                raise NibeNoSuchPointError
            case WriteAnswer.READ_ONLY:
                raise NibeRefusedError
            case WriteAnswer.MODIFIED:
                return answer
        return _parsed(lambda item: self._parser.parse_one(point_id, item), answer)[1]

    async def set_mode(self, mode: AidMode | SmartMode) -> Device:
        """Set the aid mode or the smart mode; return the heat pump once it says so.

        The description spells the keys aidMode and smartMode; some firmware takes only small
        letters, and ignores the others without a word (POST /aidmode, /smartmode).

        Raises:
            NibeNotConfirmedError: it took the mode, but shows another one.
            NibeUncertainError: the connection broke after sending.
            NibeConnectionError, NibeCertificateError, NibeAuthError, NibeResponseError.
        """
        key = "aidMode" if isinstance(mode, AidMode) else "smartMode"
        for spelling in (key, key.lower()):
            body = {spelling: str(mode)}
            try:
                await self._transport.send("POST", f"{self._path}/{key.lower()}", body, urgent=True)
            except NibeStatusError as err:
                if err.status != HTTPStatus.BAD_REQUEST:
                    raise
            if device := await self._device_in(mode):
                return device
        raise NibeNotConfirmedError

    async def _device_in(self, mode: AidMode | SmartMode) -> Device | None:
        """Return the heat pump once it shows the mode; None if it keeps to another."""
        for pause in MODE_RE_READS:
            await asyncio.sleep(pause)
            try:
                devices = await self.devices()
            except (NibeConnectionError, NibeResponseError) as err:
                raise NibeUncertainError from err
            for device in devices:
                if device.serial == self._serial and mode in (device.aid_mode, device.smart_mode):
                    return device
        return None

    async def alarms(self) -> list[Alarm]:
        """Read the alarms that stand (GET /notifications). Raises as devices() does."""
        return await self._get(f"{self._path}/notifications", parse_alarms)

    async def reset_alarms(self) -> None:
        """Reset the alarms (DELETE /notifications); whether that helps the alarms will tell.

        Raises:
            NibeNotSupportedError: this firmware does not (405), or fails at it (500).
            NibeUncertainError: the connection broke after sending.
            NibeConnectionError, NibeCertificateError, NibeAuthError, NibeResponseError.
        """
        try:
            await self._transport.send("DELETE", f"{self._path}/notifications", urgent=True)
        except NibeStatusError as err:
            if err.status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR):
                raise NibeNotSupportedError from None
            raise

    async def _get[T](self, path: str, parse: Callable[[Any], T], *, urgent: bool = False) -> T:
        data = await self._transport.send("GET", path, urgent=urgent, language=self._language)
        return _parsed(parse, _decoded(data))


def _decoded(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise NibeResponseError("no JSON") from None


def _parsed[T](parse: Callable[[Any], T], answer: Any) -> T:
    try:
        return parse(answer)
    except MalformedError as err:
        raise NibeResponseError(f"malformed: {err}") from None
