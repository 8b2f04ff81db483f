"""The values of a site that come with the list of all sites.

Source: recorded answers of the demo account to users/installations with `extended=1`: what is in a
row, which rows lack what, and that PHP turns an object whose keys are 0, 1, 2... into a list.
"""

from typing import TYPE_CHECKING, Any

from .attributes import SERVICES
from .devices import DeviceType
from .formats import choices_of, formatted, text_of
from .rows import Row, by_instance, rows_of
from .site import Site
from .table_devices import BY_CODE
from .texts import translated

if TYPE_CHECKING:
    from .simulator import VrmSimulator

_FIRST = (
    *("v", "lt", "lg", "S", "bv", "bs", "bc", "bst", "si1", "si2", "tr", "tst", "tsT", "coV"),
    *("cp", "gaNG", "sca", "st", "ss", "rtt", "tscn", "nr", "sk", "evcn", "evf", "evp", "evs"),
    *("evt", "dem", "guiHash", "decp", "dea", "vrm", "GUIv", "shai"),
)
_LAST = ("s", "ASoc", "tf", "tl", "Agl", "tcn")
_SUMMARIES = {
    "consumption": ("a1", "a2", "a3", "dc"),
    "solar_yield": ("P", "P2", "P3", "Pi", "Pi2", "Pi3", "Pdc", "Pj", "Pj2", "Pj3"),
    "from_to_grid": ("g1", "g2", "g3"),
    "generator": ("gs1", "gs2", "gs3"),
    "ac_in": ("Pi", "Pi2", "Pi3"),
    "ac_out": ("P", "P2", "P3"),
}
_PARTS = frozenset(code for codes in _SUMMARIES.values() for code in codes)
_WANTED = frozenset(_FIRST + _LAST) | _PARTS
# These show their values by instance only.
_BARE = frozenset({"tl", "tcn", "evf", "evcn"})
_NEVER_DATED = frozenset({"lt", "lg"})


def extended_rows(simulator: VrmSimulator, site: Site, language: str) -> list[dict[str, Any]]:
    """Return the rows."""
    found: dict[str, list[Row]] = {}
    for row in rows_of(site, simulator.now, _WANTED):
        found.setdefault(row.attribute.code, []).append(row)
    rows = [_row(found[code], language) for code in _FIRST if code in found]
    if site.flows:
        rows += [_summary(code, found) for code in _SUMMARIES]
    rows += [_row(found[code], language) for code in _LAST if code in found]
    if "bst" in found:
        rows.append(_soc_status(site, found["bst"][0], language))
    return rows


def _row(rows: list[Row], language: str) -> dict[str, Any]:
    """Return an attribute; its values at the top are those of the last instance."""
    last = max(rows, key=lambda row: row.device.instance)
    attribute, device = last.attribute, last.device
    bare = attribute.code in _BARE
    row: dict[str, Any] = {
        "idDataAttribute": attribute.id,
        "code": attribute.code,
        "description": translated(attribute.description, language),
        "formatWithUnit": attribute.format,
        "dataType": attribute.data_type,
        # The grid alarm comes from the inverter and belongs to the system.
        "idDeviceType": DeviceType.SYSTEM if attribute.code == "Agl" else device.type,
        "textValue": _text(last),
        "instance": device.instance,
        "timestamp": None if attribute.code in _NEVER_DATED else last.at,
        "dbusServiceType": attribute.service or _service(attribute.code),
        "dbusPath": attribute.path,
        "rawValue": last.value,
        "formattedValue": formatted(attribute, last.value, language),
    }
    if bare:
        for key in ("textValue", "instance", "rawValue", "formattedValue"):
            del row[key]
    if by_instance(device):
        row["instances"] = _instances(rows, language)
    if attribute.choices is not None:
        row["dataAttributeEnumValues"] = choices_of(attribute)[:8]
    return row


def _service(code: str) -> str | None:
    kind, attribute = BY_CODE[code]
    return SERVICES.get(kind) if attribute.path else None


def _text(row: Row) -> str | int | None:
    text = text_of(row.attribute, row.value)
    if row.attribute.code == "bst" and text is not None:
        return text.lower()
    # A number as name is a number at some sites.
    if text is not None and text.isdecimal() and row.device.number_texts:
        return int(text)
    return text


def _instances(rows: list[Row], language: str) -> dict[str, Any] | list[Any]:
    rows = sorted(rows, key=lambda row: row.device.instance)
    values = {
        str(row.device.instance): {
            "rawValue": row.value,
            "formattedValue": formatted(row.attribute, row.value, language),
            "textValue": _text(row),
            "timestamp": row.at,
        }
        for row in rows
    }
    if list(values) == [str(number) for number in range(len(values))]:
        return list(values.values())
    return values


def _summary(code: str, found: dict[str, list[Row]]) -> dict[str, Any]:
    """Return a row that sums others up; float noise included."""
    parts = [found[part][0] for part in _SUMMARIES[code] if part in found]
    if not parts:
        return {
            "rawValue": None,
            "formatWithUnit": "",
            "consistsOfAttributeCodes": list(_SUMMARIES[code]),
            "dataAttributes": [],
            "timestamp": None,
            "code": code,
            "description": code.capitalize(),
            "textValue": None,
            "formattedValue": "",
            "idDataAttribute": None,
        }
    value = sum(float(part.value or 0) for part in parts)
    return {
        "rawValue": int(value) if value == int(value) else value,
        "formatWithUnit": "%.0F W",
        "consistsOfAttributeCodes": list(_SUMMARIES[code]),
        "dataAttributes": [
            {
                "instance": part.device.instance,
                "idDataAttribute": part.attribute.id,
                "code": part.attribute.code,
                "dbusServiceType": "system",
                "dbusPath": part.attribute.path,
                "idDeviceType": part.device.type,
            }
            for part in parts
        ],
        "timestamp": parts[0].at,
        "idDataAttribute": None,
        "code": code,
        "description": code.capitalize(),
        "textValue": None,
        "formattedValue": f"{value:.0f} W",
    }


def _soc_status(site: Site, state: Row, language: str) -> dict[str, Any]:
    """Return a row without instance and time; its number is a step of the battery's content."""
    percent = site.percent(site.ledger.at(state.at)) or 0
    text = formatted(state.attribute, state.value, language)
    return {
        "code": "soc_status",
        "description": "SOC Status",
        "rawValue": int(percent // 25 * 25),
        "formattedValue": text,
        "textValue": text,
        "idDataAttribute": None,
    }
