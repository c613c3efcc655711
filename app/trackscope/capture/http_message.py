"""HTTP/1 messages out of one direction of a connection, as it was captured: with holes.

A library for servers or clients refuses what is not quite HTTP and cannot go on behind a hole;
here the odd request is the one that is looked for (docs/decisions/0032-packet-captures.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_HEAD = 1024 * 1024
"""Bytes of a message's head: mixpanel-node sends request lines of 733,571 (sdk-facts)."""

MAX_HEADERS = 1000
MAX_LINE = 16 * 1024
"""Bytes of a line between chunks."""

CHUNKED, UNTIL_END = -1, -2
"""What stands for a body's length where it is not stated in advance."""

_ENDLESS = 1 << 62
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?\Z", re.DOTALL)
_LENGTH = re.compile(r"[0-9]{1,18}")

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Message:
    """A request or an answer: `line` is its first line, `headers` as they came.

    `number` and `at` are the packet's that holds its first byte. `problem` says what is missing.
    Bytes of the body behind a hole are not kept: joined, they would look like a body.
    """

    number: int
    at: float | None
    line: bytes
    headers: Headers
    limit: int
    body: bytearray = field(default_factory=bytearray)
    problem: str = ""
    is_finished: bool = False
    has_hole: bool = False

    def keep(self, data: bytes) -> None:
        """Add to the body, up to the limit."""
        if self.has_hole:
            return
        room = self.limit - len(self.body)
        self.body += data[:room]
        if len(data) > room:
            self.lose(f"its body is longer than {self.limit:,} bytes: it is cut there")

    def lose(self, problem: str) -> None:
        """Say that something is missing from here on; the first time counts."""
        self.problem = self.problem or problem
        self.has_hole = True


def body_length(headers: Headers, default: int) -> int:
    """The stated length of a body, or CHUNKED, or the default where nothing is stated."""
    length = default
    for name, value in headers:
        lower = name.lower()
        if lower == "transfer-encoding" and "chunked" in value.lower():
            return CHUNKED
        if lower == "content-length" and _LENGTH.fullmatch(value):
            length = int(value)
    return length


