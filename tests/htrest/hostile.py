"""Servers that answer what they should not."""

from collections.abc import Callable
from dataclasses import replace
import json
from typing import Any

import pytest

from simulators.htrest import HtRestSimulator, Value
from simulators.htrest.line import SerialError
from simulators.htrest.points import Point


def change_answers(
    server: HtRestSimulator, patterns: set[str], change: Callable[[Any], Any]
) -> None:
    """Let all good answers to some kinds of request be changed, as a faulty proxy would."""
    genuine = server.endpoints.respond

    def respond(request: Any) -> Any:
        pattern, response = genuine(request)
        if pattern in patterns and response.status == 200:
            body = json.dumps(change(json.loads(response.body))).encode()
            response = replace(response, body=body)
        return pattern, response

    server.endpoints.respond = respond  # type: ignore[method-assign]


def spoil_point(server: HtRestSimulator, name: str) -> None:
    """Let a point be answered with an error whose text no version of the server is known for."""
    genuine = server.line.read

    def read(point: Point) -> Value:
        value = genuine(point)
        if point.name == name:
            raise SerialError("something nobody has seen before")
        return value

    server.line.read = read  # type: ignore[method-assign]


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what is in the log that a user would worry about, but for what HA always says."""
    return [
        f"{record.name}: {record.getMessage()}"
        for record in caplog.records
        if (record.levelname in {"WARNING", "ERROR", "CRITICAL"} or record.exc_info)
        and record.levelname != "DEBUG"
        and "custom integration" not in record.getMessage()
    ]
