"""Turns the bytes of one connection into requests, none larger than it may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import httptools

from trackscope.collector import answers
from trackscope.collector.head import Head, read_head
from trackscope.collector.limits import Limits
from trackscope.collector.service import Service
from trackscope.wire.reply import Reply

NOT_HTTP = answers.plain(400, "This is not an HTTP request that can be read.")
TOO_MANY = answers.plain(503, "Too many requests at once. Try again.")
LONG_HEAD = answers.plain(431, "The request head is too long.")


class Reading(Enum):
    """What the next bytes belong to."""

    NOTHING = 0
    HEAD = 1
    BODY = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that wants its answer; `reply` is known where it is refused.

    `head` is None where not even that could be read; nothing follows a request that `is_last`.
    """

    head: Head | None
    body: bytes
    reply: Reply | None
    is_last: bool


@dataclass(slots=True)
class HeldBytes:
    """How much the requests that are coming in take, over all connections."""

    count: int = 0


class Requester(Protocol):
    """What a connection does with what was read."""

    def ask(self, asked: Asked) -> None:
        """Answer this after all before it."""

    def head_began(self) -> None:
        """The first byte of a request is here."""

    def head_ended(self) -> None:
        """Somebody asks something: a request's head is complete."""

    def body_ended(self) -> None:
        """The rest of a request that was answered early is here."""

    def go_ahead(self) -> None:
        """The client waits to be told to send its body."""

    def abort(self) -> None:
        """Nothing more is wanted from this client."""


class _RefusedError(Exception):
    """Stops the parser in the middle of a request that is refused."""


class Incoming:
    """Feeds the parser, and asks for an answer to each request that comes out of it."""

    def __init__(
        self,
        requester: Requester,
        service: Service,
        limits: Limits,
        held_bytes: HeldBytes,
        *,
        peer: str,
        own_address: str,
    ) -> None:
        self.reading = Reading.NOTHING
        self._requester = requester
        self._service = service
        self._limits = limits
        self._shared_held = held_bytes
        self._peer = peer
        self._own_address = own_address
        self._parser = httptools.HttpRequestParser(self)
        self._refusal = NOT_HTTP
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._head: Head | None = None
        self._parts: list[bytes] = []
        self._size = self._held = 0

    def feed(self, data: bytes) -> Reply | None:
        """Read on. A reply says that the connection ends with it: nothing more can be read."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return None  # the request was asked as the last one: another protocol would follow
        except httptools.HttpParserError:
            return self._refusal
        if self.reading is Reading.HEAD:
            # a header that never ends reaches no callback: count what came
            self._size += len(data)
            if self._size > self._limits.max_head:
                return LONG_HEAD
            if not self._has_room(len(data), self._limits.large_head):
                return TOO_MANY
        return None

    def drop(self) -> None:
        """Forget the request that is being read."""
        self._shared_held.count -= self._held
        self._held = 0
        self._target = b""
        self._headers = []
        self._head = None
        self._parts = []

    def _has_room(self, size: int, large: int) -> bool:
        """Count so many bytes more; whether the request, if it is larger than that, may go on."""
        self._held += size
        self._shared_held.count += size
        return self._held <= large or self._shared_held.count <= self._limits.held_bytes

    # --- called by the parser ---

    def on_message_begin(self) -> None:
        self.reading = Reading.HEAD
        self._size = 0
        self._requester.head_began()

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.reading is not Reading.HEAD:
            return  # a trailer: it came after what was already decided
        if len(self._headers) >= self._limits.max_headers:
            self._stop(LONG_HEAD)
        # blanks at the end are not part of a value (RFC 9110, 5.5)
        self._headers.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        if len(self._target) > self._limits.max_head:
            self._stop(LONG_HEAD)
        self.reading = Reading.BODY
        self._size = 0
        self._head = head = read_head(
            self._parser.get_method().decode("ascii"),
            self._target,
            self._headers,
            peer=self._peer,
            own_address=self._own_address,
            is_http_1_0=self._parser.get_http_version() == "1.0",
        )
        self._requester.head_ended()
        reply = self._service.refusal(head)
        if reply is not None:
            # who waits for 100 Continue may never send its body: nothing could follow
            self._ask_early(reply, is_last=head.is_expecting)
        elif head.is_expecting:
            self._requester.go_ahead()

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._head is None:
            # already refused: it may send on for a while, so that it hears why
            if self._size > 2 * self._limits.max_body:
                self._requester.abort()
            return
        if self._size > self._limits.max_body:
            self._ask_early(self._service.too_large(self._head))
            return
        if not self._has_room(len(part), self._limits.large_body):
            self._ask_early(TOO_MANY)
            return
        self._parts.append(part)

    def on_message_complete(self) -> None:
        self.reading = Reading.NOTHING
        if self._head is None:
            self._requester.body_ended()
            return
        asked = Asked(self._head, b"".join(self._parts), None, self._is_last())
        self.drop()
        self._requester.ask(asked)

    def _ask_early(self, reply: Reply, *, is_last: bool = False) -> None:
        asked = Asked(self._head, b"", reply, is_last or self._is_last())
        self.drop()
        self._requester.ask(asked)

    def _is_last(self) -> bool:
        parser = self._parser
        return (
            not parser.should_keep_alive()
            or parser.should_upgrade()
            or parser.get_http_version() == "1.0"
        )

    def _stop(self, reply: Reply) -> None:
        self._refusal = reply
        raise _RefusedError
