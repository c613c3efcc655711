"""One connection as an HTTP conversation: who asks, what is asked, and which answer belongs to it.

RFC 9112; what is no HTTP/1 is recognised by its first bytes and left alone.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from trackscope.capture.answer import MAX_ANSWER
from trackscope.capture.http_message import UNTIL_END, Message, MessageReader, body_length

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request's body that are kept (hardening, E2)."""

MAX_UNANSWERED = 1000

ENCRYPTED = "encrypted (TLS)"
HTTP_2 = "HTTP/2 connection"
NOT_HTTP = "connection that is not HTTP"
SWITCHED = "connection that switched to another protocol"
TUNNEL = "tunnel of a proxy (CONNECT)"
ORPHAN = "answer whose request is not in the capture"

_REQUEST = re.compile(rb"(?!PRI )[A-Za-z]{3,16} (?:/|\*|https?://)|CONNECT ", re.IGNORECASE)
_KNOWN_REQUEST = re.compile(
    rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) (?:/|\*|https?://)|CONNECT "
)
"""What is believed to be a request where it is unknown whether one begins: half a word is none."""

_REPLY = re.compile(rb"HTTP/\d")
_TLS = re.compile(rb"[\x14-\x17]\x03[\x00-\x04]")
_HTTP_2 = b"PRI * HTTP/2"
_MAY_BE_TEXT = re.compile(rb"[\r\n]*[A-Za-z/0-9.]{0,16}(?: [^\r\n]*)?\Z|[\x14-\x17]\x03?\Z")
_DECIDED = 32
"""Bytes by which a connection's protocol is known."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})")


@dataclass(slots=True)
class Pair:
    """A request and its answer. `peer` and `server` are the connection's ends (`address:port`).

    `is_answered` tells that nothing more comes of an answer, be there one or not.
    """

    request: Message
    peer: str
    server: str
    reply: Message | None = None
    is_answered: bool = False
    note: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether both halves are as whole as they will be."""
        return self.request.is_finished and self.is_answered

    @property
    def held(self) -> int:
        """Bytes of what is kept."""
        bodies = len(self.request.body) + len(self.reply.body if self.reply else b"")
        return len(self.request.line) + bodies


def method_of(request: Message) -> str:
    """The method, as it stands in the request line."""
    return request.line.partition(b" ")[0].decode("latin-1")


def status_of(reply: Message) -> int:
    """The status; 0 where the line has none."""
    found = _STATUS.match(reply.line)
    return int(found[1]) if found else 0


def target_of(request: Message) -> str:
    """The target as it was sent: a URL is not changed, and blanks in it stay."""
    _, _, rest = request.line.partition(b" ")
    target, blank, version = rest.rpartition(b" ")
    if not blank or not version.startswith(b"HTTP/"):
        target = rest
    return target.decode("utf-8", "surrogateescape")


