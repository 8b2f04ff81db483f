"""What a kettle says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kettle:
    """One answer of a kettle."""

    temperature: float
    mood: str
