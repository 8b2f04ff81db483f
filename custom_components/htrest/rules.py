"""What may be written, and in what form: the server checks neither access nor the pump's limits."""

from enum import StrEnum

from .catalog import CODES, SETTABLE_MODES
from .catalog_types import Parameter
from .models import DataType, Kind, Value

STEPS = {DataType.BOOL: 1.0, DataType.INT: 1.0, DataType.FLOAT: 0.5}


class Refusal(StrEnum):
    """Why a value is not written; the translation keys of the errors."""

    NOT_EXACT = "not_exact"
    NOT_WRITABLE = "not_writable"
    OUT_OF_RANGE = "out_of_range"


def refusal(parameter: Parameter, value: Value, *, raw: bool = False) -> Refusal | None:
    """Return why a value may not be written, or None.

    Args:
        parameter: of the catalogue.
        value: the value.
        raw: whether any setting of the catalogue may be written, in any step.
    """
    if parameter.kind is Kind.MEASURED or not (raw or parameter.settable):
        return Refusal.NOT_WRITABLE
    if parameter.name in CODES and value not in SETTABLE_MODES:
        return Refusal.OUT_OF_RANGE
    if not parameter.low <= value <= parameter.high:
        return Refusal.OUT_OF_RANGE
    step = STEPS[parameter.data_type]
    if raw and parameter.data_type is DataType.FLOAT:
        return None
    return None if value % step == 0 else Refusal.NOT_EXACT


def in_type(parameter: Parameter, value: float) -> Value:
    """Return a value in the type of a point."""
    match parameter.data_type:
        case DataType.BOOL:
            return bool(value)
        case DataType.INT:
            return int(value)
        case DataType.FLOAT:
            return float(value)
