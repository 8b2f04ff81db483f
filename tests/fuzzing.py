"""Nonsense for parsers: arbitrary JSON, genuine answers gone wrong, bytes that are no text.

Hunting takes a hundred times as many examples, other ones each time:

    python -m pytest -p tests.fuzzing --hypothesis-profile hunt tests/nuki_bridge/test_fuzz.py
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timezone
from functools import partial
import gzip
from http import HTTPStatus
import json
import logging
import math
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, TypeAliasType, Union, get_args, get_origin, get_type_hints, override

from aiohttp.web import Request, Response
from hypothesis import HealthCheck, Phase, reject, settings, strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.strategies import DrawFn, SearchStrategy
import orjson

from simulators.base import Simulator

HUNT: Final = "hunt"
# Where it keeps what it has read of our code; of examples it keeps none.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".cache" / "hypothesis")
settings.register_profile(HUNT)

type Place = tuple[str | int, ...]


def fuzz(examples: int) -> settings:
    """Return settings under which a test tries the same examples each time."""
    hunting = settings.get_current_profile_name() == HUNT
    return settings(
        max_examples=examples * (100 if hunting else 1),
        derandomize=not hunting,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        # Fixtures are meant to live on, and how busy a machine is proves nothing.
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
    )


# Values

EMPTY: Final[tuple[Any, ...]] = (None, False, True, 0, "", [], {})
NUMBERS: Final = (
    *(1, -1, 2, 7, 255, 256, -128, 2**31, -(2**31), 2**32, 2**53 + 1, 2**63, -(2**63), 2**64),
    *(10**30, 10**400, -(10**400), 0.5, -0.0, 1.5e-7, 5e-324, 1e308, -1e308),
    *(math.nan, math.inf, -math.inf),
)
TEXTS: Final = (
    *(
        " ",
        "\x00",
        "\n",
        "\ufeff",
        "\ud800",
        "\u202e",
        "é€💥",
        "x" * 300,
        "9" * 5000,
        "../..",
        "%s",
    ),
    *("null", "true", "NaN", "inf", "1", "-1", "1.5", "1,5", "1e999", "0x10", "1_0", "٣", "²"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00"),
    *("9999-12-31T23:59:59", "2026-02-30T00:00:00", "2026-11-20", "24:00", "25:61", "24:00:61"),
)
DEPTHS: Final = (2, 50, 900)


def _nested(depth: int, *, as_object: bool) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = {"a": found} if as_object else [found]
    return found


texts = st.sampled_from(TEXTS) | st.text(max_size=12)
leaves = (
    st.sampled_from(EMPTY)
    | st.sampled_from(NUMBERS)
    | st.integers()
    | st.floats()
    | texts
    | st.datetimes().map(datetime.isoformat)
)
arbitrary_json: SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)
nonsense: SearchStrategy[Any] = (
    st.sampled_from(EMPTY)
    | leaves
    | arbitrary_json
    | st.builds(_nested, st.sampled_from(DEPTHS), as_object=st.booleans())
)

# Of another kind than anything that a device says in earnest.
impossible: SearchStrategy[Any] = st.sampled_from(
    (None, [], {}, [[]], {"a": 1}, "", math.nan, math.inf, 10**400, -(10**30))
)


# Answers


@st.composite
def mutated(draw: DrawFn, answers: Sequence[Any], instead: SearchStrategy[Any] = nonsense) -> Any:
    """Draw a genuine answer, of which up to four things are no longer as they were.

    What is impossible is of another kind than before, and can be told for nonsense by that.
    """
    changes = _BREAKING if instead is impossible else _CHANGES
    answer = draw(st.sampled_from(answers))
    for _ in range(draw(st.integers(1, 4))):
        place = _place(draw, answer)
        change = draw(st.sampled_from(changes))
        answer = _changed(answer, place, partial(change, draw, instead))
    return answer


def _place(draw: DrawFn, answer: Any) -> Place:
    place: list[str | int] = []
    while isinstance(answer, dict | list) and answer and draw(st.integers(0, 4)):
        key = draw(
            st.sampled_from(list(answer) if isinstance(answer, dict) else range(len(answer)))
        )
        place.append(key)
        answer = answer[key]
    return tuple(place)


class _Gone:
    """What stands where nothing is to stand any more."""


_GONE: Final = _Gone()


def _changed(answer: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    """Return an answer with another thing at a place; the old answer stays as it is."""
    if not place:
        return None if (found := change(answer)) is _GONE else found
    key, rest = place[0], place[1:]
    inner = change(answer[key]) if not rest else _changed(answer[key], rest, change)
    if isinstance(answer, dict):
        others = {name: inner if name == key else it for name, it in answer.items()}
        return {name: it for name, it in others.items() if it is not _GONE}
    items = [inner if number == key else it for number, it in enumerate(answer)]
    return [it for it in items if it is not _GONE]


def _replaced(draw: DrawFn, instead: SearchStrategy[Any], value: Any) -> Any:
    return draw(instead)


def _dropped(draw: DrawFn, instead: SearchStrategy[Any], value: Any) -> Any:
    return _GONE


def _shortened(draw: DrawFn, instead: SearchStrategy[Any], value: Any) -> Any:
    """Cut a list, a text or an object off; of all else a list is made."""
    if not isinstance(value, str | list | dict):
        return [value]
    length = draw(st.integers(0, min(len(value), 20)))
    return dict(list(value.items())[:length]) if isinstance(value, dict) else value[:length]


def _other_type(draw: DrawFn, instead: SearchStrategy[Any], value: Any) -> Any:
    """Write the same in another way."""
    if isinstance(value, bool) or value is None:
        return draw(st.sampled_from((str(value).lower(), 0, 1, [value])))
    if isinstance(value, int) and draw(st.booleans()) and abs(value) < 2**53:
        return float(value)
    if isinstance(value, int | float):
        return draw(st.sampled_from((str(value), [value], {"value": value}, value > 0)))
    if isinstance(value, str):
        return draw(st.sampled_from(([value], {value: value}, len(value))))
    if isinstance(value, list):
        return draw(st.sampled_from((dict(enumerate(value)), value + value, [value], str(value))))
    return draw(st.sampled_from((list(value.values()), [value], list(value), str(value))))


def _renamed(draw: DrawFn, instead: SearchStrategy[Any], value: Any) -> Any:
    """Give a thing of an object another name; all else is replaced."""
    if not isinstance(value, dict) or not value:
        return draw(instead)
    old, new = draw(st.sampled_from(list(value))), draw(texts)
    return {new if name == old else name: it for name, it in value.items()}


_BREAKING: Final = (_replaced, _dropped, _other_type, _renamed)
_CHANGES: Final = (_replaced, _replaced, _dropped, _shortened, _other_type, _renamed)


# Bytes

HTML: Final = b"<!DOCTYPE html><html><head><title>Login</title></head><body>502</body></html>"
ODD_BYTES: Final = (
    *(b"", b" ", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"null", b"{", b"[", b"{}", b"[]", b"{}{}"),
    *(b'"\\ud800"', b'{"a": "\xff"}', b"1e999", b"-", b"NaN", b"Infinity", b"9" * 400),
    *(b"[" * 3000, b'{"a":' * 3000, b"[" * 900 + b"]" * 900, HTML),
)


def written(value: Any, *, ascii_only: bool = True) -> bytes:
    """Return a value as JSON, or as what looks like it."""
    return json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


def decoded(value: Any) -> Any:
    """Return a value as it comes out of the decoder; what that refuses is not tried."""
    try:
        return orjson.loads(written(value))
    except orjson.JSONDecodeError:
        reject()


@st.composite
def spoilt(draw: DrawFn, body: bytes) -> bytes:
    """Draw what may become of bytes on their way."""
    place = draw(st.integers(0, len(body)))
    match draw(st.integers(0, 7)):
        case 0:
            return body[:place]
        case 1:
            return body[:place] + draw(st.binary(min_size=1, max_size=4)) + body[place + 1 :]
        case 2:
            return body.decode(errors="replace").encode(draw(st.sampled_from(("utf-16", "utf-32"))))
        case 3:
            return b"\xef\xbb\xbf" + body
        case 4:
            return body + draw(st.sampled_from(ODD_BYTES))
        case 5:
            return body[place:]
        case 6:
            return gzip.compress(body, mtime=0)
        case _:
            return body.decode(errors="replace").encode("latin-1", "replace") + b"\xe9"


def bodies(answers: Sequence[Any]) -> SearchStrategy[bytes]:
    """Return what a server may answer instead of one of these answers."""
    genuine = st.sampled_from([written(it) for it in answers])
    return st.one_of(
        mutated(answers).map(written),
        mutated(answers).map(partial(written, ascii_only=False)),
        arbitrary_json.map(written),
        genuine.flatmap(spoilt),
        st.sampled_from(ODD_BYTES),
        st.binary(max_size=40),
    )


def lies(
    answers: Sequence[Any], wanted: Callable[[Any], bool] = lambda _: True
) -> SearchStrategy[bytes]:
    """Return what can be told for nonsense, and may come instead of one of these answers."""
    wrong = mutated(answers, impossible).filter(wanted)
    return wrong.map(written) | st.sampled_from(ODD_BYTES)


# Genuine answers


class Answers(dict[str, list[Any]]):
    """Genuine answers by path."""

    @override
    def __repr__(self) -> str:
        """Tell what there is: whoever reads of a failure wants to see the rest of it."""
        return f"<{', '.join(self)}>"


def overheard(simulator: Simulator, keep: int = 1) -> Answers:
    """Return the first answers of a simulator from now on; what is no JSON is left out."""
    found = Answers()
    genuine = simulator.respond

    async def respond(request: Request) -> Response:
        response = await genuine(request)
        if response.status == HTTPStatus.OK and isinstance(response.body, bytes):
            with suppress(ValueError):
                answers = found.setdefault(request.path, [])
                if len(answers) < keep:
                    answers.append(json.loads(response.body))
        return response

    simulator.respond = respond  # type: ignore[method-assign]
    return found


# What types promise


def broken_promises(value: object, hint: Any, where: str = "it") -> Iterator[str]:
    """Yield what of a value is not as its type says; numbers are finite, texts can be sent on."""
    if isinstance(hint, TypeAliasType):
        hint = hint.__value__
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or hint is object:
        return
    if origin in {Union, UnionType}:
        if all(any(broken_promises(value, it, where)) for it in inner):
            yield f"{where} is {value!r}, not {hint}"
    elif is_dataclass(hint) and type(value) is hint:
        hints = get_type_hints(hint)
        for it in fields(hint):
            yield from broken_promises(
                getattr(value, it.name), hints[it.name], f"{where}.{it.name}"
            )
    elif origin is tuple and Ellipsis not in inner and isinstance(value, tuple):
        if len(value) != len(inner):
            yield f"{where} has {len(value)} parts"
        for number, (item, kind) in enumerate(zip(value, inner, strict=False)):
            yield from broken_promises(item, kind, f"{where}[{number}]")
    elif isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        for key, item in value.items():
            yield from broken_promises(key, inner[0], f"a key of {where}")
            yield from broken_promises(item, inner[1], f"{where}[{key!r}]")
    elif isinstance(origin, type) and isinstance(value, origin):
        for item in value if isinstance(value, list | tuple | set | frozenset) else ():
            yield from broken_promises(item, inner[0], f"each of {where}")
    elif not _is_plain(value, hint):
        yield f"{where} is {value!r:.200}, not {hint}"


def _is_plain(value: object, hint: Any) -> bool:
    """Return whether a value without parts is of a type, and of use."""
    if hint is None or hint is NoneType:
        return value is None
    if hint is float:
        return type(value) in {int, float} and _is_finite(value)
    if hint is int:  # that a store can keep
        return isinstance(value, int) and type(value) is not bool and -(2**63) <= value < 2**64
    if not isinstance(hint, type) or not isinstance(value, hint):
        return False
    try:
        if isinstance(value, str):
            value.encode()
        if isinstance(value, datetime):
            # One without a zone is the time of some place on earth.
            for zone in [value.tzinfo] if value.tzinfo else [timezone.max, timezone.min]:
                value.replace(tzinfo=zone).astimezone(UTC)
    except UnicodeEncodeError, OverflowError:
        return False
    return True


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def assert_kept(value: object, hint: Any) -> None:
    """Make sure that a value is what its type promises."""
    assert not list(broken_promises(value, hint))


# What is logged


def alarming(records: Sequence[logging.LogRecord], *usual: str) -> list[str]:
    """Return what was logged as an error or with a stack, but for texts that are meant."""
    return [
        f"{record.name}: {record.getMessage()} {record.exc_info}"
        for record in records
        # The web server speaks for itself if it finds out before it hands a request on.
        if record.levelno > logging.DEBUG and record.name != "aiohttp.server"
        if record.exc_info
        or (record.levelno >= logging.ERROR and not record.getMessage().startswith(usual))
    ]