class MessageReader:
    """Takes the bytes of one direction in order, and tells of each message in them.

    Messages begin with `start`. `begun` is called when a head was read and returns the length of
    the body, `finished` when nothing more comes of a message, `lost` when it is unknown where in
    a message the direction stands, and with all that comes until a segment begins with `resume`.
    """

    def __init__(
        self,
        start: re.Pattern[bytes],
        resume: re.Pattern[bytes],
        limit: int,
        begun: Callable[[Message], int],
        finished: Callable[[Message], None],
        lost: Callable[[], None],
    ) -> None:
        self._start = start
        self._resume = resume
        self._limit = limit
        self._begun = begun
        self._finished = finished
        self._lost = lost
        self._step = self._read_head
        self._message: Message | None = None
        self._buffer = bytearray()
        self._left = 0
        self._is_chunked = False
        self._now: tuple[int, float | None] = (0, None)
        self._origin: tuple[int, float | None] = (0, None)

    @property
    def held(self) -> int:
        """Bytes of a head or line that is not whole."""
        return len(self._buffer)

    @property
    def is_within(self) -> bool:
        """Whether a message was begun that is not finished."""
        return self._message is not None or bool(self._buffer)

    def feed(self, data: bytes, number: int, at: float | None) -> None:
        """The next bytes, and the packet that they came in."""
        self._now = (number, at)
        place = 0
        while place < len(data):
            place = self._step(data, place)

    def skip(self, count: int) -> None:
        """`count` bytes that the capture does not hold: a hole in a body, else all is lost."""
        problem = f"{count:,} bytes of it are missing from the capture"
        if self._message is not None and count <= self._left:
            self._message.lose(problem)
            self._advance(count)
        else:
            self.give_up(problem)

    def give_up(self, problem: str) -> None:
        """Finish what was begun as it stands, and look for the next beginning."""
        self._abandon(problem)
        self._step = self._find_start
        self._lost()

    def end(self, problem: str) -> None:
        """The direction ends: a body without a length is whole, for the rest there is a problem."""
        if self._left >= _ENDLESS // 2:
            problem = ""
        self._abandon(problem)
        self._step = self._read_head

    def _abandon(self, problem: str) -> None:
        if self._message is None and self._start.match(self._buffer):
            lines = self._buffer[: self._buffer.rfind(b"\n") + 1]  # a half line would mislead
            self._message = self._parsed(bytes(lines or self._buffer))
            self._begun(self._message)
        if self._message is not None:
            if problem:
                self._message.lose(problem)
            self._finish()
        self._buffer.clear()
        self._left = 0

    def _finish(self) -> None:
        message = self._message
        assert message is not None
        self._message = None
        self._left = 0
        self._step = self._read_head
        message.is_finished = True
        self._finished(message)

    def _find_start(self, data: bytes, place: int) -> int:
        if place or not self._resume.match(data):
            self._lost()
            return len(data)
        self._step = self._read_head
        return place

    def _read_head(self, data: bytes, place: int) -> int:
        if not self._buffer:
            while place < len(data) and data[place] in b"\r\n":
                place += 1
            self._origin = self._now
            if end := _HEAD_END.search(data, place):
                self._begin(data[place : end.end()])
                return end.end()
        before = len(self._buffer)
        self._buffer += data[place:]
        found = _HEAD_END.search(self._buffer, max(0, before - 3)) if before else None
        if found is None:
            if len(self._buffer) > MAX_HEAD:
                self.give_up(f"its head is longer than {MAX_HEAD:,} bytes")
            return len(data)
        head = bytes(self._buffer[: found.end()])
        self._buffer.clear()
        self._begin(head)
        return place + found.end() - before

    def _begin(self, head: bytes) -> None:
        if not self._start.match(head):
            self.give_up("")
            return
        self._message = message = self._parsed(head)
        length = self._begun(message)
        self._is_chunked = length == CHUNKED
        self._left = 0 if self._is_chunked else _ENDLESS if length == UNTIL_END else length
        if self._is_chunked:
            self._step = self._read_size
        elif self._left:
            self._step = self._read_body
        else:
            self._finish()

    def _parsed(self, head: bytes) -> Message:
        line, *lines = _LINE_END.split(head)
        headers: list[tuple[str, str]] = []
        for each in lines[: MAX_HEADERS + 2]:
            text = each.decode("latin-1")
            name, colon, value = text.partition(":")
            if text[:1] in (" ", "\t") and headers:  # a value that goes on
                name, so_far = headers.pop()
                headers.append((name, f"{so_far} {text.strip()}"))
            elif colon:
                headers.append((name.strip(), value.strip()))
        message = Message(*self._origin, line, tuple(headers), self._limit)
        if len(lines) > MAX_HEADERS + 2:
            message.problem = f"it has more than {MAX_HEADERS:,} headers: the rest is left out"
        return message

    def _read_body(self, data: bytes, place: int) -> int:
        assert self._message is not None
        count = min(self._left, len(data) - place)
        self._message.keep(data[place : place + count])
        self._advance(count)
        return place + count

    def _advance(self, count: int) -> None:
        self._left -= count
        if self._left == 0:
            if self._is_chunked:
                self._step = self._read_size
            else:
                self._finish()

    def _read_size(self, data: bytes, place: int) -> int:
        line, place = self._line(data, place)
        if line is None or not line.strip():  # the line end after a chunk
            return place
        size = _CHUNK_SIZE.match(line)
        if size is None:
            self.give_up("the lengths of its chunks are damaged")
            return len(data)
        self._left = int(size[1], 16)
        self._step = self._read_body if self._left else self._read_trailer
        return place

    def _read_trailer(self, data: bytes, place: int) -> int:
        line, place = self._line(data, place)
        if line is not None and not line.strip():
            self._finish()
        return place

    def _line(self, data: bytes, place: int) -> tuple[bytes | None, int]:
        """The next line without its end, None where it goes on beyond the data."""
        end = data.find(b"\n", place)
        if end < 0:
            self._buffer += data[place:]
            if len(self._buffer) > MAX_LINE:
                self.give_up("the lengths of its chunks are damaged")
            return None, len(data)
        line = bytes(self._buffer) + data[place:end]
        self._buffer.clear()
        return line, end + 1
