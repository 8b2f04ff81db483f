"""How values are written for people."""

from .attributes import CHOICES, Attribute
from .readings import Value
from .texts import translated


def text_of(attribute: Attribute, value: Value, language: str = "en") -> str | None:
    """Return the meaning of a number that has one."""
    if attribute.choices is None or attribute.bits:
        return None
    for name, number in CHOICES[attribute.choices]:
        if number == value:
            return translated(str(name), language)
    return None


def formatted(attribute: Attribute, value: Value, language: str) -> str:
    """Return a value with its unit, or its meaning."""
    if value is None:
        return ""
    if attribute.data_type == "enum":
        return text_of(attribute, value, language) or str(value)
    if attribute.data_type == "string":
        return str(value)
    number = float(value)
    if attribute.format == "%d":
        return str(int(number))
    # PHP's F is Python's f; the rest of the format is the same.
    return attribute.format.replace("F", "f", 1) % number


def choices_of(attribute: Attribute) -> list[dict[str, object]]:
    """Return the meanings of an attribute's numbers."""
    assert attribute.choices is not None
    return [{"nameEnum": name, "valueEnum": number} for name, number in CHOICES[attribute.choices]]