class Conversation:
    """Takes what both sides of a connection say, in order, and tells of each request in it.

    `ends` are the addresses of side 0 and side 1. `opened` is called with each pair when its
    request begins. `reason` says why nothing more is read here, once that is known.
    """

    def __init__(
        self,
        ends: tuple[str, str],
        opened: Callable[[Pair], None],
        passed_over: Callable[[str], None],
    ) -> None:
        self.reason = ""
        self._ends = ends
        self._opened = opened
        self._passed_over = passed_over
        self._is_from_start = [False, False]
        self._early: tuple[list[_Piece], list[_Piece]] = ([], [])
        self._readers: list[MessageReader] = []
        self._client = 0
        self._has_hole = [False, False]
        self._is_unsure = False
        self._answering: Pair | None = None
        self._unanswered: deque[Pair] = deque()

    @property
    def is_http(self) -> bool:
        """Whether this is known to be HTTP."""
        return bool(self._readers)

    @property
    def is_busy(self) -> bool:
        """Whether one of the sides is within a message."""
        return any(reader.is_within for reader in self._readers)

    def is_within(self, side: int) -> bool:
        """Whether a side is within a message."""
        return bool(self._readers) and self._readers[side].is_within

    @property
    def held(self) -> int:
        """Bytes that are kept for what is not finished."""
        early = sum(len(data) for pieces in self._early for data, _, _ in pieces)
        waiting = sum(pair.held for pair in self._unanswered)
        answering = self._answering.held if self._answering else 0
        return early + waiting + answering + sum(reader.held for reader in self._readers)

    def begin(self, side: int) -> None:
        """The capture holds the beginning of this side."""
        self._is_from_start[side] = True

    def feed(self, side: int, data: bytes, number: int, at: float | None) -> None:
        """What a side says next, and the packet that it came in."""
        if self.reason:
            return
        if self._readers:
            self._readers[side].feed(data, number, at)
            return
        early = self._early[side]
        early.append((data, number, at))
        head = b"".join(piece[0] for piece in early) if len(early) > 1 else data
        self._identify(side, head)

    def skip(self, side: int, count: int) -> None:
        """`count` bytes of a side that the capture does not hold."""
        if self._readers:
            self._readers[side].skip(count)
        else:
            self._is_from_start[side] = False
            self._has_hole[side] = True
            self._early[side].clear()

    def end(self, side: int) -> None:
        """A side says no more."""
        if not self._readers:
            return
        self._readers[side].end("the connection ends before it does")
        if side != self._client:
            self._give_up_answers("")

    def close(self, problem: str) -> None:
        """Nothing more is read; `problem` says why to what is not finished."""
        if self._readers:
            self._readers[self._client].end(problem)
            self._readers[1 - self._client].end(problem)
            self._give_up_answers("")
        elif not self.reason:
            self.reason = NOT_HTTP

    def _identify(self, side: int, head: bytes) -> None:
        """Find out by its first bytes what a connection carries."""
        text = head.lstrip(b"\r\n")
        if text.startswith(_HTTP_2):
            self.reason = HTTP_2
        elif (_REQUEST if self._is_from_start[side] else _KNOWN_REQUEST).match(text):
            self._start(client=side)
        elif _REPLY.match(text):
            self._start(client=1 - side)
        elif _TLS.match(head):
            self.reason = ENCRYPTED
        elif not self._is_from_start[side]:
            self._early[side].clear()  # in the middle of something: a later segment may begin
        elif len(head) >= _DECIDED or not _MAY_BE_TEXT.match(head):
            self.reason = NOT_HTTP

    def _start(self, client: int) -> None:
        """Begin to read HTTP, with what had come before that was known."""
        self._client = client
        requests = MessageReader(
            _REQUEST,
            _KNOWN_REQUEST,
            MAX_BODY,
            self._request_begun,
            self._request_finished,
            self._request_lost,
        )
        replies = MessageReader(
            _REPLY, _REPLY, MAX_ANSWER, self._reply_begun, self._reply_finished, self._reply_lost
        )
        self._readers = [requests, replies] if client == 0 else [replies, requests]
        for reader, is_from_start in zip(self._readers, self._is_from_start, strict=True):
            if not is_from_start:
                reader.give_up("")
        self._is_unsure = self._has_hole[client]
        for side in (client, 1 - client):
            for data, number, at in self._early[side]:
                self._readers[side].feed(data, number, at)
            self._early[side].clear()

    def _request_begun(self, message: Message) -> int:
        pair = Pair(message, self._ends[self._client], self._ends[1 - self._client])
        self._opened(pair)
        if self._is_unsure:
            pair.is_answered = True
            pair.note = "its answer is not known: a request before it is missing from the capture"
        else:
            self._unanswered.append(pair)
        if len(self._unanswered) > MAX_UNANSWERED:
            self._unanswered.popleft().is_answered = True
        return body_length(message.headers, 0)

    def _request_finished(self, message: Message) -> None:
        """Nothing to do: the pair waits for its answer."""

    def _request_lost(self) -> None:
        """The next answer may be for what was asked meanwhile: until it came nobody knows."""
        self._is_unsure = True

    def _reply_begun(self, message: Message) -> int:
        status = status_of(message)
        if 100 <= status < 200 and status != 101:
            return 0  # informational: the answer is still to come
        self._is_unsure = False
        method = ""
        if self._unanswered:
            self._answering = pair = self._unanswered.popleft()
            pair.reply = message
            method = method_of(pair.request)
        else:
            self._passed_over(ORPHAN)
        if method == "HEAD" or status in (101, 204, 304):
            return 0
        if method == "CONNECT" and 200 <= status < 300:
            return 0
        return body_length(message.headers, UNTIL_END)

    def _reply_finished(self, message: Message) -> None:
        pair = self._answering
        if pair is None or pair.reply is not message:
            return
        pair.is_answered = True
        self._answering = None
        status = status_of(message)
        if status == 101:
            self.reason = SWITCHED
        elif method_of(pair.request) == "CONNECT" and 200 <= status < 300:
            self.reason = TUNNEL

    def _reply_lost(self) -> None:
        """Behind a hole an answer could be anyone's: none is better than another's."""
        self._is_unsure = False
        self._give_up_answers("the answer is missing from the capture")

    def _give_up_answers(self, note: str) -> None:
        for pair in self._unanswered:
            pair.is_answered = True
            pair.note = note
        self._unanswered.clear()


_Piece = tuple[bytes, int, float | None]
"""Data, and the packet that it came in."""
