"""One HTTP/1.1 connection: answers in order, deadlines, and nobody takes more than a share."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

from trackscope.collector import answers
from trackscope.collector.deadline import Deadline
from trackscope.collector.head import Head
from trackscope.collector.incoming import NOT_HTTP, TOO_MANY, Asked, HeldBytes, Incoming, Reading
from trackscope.collector.limits import Limits
from trackscope.collector.seats import Seats
from trackscope.collector.service import Answer, Service
from trackscope.wire.reply import Reply

TOO_LATE = answers.plain(408, "The request did not arrive in time.")

_STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus
}


@dataclass(slots=True)
class Shared:
    """What all connections of a server have in common."""

    service: Service
    limits: Limits
    seats: Seats
    held_bytes: HeldBytes = field(default_factory=HeldBytes)
    connections: set[Connection] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """Hands requests to the service one after the other, and writes the answers.

    While requests wait for their answers, no more is read than one read brings: a client that
    sends faster than it is served is slowed down, and costs no memory.
    """

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._limits = shared.limits
        self._loop = asyncio.get_running_loop()
        self._asked: deque[Asked] = deque()
        self._answering: asyncio.Task[None] | None = None
        self._is_paused = False
        self._is_ending = False
        self._deadline = Deadline(self._loop, self._too_late)
        self._watched: Reading | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._stalled: asyncio.TimerHandle | None = None

    # --- the connection ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._incoming = Incoming(
            self,
            self._shared.service,
            self._limits,
            self._shared.held_bytes,
            peer=_address(transport.get_extra_info("peername")),
            own_address=_address(transport.get_extra_info("sockname")),
        )
        self._shared.connections.add(self)
        if self._shared.seats.enter(self):
            self._watch()
        else:
            self._pause()

    def data_received(self, data: bytes) -> None:
        if self._is_ending:
            return
        was_busy = self._answering is not None
        refusal = self._incoming.feed(data)
        if refusal is not None:
            self._refuse(refusal)
            return
        if was_busy and self._asked:
            self._pause()
        if self._incoming.reading is not self._watched or not self._deadline.is_set:
            self._watch()

    def eof_received(self) -> bool:
        """The client sends no more, but may still read: what it asked is answered first."""
        is_answering = self._answering is not None
        self.finish()
        return is_answering

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_ending = True
        self._deadline.close()
        self.resume_writing()
        self._incoming.drop()
        self._shared.connections.discard(self)
        self._shared.seats.leave(self)

    def finish(self) -> None:
        """End after what is being answered; at once if that is nothing."""
        self._is_ending = True
        if self._answering is None:
            self._close()

    def abort(self) -> None:
        """End now."""
        self._transport.abort()

    # --- told by the seats ---

    def seat_given(self) -> None:
        self._resume()

    def seat_refused(self) -> None:
        self._refuse(TOO_MANY)

    def seat_lost(self) -> None:
        self._close()

    # --- told by what comes in ---

    def head_began(self) -> None:
        self._watched = None

    def head_ended(self) -> None:
        self._shared.seats.is_asking(self)

    def body_ended(self) -> None:
        if self._answering is None:
            self._shared.seats.is_silent(self)

    def go_ahead(self) -> None:
        if self._answering is None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def ask(self, asked: Asked) -> None:
        self._asked.append(asked)
        if self._answering is None:
            self._answering = self._loop.create_task(self._answer_all())
            self._shared.tasks.add(self._answering)
            self._answering.add_done_callback(self._shared.tasks.discard)

    # --- answers ---

    async def _answer_all(self) -> None:
        try:
            while self._asked:
                await self._answer(self._asked.popleft())
                if self._asked:
                    await asyncio.sleep(0)  # the others' turn
                if not self._writable.is_set():
                    await self._writable.wait()
        finally:
            self._answering = None
        if not self._is_ending:
            if self._incoming.reading is not Reading.BODY:
                self._shared.seats.is_silent(self)
            self._resume()

    async def _answer(self, asked: Asked) -> None:
        if asked.reply is None and asked.head is not None:
            answer = await self._shared.service.answer(asked.head, asked.body)
        else:
            answer = Answer(asked.reply or NOT_HTTP)
        if answer.delay_s:
            await asyncio.sleep(answer.delay_s)
        is_cut = answer.reply is None
        is_last = asked.is_last or is_cut or (self._is_ending and not self._asked)
        if answer.reply is not None and not self._transport.is_closing():
            self._write(answer.reply, asked.head, is_last)
        answer.when_sent()
        if is_last:
            self._asked.clear()
            self._close()

    def _write(self, reply: Reply, head: Head | None, is_last: bool) -> None:
        lines = [_STATUS_LINES[reply.status]]
        lines += [f"{name}: {value}\r\n" for name, value in reply.headers]
        lines.append("Connection: close\r\n\r\n" if is_last else "\r\n")
        body = b"" if head is not None and head.method == "HEAD" else reply.body
        self._transport.write("".join(lines).encode("latin-1") + body)

    def pause_writing(self) -> None:
        self._writable.clear()
        self._stalled = self._loop.call_later(self._limits.body_s, self._transport.abort)

    def resume_writing(self) -> None:
        self._writable.set()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    # --- ends, pauses, deadlines ---

    def _refuse(self, reply: Reply) -> None:
        """Answer what came before, then with this, and close."""
        if not self._is_ending:
            self._is_ending = True
            self._deadline.close()
            self._incoming.drop()
            self.ask(Asked(None, b"", reply, is_last=True))

    def _close(self) -> None:
        """Close once what was written is gone, but do not wait for ever."""
        self._is_ending = True
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._loop.call_later(self._limits.stop_s, self._transport.abort)

    def _pause(self) -> None:
        if not self._is_paused and not self._transport.is_closing():
            self._is_paused = True
            self._transport.pause_reading()

    def _resume(self) -> None:
        if self._is_paused and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()
        if not self._deadline.is_set:
            self._watch()

    def _watch(self) -> None:
        """Let the deadline be that of what the client is to send next, if anything."""
        self._deadline.clear()
        reading = self._watched = self._incoming.reading
        if self._is_ending or self._is_paused:
            return
        if reading is Reading.HEAD:
            self._deadline.set(self._limits.head_s)
        elif reading is Reading.BODY:
            self._deadline.set(self._limits.body_s)
        elif self._answering is None:
            self._deadline.set(self._limits.idle_s)

    def _too_late(self) -> None:
        if self._incoming.reading is Reading.NOTHING:
            self._close()
        else:
            self._refuse(TOO_LATE)


def _address(pair: tuple[str, int] | tuple[str, int, int, int] | None) -> str:
    if not pair:
        return ""
    host, port = pair[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
