"""The description that the server publishes, and its validation of what is sent."""

from typing import Any

_ENTRY = "time_prog_entry_model"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/definitions/{name}"}


def _integer(description: str, example: int, *, read_only: bool = True) -> dict[str, Any]:
    facts = {"type": "integer", "description": description, "example": example, "minimum": 0}
    return facts | ({"readOnly": True} if read_only else {})


def _text(description: str, example: str, *, read_only: bool = False) -> dict[str, Any]:
    facts = {"type": "string", "description": description, "example": example}
    return facts | ({"readOnly": True} if read_only else {})


def _model(required: list[str], **properties: Any) -> dict[str, Any]:
    model = {"properties": properties, "type": "object"}
    return ({"required": required} if required else {}) | model


_VALUE = {
    "type": ["number", "boolean"],
    "description": "parameter value",
    "example": "number or boolean",
}
_HEAD = {
    "index": _integer("index of the time program", 0),
    "name": _text("name of the time program", "Warmwasser", read_only=True),
    "ead": _integer("number of entries a day of the time program", 7),
    "nos": _integer("number of states of the time program", 3),
    "ste": _integer("step-size in minutes of the time program", 15),
    "nod": _integer("number of days of the time program", 7),
}
_WHEN = {"format": "date-time"}
DEFINITIONS: dict[str, dict[str, Any]] = {
    "device_model": _model(
        ["serial_number", "software_version"],
        property_id=_integer("property number of the heat pump", 123456),
        serial_number=_integer("serial number of the heat pump", 123456),
        software_version=_text("software version of the heat pump", "3.0.20", read_only=True),
    ),
    "fault_list_entry_model": _model(
        ["datetime", "error", "index", "message"],
        index=_integer("fault list index", 28),
        error=_integer("error code", 19),
        datetime=_text("date and time of the error", "2014-09-14T02:08:56", read_only=True) | _WHEN,
        message=_text("error message", "EQ_Spreizung", read_only=True),
    ),
    "fault_list_size_model": _model(["size"], size=_integer("fault list size", 62)),
    "date_time_model": _model(
        ["datetime"],
        datetime=_text("current date and time of the heat pump", "2026-11-20T14:54:31") | _WHEN,
    ),
    "param_list_model": _model([], **{"*": {"type": "object", "additionalProperties": _VALUE}}),
    "param_model": _model(["value"], value=_VALUE),
    "time_prog_model": _model([], **_HEAD),
    "time_prog_with_entries_model": _model(
        ["entries"],
        **_HEAD,
        entries={"type": "array", "items": {"type": "array", "items": _ref(_ENTRY)}},
    ),
    _ENTRY: _model(
        ["end", "start", "state"],
        state=_integer("state of the time program entry", 1, read_only=False),
        start=_text("start-time of the time program entry", "09:45"),
        end=_text("end-time of the time program entry", "11:15"),
    ),
}
_TAGS = {
    "device": "Delivers information about the connected heat pump.",
    "faultlist": "Operations related to the heat pump fault list.",
    "datetime": "Operations related to the date and time of the heat pump.",
    "param": "Operations related to the heat pump parameters.",
    "fastquery": "Fast query of heat pump parameters representing a 'MP' data point.",
    "timeprog": "Operations related to the time programs of the heat pump.",
}
# Path, model of its answers, whether a list of them, methods.
_PATHS = (
    ("/datetime/", "date_time_model", False, "get put"),
    ("/device/", "device_model", False, "get"),
    ("/fastquery/", "param_list_model", False, "get"),
    ("/fastquery/{name}", "param_model", False, "get"),
    ("/faultlist/", "fault_list_entry_model", True, "get"),
    ("/faultlist/last", "fault_list_entry_model", False, "get"),
    ("/faultlist/size", "fault_list_size_model", False, "get"),
    ("/faultlist/{id}", "fault_list_entry_model", False, "get"),
    ("/param/", "param_list_model", False, "get put"),
    ("/param/{name}", "param_model", False, "get put"),
    ("/timeprog/", "time_prog_model", True, "get"),
    ("/timeprog/{id}", "time_prog_with_entries_model", False, "get put"),
    ("/timeprog/{id}/{day}/{num}", _ENTRY, False, "get put"),
)


def swagger() -> dict[str, Any]:
    """Return the whole description."""
    return {
        "swagger": "2.0",
        "basePath": "/api/v1",
        "paths": {path: _path(path, *facts) for path, *facts in _PATHS},
        "info": {
            "title": "HtREST",
            "version": "1.0",
            "description": "Heliotherm heat pump REST API",
        },
        "produces": ["application/json"],
        "consumes": ["application/json"],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "definitions": DEFINITIONS,
        "responses": {
            "ParseError": {"description": "When a mask can't be parsed"},
            "MaskError": {"description": "When any error occurs on mask"},
        },
    }


def _path(path: str, model: Any, many: Any, methods: Any) -> dict[str, Any]:
    tag = path.split("/")[1]
    schema = {"type": "array", "items": _ref(model)} if many else _ref(model)
    operations: dict[str, Any] = {}
    for method in methods.split():
        operations[method] = {
            "responses": {"200": {"description": "Success", "schema": schema}},
            "operationId": f"{method}_{model.removesuffix('_model')}",
            "tags": [tag],
        }
        if method == "put":
            payload = {"name": "payload", "required": True, "in": "body", "schema": _ref(model)}
            operations[method]["parameters"] = [payload]
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    if names:
        operations["parameters"] = [
            {
                "in": "path",
                "name": name,
                "required": True,
                "type": "string" if name == "name" else "integer",
            }
            for name in reversed(names)
        ]
    return operations


def errors_of(model: str, payload: Any) -> dict[str, str]:
    """Return what is wrong with a payload, by the place where it is."""
    found: dict[str, str] = {}
    _validate(DEFINITIONS[model], payload, "", found)
    return found


def _validate(schema: dict[str, Any], value: Any, place: str, found: dict[str, str]) -> None:
    if "$ref" in schema:
        schema = DEFINITIONS[schema["$ref"].rpartition("/")[2]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(kind, value) for kind in kinds):
        found[place] = f"{value!r} is not of type {', '.join(map(repr, kinds))}"
        return
    if isinstance(value, int) and value < schema.get("minimum", value):
        found[place] = f"{value!r} is less than the minimum of {schema['minimum']}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            _validate(schema["items"], item, _inside(place, index), found)
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                found[_inside(place, name)] = f"{name!r} is a required property"
        for name, part in schema.get("properties", {}).items():
            if name in value:
                _validate(part, value[name], _inside(place, name), found)


def _inside(place: str, name: int | str) -> str:
    return f"{place}.{name}" if place else str(name)


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)
