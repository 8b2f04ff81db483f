"""What the command line can say about a simulator."""

from dataclasses import dataclass

from .clock import Clock


@dataclass(frozen=True, slots=True)
class Options:
    """Settings that all simulators take."""

    host: str
    port: int
    control_port: int
    seed: int
    clock: Clock
    profile: str | None
    """None: the simulator's own first choice."""
