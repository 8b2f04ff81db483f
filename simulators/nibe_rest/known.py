"""How a point is written down whose meaning is publicly known."""

from dataclasses import dataclass, replace

from .points import Kind, Register, Size, When

ALL = "gav"
GROUND, AIR = "g", "av"
"""Models that have a point, by letter: ground source, air with control module, air with tank."""

_REGISTERS = {"I": Register.INPUT, "H": Register.HOLDING, "": Register.NONE}


@dataclass(frozen=True, slots=True)
class Known:
    """A point of which the id, the register or both are known."""

    id: int
    """0: only the register is known, the id is drawn."""
    register: str
    """`I` or `H` and the number; without a number it is drawn; empty: no register at all."""
    title: str
    unit: str = ""
    divisor: int = 1
    size: Size = Size.S16
    live: str = ""
    value: int | None = None
    """None: the default of a setting; a reading that nothing feeds is not there."""
    low: int = 0
    high: int = 0
    default: int = 0
    change: int = 1
    description: str = ""
    models: str = ALL
    kind: Kind = Kind.INTEGER
    when: When = When.ALWAYS
    locked: bool = False
    """A holding register that is nevertheless reported as not writable."""

    @property
    def kind_of_register(self) -> Register:
        """Return the kind of its register."""
        return _REGISTERS[self.register[:1]]

    @property
    def register_id(self) -> int:
        """Return its register; 0 if that is drawn or there is none."""
        return int(self.register[1:] or 0)

    @property
    def words(self) -> int:
        """Return how many registers it takes."""
        return 2 if self.size.bits == 32 else 1


def temperature(number: int, register: str, title: str, live: str = "", models: str = ALL) -> Known:
    """Return a sensor; one that nothing feeds is not connected."""
    return Known(number, register, title, "°C", 10, Size.S16, live, change=5, models=models)


def reading(
    number: int,
    register: str,
    title: str,
    unit: str,
    divisor: int,
    size: Size,
    live: str = "",
    models: str = ALL,
    *,
    value: int | None = None,
) -> Known:
    """Return a measured or counted quantity."""
    return Known(number, register, title, unit, divisor, size, live, value, models=models)


def state(
    number: int,
    register: str,
    title: str,
    live: str = "",
    description: str = "",
    models: str = ALL,
    *,
    value: int | None = 0,
    size: Size = Size.U8,
) -> Known:
    """Return a state with a number per meaning."""
    return Known(
        number, register, title, "", 1, size, live, value, description=description, models=models
    )


def setting(
    number: int,
    register: str,
    title: str,
    unit: str,
    divisor: int,
    size: Size,
    low: int,
    high: int,
    default: int,
    models: str = ALL,
    *,
    live: str = "",
    change: int = 1,
    when: When = When.ALWAYS,
) -> Known:
    """Return a number that can be set; limits and default are raw."""
    return Known(
        number,
        register,
        title,
        unit,
        divisor,
        size,
        live,
        low=low,
        high=high,
        default=default,
        change=change,
        models=models,
        when=when,
    )


def choice(
    number: int,
    register: str,
    title: str,
    high: int,
    default: int = 0,
    description: str = "",
    models: str = ALL,
    *,
    low: int = 0,
    when: When = When.ALWAYS,
    size: Size = Size.U8,
) -> Known:
    """Return a switch or a selection; a `high` of 0 declares no limits."""
    return Known(
        number,
        register,
        title,
        "",
        1,
        size,
        low=low,
        high=high,
        default=default,
        description=description,
        models=models,
        when=when,
    )


def clock_time(number: int, register: str, title: str, value: int, kind: Kind = Kind.TIME) -> Known:
    """Return a time in seconds since midnight, or a date in days since 2010."""
    return Known(number, register, title, size=Size.UNKNOWN, value=value, kind=kind)


def locked(point: Known) -> Known:
    """Return a point of a holding register that cannot be written."""
    return replace(point, locked=True)
