"""A server that lies: answers that are wrong in their body, their length or their headers."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
import gzip
from typing import Any, Final
import zlib

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.fuzzing import bodies

STATUSES: Final = (
    *(0, 100, 103, 199, 201, 202, 204, 206, 299, 300, 301, 302, 304, 307, 400, 401, 402, 403, 404),
    *(405, 409, 410, 418, 422, 429, 499, 500, 501, 502, 503, 504, 599, 600, 999),
)
ENCODINGS: Final = ("gzip", "deflate", "br", "zstd", "identity", "x", "")
HEADERS: Final = (
    *("Content-Type: text/html; charset=nonsense", "Content-Type: application/json; charset=utf-7"),
    *("Content-Type: ", "Content-Type: ;;;", "Content-Type: multipart/form-data"),
    *(f"Content-Encoding: {it}" for it in ENCODINGS),
    *("Transfer-Encoding: chunked", "Set-Cookie: a=\x01b; Domain=;;", "Set-Cookie: =", "X:"),
    *(f"Retry-After: {it}" for it in ("", "-1", "1e9", "٣", "²", "9" * 400, "soon", "1.5")),
    *(
        f"Retry-After: {it}"
        for it in (
            "Mon, 01 Jan 0001 00:00:00 +2359",
            "Fri, 31 Dec 9999 23:59:59 -2359",
            "Mon, 99 Jan 2026 99:99:99 GMT",
            "1 Jan 99999999999 00:00:00",
            "Mon, 1 Jan 2026 00:00:00 +999999999",
        )
    ),
    *("Location: http://[", "Location: file:///etc/passwd", "Content-Length: 5", "no header"),
    *(
        f"WWW-Authenticate: {it}"
        for it in (
            *("", "Digest", "Digest =", 'Digest realm="', 'Digest realm="a", nonce="b"', "Basic"),
            *('Digest realm="a", nonce="\x7f", qop="auth,auth-int"', "Digest nonce=1, stale=true"),
            'Digest realm="a", nonce="b", algorithm=nonsense',
            'Digest realm="a", nonce="b", qop=x',
            'Basic realm="\udcff", Digest realm="é", nonce="1"',
        )
    ),
    "\udcff: \udcfe",
)


@dataclass(frozen=True)
class Said:
    """An answer of a server, whole."""

    body: bytes
    status: int = 200
    headers: tuple[str, ...] = ()
    more: int = 0
    """Bytes that it promises and does not send; if negative, those of which it does not tell."""

    def raw(self) -> bytes:
        """Return what goes over the line."""
        head = [f"HTTP/1.1 {self.status} Said", *self.headers]
        if not any(it.startswith("Transfer-Encoding") for it in self.headers):
            head.append(f"Content-Length: {max(0, len(self.body) + self.more)}")
        return (
            "\r\n".join([*head, "Connection: close", "", ""]).encode("utf-8", "surrogateescape")
            + self.body
        )


def said(answers: Sequence[Any]) -> SearchStrategy[Said]:
    """Return whole answers of a server: most of them are wrong in what they say only."""
    found = bodies(answers)
    packed = st.one_of(
        st.builds(Said, found.map(gzip.compress), headers=st.just(("Content-Encoding: gzip",))),
        st.builds(Said, found.map(zlib.compress), headers=st.just(("Content-Encoding: deflate",))),
    )
    odd = st.builds(
        Said,
        found,
        st.just(200) | st.sampled_from(STATUSES),
        st.lists(st.sampled_from(HEADERS), max_size=2).map(tuple),
        st.sampled_from((0, 0, 0, 5, -5)),
    )
    return st.one_of(st.builds(Said, found), st.builds(Said, found), odd, packed)


class Liar:
    """A server that answers what it is told; the last answer again and again."""

    def __init__(self) -> None:
        """Have nothing to say."""
        self.port = 0
        self.answers: list[Said] = [Said(b"{}")]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        with closing(writer):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
                lengths = [int(value) for name, _, value in lines if name == b"content-length"]
                await reader.readexactly(sum(lengths))
                writer.write(self.answers[0].raw())
                if len(self.answers) > 1:
                    del self.answers[0]
                await writer.drain()
            except asyncio.IncompleteReadError, ConnectionError:
                return


@asynccontextmanager
async def lying() -> AsyncGenerator[Liar]:
    """Run a server that answers what it is told."""
    liar = Liar()
    server = await asyncio.start_server(liar.serve, "127.0.0.1", 0)
    liar.port = server.sockets[0].getsockname()[1]
    try:
        yield liar
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()
