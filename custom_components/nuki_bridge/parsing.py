"""Parsing of the bridge's answers and callbacks into models, with strict types.

Sources: vendor's Bridge HTTP API 1.13.3 and 1.6, and answers recorded from real bridges. JSON null
stands for a field that is not there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from .models import (
    BridgeInfo,
    Callback,
    CallbackBody,
    DeviceState,
    DeviceType,
    DiscoveredBridge,
    DoorState,
    NukiDevice,
)

MAX_ID = 0xFFFFFFFF


class MalformedError(ValueError):
    """Something is not of the documented form; the text names the field and never its value."""


def _whole(data: Mapping[str, Any], key: str, low: int, high: int) -> int | None:
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise MalformedError(key)
    return value


def _flag(data: Mapping[str, Any], key: str) -> bool | None:
    value = data.get(key)
    if value is not None and not isinstance(value, bool):
        raise MalformedError(key)
    return value


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise MalformedError(key)
    return value


def _moment(data: Mapping[str, Any], key: str) -> datetime | None:
    if not (value := _text(data, key)):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except ValueError, OverflowError:
        raise MalformedError(key) from None


def _door(data: Mapping[str, Any]) -> DoorState | None:
    code = _whole(data, "doorsensorState", 0, 255)
    if code is None:
        return None
    return DoorState(code) if code in DoorState else DoorState.UNDEFINED


def _object(data: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise MalformedError(what)
    return data


_STATE_FIELDS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "code": partial(_whole, key="state", low=0, high=255),
    "mode": partial(_whole, key="mode", low=0, high=255),
    "battery_critical": partial(_flag, key="batteryCritical"),
    "battery_charging": partial(_flag, key="batteryCharging"),
    "battery_level": partial(_whole, key="batteryChargeState", low=0, high=100),
    "keypad_battery_critical": partial(_flag, key="keypadBatteryCritical"),
    "door": _door,
    "ring_active": partial(_flag, key="ringactionState"),
    "ring_at": partial(_moment, key="ringactionTimestamp"),
    "updated_at": partial(_moment, key="timestamp"),
}


def _parse_state(data: Any, faults: list[str] | None = None) -> DeviceState:
    """Parse a state; given a list for the faults, a bad field is only a field less."""
    state: dict[str, Any] = {}
    for name, read in _STATE_FIELDS.items():
        try:
            state[name] = read(_object(data, "state"))
        except MalformedError as err:
            if faults is None:
                raise
            faults.append(str(err))
    return DeviceState(**state)


def _nuki_id(data: Mapping[str, Any]) -> int:
    nuki_id = _whole(data, "nukiId", 1, MAX_ID)
    if nuki_id is None:
        raise MalformedError("nukiId")
    return nuki_id


def _parse_device(data: Any, faults: list[str]) -> NukiDevice:
    item = _object(data, "device")
    last = item.get("lastKnownState")
    return NukiDevice(
        nuki_id=_nuki_id(item),
        device_type=_whole(item, "deviceType", 0, 255) or DeviceType.SMART_LOCK,
        name=_text(item, "name") or "",
        firmware_version=_text(item, "firmwareVersion"),
        last=DeviceState() if last is None else _parse_state(last, faults),
    )


def parse_devices(data: Any) -> tuple[dict[int, NukiDevice], list[str]]:
    """Parse the answer of /list into devices by Nuki id, and the names of fields left out.

    A device or a field that talks nonsense does not take the others with it.

    Raises:
        MalformedError: the answer is no list.
    """
    if not isinstance(data, list):
        raise MalformedError("list")
    devices: dict[int, NukiDevice] = {}
    faults: list[str] = []
    for item in data:
        try:
            device = _parse_device(item, faults)
        except MalformedError as err:
            faults.append(str(err))
        else:
            devices[device.nuki_id] = device
    return devices, faults


def parse_lock_state(data: Any) -> DeviceState:
    """Parse the answer of /lockState.

    Raises:
        MalformedError: a field is not of the documented type.
    """
    return _parse_state(data)


def parse_callback(data: Any) -> CallbackBody:
    """Parse the body of a callback, which anybody on the network could have written.

    Raises:
        MalformedError: a field is not of the documented type, or the state is missing.
    """
    body = _object(data, "callback")
    news = _parse_state(body)
    if news.code is None:
        raise MalformedError("state")
    # A callback bears no time of its own; one that does is not the bridge's.
    return CallbackBody(
        nuki_id=_nuki_id(body),
        device_type=_whole(body, "deviceType", 0, 255),
        news=replace(news, updated_at=None),
    )


def _signal_strengths(results: Any) -> dict[int, int]:
    """Return the signal of each device in range; API 1.6 spells the field "rsi"."""
    found: dict[int, int] = {}
    for item in results if isinstance(results, list) else []:
        try:
            result = _object(item, "scanResults")
            for key in ("rssi", "rsi"):
                if (strength := _whole(result, key, -200, 20)) is not None:
                    found[_nuki_id(result)] = strength
                    break
        except MalformedError:
            continue
    return found


def parse_info(data: Any) -> BridgeInfo:
    """Parse the answer of /info.

    Raises:
        MalformedError: an id is missing, or a field is not of the documented type.
    """
    info = _object(data, "info")
    ids = _object(info.get("ids"), "ids")
    versions = _object(info.get("versions") or {}, "versions")
    hardware_id = _whole(ids, "hardwareId", 1, MAX_ID)
    server_id = _whole(ids, "serverId", 0, MAX_ID)
    if hardware_id is None and not server_id:
        raise MalformedError("ids")
    return BridgeInfo(
        is_hardware=info.get("bridgeType") != 2,  # 1 hardware bridge, 2 software bridge
        hardware_id=hardware_id,
        server_id=server_id or 0,
        firmware_version=_text(versions, "firmwareVersion"),
        wifi_firmware_version=_text(versions, "wifiFirmwareVersion"),
        app_version=_text(versions, "appVersion"),
        uptime=_whole(info, "uptime", 0, 2**40),
        current_time=_moment(info, "currentTime"),
        server_connected=_flag(info, "serverConnected"),
        signal_strengths=_signal_strengths(info.get("scanResults")),
    )


def parse_callbacks(data: Any) -> list[Callback]:
    """Parse the answer of /callback/list.

    Raises:
        MalformedError: the answer is not of the documented form.
    """
    callbacks = _object(data, "callbacks").get("callbacks")
    if not isinstance(callbacks, list):
        raise MalformedError("callbacks")
    found = []
    for item in callbacks:
        callback_id = _whole(_object(item, "callback"), "id", 0, 255)
        if callback_id is None or (url := _text(item, "url")) is None:
            raise MalformedError("callback")
        found.append(Callback(callback_id, url))
    return found


def parse_log(data: Any) -> Sequence[dict[str, Any]]:
    """Parse the answer of /log: entries as they are, newest first.

    Raises:
        MalformedError: the answer is no list of objects.
    """
    if not isinstance(data, list):
        raise MalformedError("log")
    return [dict(_object(entry, "log")) for entry in data]


def parse_discovery(data: Any) -> list[DiscoveredBridge]:
    """Parse the answer of the vendor's discovery; a bridge with discovery off is left out.

    Raises:
        MalformedError: the answer is not of the documented form.
    """
    bridges = _object(data, "discovery").get("bridges")
    if not isinstance(bridges, list):
        raise MalformedError("bridges")
    found = []
    for item in bridges:
        bridge = _object(item, "bridge")
        host, port = _text(bridge, "ip"), _whole(bridge, "port", 0, 65535)
        if host and port and host != "0.0.0.0":  # noqa: S104  what the server sends for "off"
            found.append(DiscoveredBridge(_whole(bridge, "bridgeId", 0, MAX_ID) or 0, host, port))
    return found
