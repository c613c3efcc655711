"""Sends a request and brings back what was answered, within a time and a size, or says why not."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from trackscope.sender import body as body_
from trackscope.sender.outgoing import Address, Outgoing, prepare
from trackscope.sender.proxy import proxy_url, shown
from trackscope.wire import content_coding
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

if TYPE_CHECKING:
    import httpx

    from trackscope.sender.failure import Place
    from trackscope.sender.transport import Line, Watch

MAX_HEADERS = 65_536
"""Bytes of an answer's headers."""

MAX_IDLE = 20
"""Connections that are kept for a next request."""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer, and how it came.

    `took_ms` runs from the call to the last byte. `peer` and `local` are the two ends of the
    connection, `host:port` (the peer is the proxy where there is one, whose URL is in `proxy`).
    `truncated`: the body was longer than is read. `remark`: a sentence on how the body came,
    or empty; a body that came compressed is unpacked.
    """

    reply: Reply
    took_ms: float
    peer: str = ""
    local: str = ""
    proxy: str | None = None
    truncated: bool = False
    remark: str = ""


class _Way(NamedTuple):
    """What a connection leads to, and through what."""

    address: Address
    proxy: str | None


class Sender:
    """Sends requests over connections it keeps; each call is independent of the others.

    Belongs to the event loop of its first `send`. Nothing is followed, stored or retried:
    one call is at most one request on the wire.
    """

    def __init__(self) -> None:
        self._idle: list[tuple[_Way, Line]] = []
        self._tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def warm_up(self) -> None:
        """Load now what the first request would: it keeps the event loop for a while."""
        from trackscope.sender import failure, transport  # noqa: F401

    async def aclose(self) -> None:
        """Close the connections; the sender can be used again."""
        idle, self._idle = self._idle, []
        for _, line in idle:
            await line.aclose()

    async def send(self, request: TrackRequest, *, timeout_s: float = 10.0) -> Received:
        """What comes back within `timeout_s` seconds, from the lookup to the last byte.

        Raises a SendError for everything that keeps an answer from coming. When the task is
        cancelled, the connection is closed and CancelledError goes on.
        """
        started = time.monotonic()
        outgoing = prepare(request)
        proxy = proxy_url(outgoing.address)
        # httpx takes longer to load than the window: not before something is sent
        from trackscope.sender.failure import EXPECTED, Place, Stage, explain, stage_of, too_late

        address = outgoing.address
        place = Place(
            address.server,
            address.is_loopback,
            address.scheme == "https",
            None if proxy is None else shown(proxy),
        )
        stage = Stage.CONNECTING

        async def watch(step: str, _: Any) -> None:
            nonlocal stage
            stage = stage_of(step) or stage

        try:
            async with asyncio.timeout(timeout_s) as deadline:
                async with self._line(_Way(address, proxy)) as line:
                    reply, ends, body = await _exchange(line, outgoing, watch, place)
        except EXPECTED as error:
            is_late = deadline.expired()
            problem = too_late(place, stage, timeout_s) if is_late else explain(error, place)
            problem.may_have_arrived = stage not in (Stage.CONNECTING, Stage.SECURING)
            raise problem from error
        took_ms = (time.monotonic() - started) * 1000
        return Received(reply, took_ms, *ends, place.proxy, body.is_truncated, body.remark)

    @asynccontextmanager
    async def _line(self, way: _Way) -> AsyncIterator[Line]:
        """A line that nobody else uses; closed after a failure, else kept for the next."""
        line = self._taken(way)
        try:
            yield line
        except BaseException:
            await line.aclose()
            raise
        self._idle.append((way, line))
        if len(self._idle) > MAX_IDLE:
            await self._idle.pop(0)[1].aclose()

    def _taken(self, way: _Way) -> Line:
        from trackscope.sender.transport import Line, tls_context

        for index, (known, line) in enumerate(self._idle):
            if known == way:
                del self._idle[index]
                return line
        if way.address.scheme != "https":
            return Line(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), way.proxy)
        if self._tls is None:  # reading a few hundred certificates takes its time
            self._tls = tls_context()
        return Line(self._tls, way.proxy)


async def _exchange(
    line: Line, outgoing: Outgoing, watch: Watch, place: Place
) -> tuple[Reply, tuple[str, str], content_coding.Body]:
    from trackscope.sender.failure import oversized

    response = await line.begin(outgoing, watch)
    try:
        ends = _ends(response)
        raw = response.headers.raw
        if sum(len(name) + len(value) + 4 for name, value in raw) > MAX_HEADERS:
            raise oversized(place)
        headers = tuple((_text(name), _text(value)) for name, value in raw)
        read = await body_.read(response.aiter_raw())
    finally:
        await response.aclose()
    reply = Reply(response.status_code, headers)
    body = content_coding.unpack(read, reply.header("content-encoding") or "")
    return Reply(reply.status, headers, body.content), ends, body


def _ends(response: httpx.Response) -> tuple[str, str]:
    """The peer's address and our own."""
    stream = response.extensions["network_stream"]
    return _end(stream.get_extra_info("server_addr")), _end(stream.get_extra_info("client_addr"))


def _end(address: Any) -> str:
    if not isinstance(address, tuple) or len(address) < 2:
        return ""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
