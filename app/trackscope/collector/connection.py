"""One HTTP connection: what uvicorn leaves to us (limits, deadlines, the literal request)."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from trackscope.collector import answers
from trackscope.collector.limits import Limits
from trackscope.collector.seats import Seats
from trackscope.wire.reply import Reply

NOT_HTTP = "This is not an HTTP request that can be read."


class _Reading(Enum):
    NOTHING = 0
    HEAD = 1
    BODY = 2


class _RefusedError(Exception):
    """Stops the parser in the middle of a request that is refused."""


class _OneWrite:
    """The transport as a response cycle sees it: head and body leave in one write."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._parts: list[bytes] = []
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if data[9:12] == b"100" and not self._parts:
            self._transport.write(data)  # 100 Continue is waited for
        else:
            self._parts.append(data)

    def flush(self) -> None:
        if self._parts:
            self._transport.write(b"".join(self._parts))
            self._parts.clear()

    def close(self) -> None:
        self.flush()
        self._transport.close()


class Connection(HttpToolsProtocol):
    """uvicorn's connection with bounds, and with the request's literal target and header names.

    The ASGI scope carries `raw_path` as the whole literal target and `headers` as they were
    spelled; everything else is as ASGI has it.
    """

    def __init__(self, *args: Any, limits: Limits, seats: Seats, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._seats = seats
        self._reading = _Reading.NOTHING
        self._deadline: asyncio.TimerHandle | None = None
        self._watched = _Reading.NOTHING
        self._head_bytes = 0
        self._unwanted_bytes = 0
        self._stalled: asyncio.TimerHandle | None = None
        self._refusal = answers.plain(400, NOT_HTTP)

    # --- the connection ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._out = _OneWrite(transport)
        if self._seats.enter(self):
            self._watch(self._limits.idle_s)
        elif not transport.is_closing():
            self.flow.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self._seats.leave(self)
        super().connection_lost(exc)

    def seat_given(self) -> None:
        self.flow.resume_reading()
        self._watch(self._limits.idle_s)

    def seat_refused(self) -> None:
        self._refuse(answers.plain(503, "Too many connections at once. Try again."))

    def seat_lost(self) -> None:
        self._let_go()

    # --- bytes in ---

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._reading is _Reading.HEAD:
            # a header that never ends reaches no parser callback: count what came
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.max_head:
                self._refuse(answers.plain(431, "The request head is too long."))
        if self._reading is not self._watched:
            self._watch_reading()
        elif self._reading is _Reading.NOTHING and self._deadline is None and self._is_idle():
            self._watch(self._limits.idle_s)  # blank lines are no request

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._unwatch()
        self._watched = _Reading.NOTHING
        self._reading = _Reading.HEAD
        self._head_bytes = 0
        self._unwanted_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._reading is not _Reading.HEAD:
            return  # a trailer: it came after what was already judged
        if len(self.headers) >= self._limits.max_headers:
            self._stop(answers.plain(431, "The request has too many headers."))
        value = value.rstrip(b" \t")  # blanks at the end are not part of it (RFC 9110, 5.5)
        if name.lower() == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if len(self.url) > self._limits.max_head:
            self._stop(answers.plain(414, "The URL is too long."))
        # uvicorn's parser of URLs ends at 64 KiB; the literal target is wanted anyway
        target, self.url = self.url, b"/"
        super().on_headers_complete()
        self.scope["raw_path"] = target
        self.cycle.transport = self._out
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False  # what follows would be another protocol
        self._reading = _Reading.BODY
        self._seats.is_asking(self)

    def on_body(self, body: bytes) -> None:
        if self.cycle.response_complete:
            # already refused: it may send on for a while so that it hears why
            self._unwanted_bytes += len(body)
            if self._unwanted_bytes > self._limits.max_body:
                self.transport.abort()
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._reading = _Reading.NOTHING
        if self._is_idle():
            self._seats.is_silent(self)

    # --- answers out ---

    def on_response_complete(self) -> None:
        self._out.flush()
        super().on_response_complete()
        if self.transport.is_closing():
            self._let_go()
        elif self._reading is not _Reading.BODY and self._is_idle():
            self._seats.is_silent(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self._limits.body_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _is_idle(self) -> bool:
        return not self.pipeline and (self.cycle is None or self.cycle.response_complete)

    def _let_go(self) -> None:
        """Close once what was written is gone, but not later than somebody may be waiting."""
        self.transport.close()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(self._limits.stop_s, self.transport.abort)

    # --- ends that are ours ---

    def _stop(self, reply: Reply) -> None:
        self._refusal = reply
        raise _RefusedError

    def _refuse(self, reply: Reply) -> None:
        """Answer and close; an earlier request that waits for its answer gets that first."""
        if self.transport.is_closing():
            return
        is_in_body = self._reading is _Reading.BODY
        if self.pipeline or not (is_in_body or self._is_idle()):
            self.cycle.keep_alive = False
            if is_in_body:
                self.transport.abort()  # it would wait for its body in the pipeline for ever
            return
        lines = [STATUS_LINE[reply.status]]
        lines += [f"{name}: {value}\r\n".encode("latin-1") for name, value in reply.headers]
        self.transport.write(b"".join([*lines, b"Connection: close\r\n\r\n", reply.body]))
        self._let_go()

    # --- deadlines ---

    def _watch_reading(self) -> None:
        self._unwatch()
        self._watched = self._reading
        if self._reading is _Reading.HEAD:
            self._watch(self._limits.head_s)
        elif self._reading is _Reading.BODY:
            self._watch(self._limits.body_s)

    def _watch(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        if self._reading is _Reading.NOTHING:
            self._let_go()
        else:
            self._refuse(answers.plain(408, "The request did not arrive in time."))
