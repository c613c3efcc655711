"""TCP connections put together from their segments, in whatever order and shape those come.

A segment is passed on when all that it answers was passed on before: so a reader sees both sides
in the order in which things happened, and a segment that the capture lacks shows as soon as the
other side acknowledges it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import islice
from typing import NamedTuple

from trackscope.capture.http_stream import Conversation, Pair
from trackscope.capture.report import Report
from trackscope.capture.segments import ACK, FIN, RST, SYN, Segment, ends, reverse

MAX_CONNECTIONS = 4096
"""Connections that are followed at a time; the one that was silent longest is given up first."""

MAX_IGNORED = 200_000
"""Directions of connections that are known to be of no interest."""

MAX_WAITING = 1024
"""Segments of a connection that wait for an earlier one before that is taken for lost."""

MAX_WAITING_BYTES = 2 * 1024 * 1024
MAX_HELD = 32 * 1024 * 1024
"""Bytes that all connections together hold; beyond it those silent longest are given up."""

_CHECK_EVERY = 8 * 1024 * 1024
_MAX_AHEAD = 1 << 24
"""What is acknowledged further ahead than any window in use is no sign of a loss."""


class _Waiting(NamedTuple):
    """A segment that waits for what comes before it; `start` is its place in its direction."""

    start: int
    number: int
    at: float | None
    segment: Segment

    @property
    def end(self) -> int:
        return self.start + self.segment.length


def _signed(difference: int) -> int:
    """The difference of two sequence numbers, which begin again at 2**32."""
    return ((difference + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000


class Connection:
    """Both directions of a connection; side 0 is the one whose route is `key`."""

    def __init__(self, key: bytes, conversation: Conversation) -> None:
        self.key = key
        self.conversation = conversation
        self.missing = 0
        """Bytes that the capture does not hold."""
        self.has_carried = False
        """Whether any data was passed on."""
        self._first: list[int | None] = [None, None]
        self._expected: list[int | None] = [None, None]
        self._ends_at: list[int | None] = [None, None]
        self._acknowledged = [0, 0]
        self._waiting: tuple[list[_Waiting], list[_Waiting]] = ([], [])
        self._waiting_bytes = 0

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        return self._waiting_bytes + self.conversation.held

    def is_other(self, side: int, sequence: int) -> bool:
        """Whether a SYN with this number begins another connection between the same ends."""
        first = self._first[side]
        return self._expected[side] is not None and first != sequence

    def begin(self, side: int, sequence: int) -> None:
        """A SYN: the direction's first byte has the next number."""
        if self._first[side] is None:
            self._first[side] = sequence
            self._expected[side] = sequence + 1
            self.conversation.begin(side)

    def take(self, side: int, segment: Segment, number: int, at: float | None) -> None:
        """Pass on what can be, keep what cannot be yet."""
        if segment.flags & ACK and self._expected[1 - side] is None:
            self.acknowledge(side, segment.acknowledged)
        sequence = segment.sequence + (segment.flags & SYN and 1)
        expected = self._expected[side]
        if expected is None:
            expected = self._expected[side] = sequence
        start = expected + _signed(sequence - expected)
        if segment.flags & FIN:
            self._ends_at[side] = start + segment.length
        if segment.length:
            waiting = _Waiting(start, number, at, segment)
            if start == expected and not self._waiting_bytes and not self._behind(side, segment):
                self._pass_on(side, waiting)
            elif waiting.end > expected:
                heappush(self._waiting[side], waiting)
                self._waiting_bytes += segment.length
        if self._waiting_bytes or self._ends_at[side] is not None:
            self._drain()
        if segment.flags & RST:
            self.flush()
            self.conversation.end(side)
            self.conversation.end(1 - side)

    def acknowledge(self, side: int, acknowledged: int) -> None:
        """A side says up to where it has what the other said."""
        other = self._expected[1 - side]
        if other is None and self._first[side] is not None:  # the other side's SYN is not there
            self.begin(1 - side, acknowledged - 1)
        elif other is None:
            self._expected[1 - side] = acknowledged
        else:
            place = other + _signed(acknowledged - other)
            self._acknowledged[1 - side] = max(self._acknowledged[1 - side], place)

    def flush(self) -> None:
        """Pass on all that waits: what it waits for does not come."""
        while self._waiting_bytes:
            self._skip_hole()
            self._drain()
        for side in (0, 1):
            expected = self._expected[side]
            if expected is not None:
                known = max(self._acknowledged[side], self._ends_at[side] or 0)
                if 0 < known - expected < _MAX_AHEAD:
                    self._lose_acknowledged(side, known - expected)
        self._drain()

    def _behind(self, side: int, segment: Segment) -> int:
        """How many bytes of the other side this one acknowledges that were not passed on yet."""
        other = self._expected[1 - side]
        if other is None or not segment.flags & ACK:
            return 0
        ahead = _signed(segment.acknowledged - other)
        return ahead if 0 < ahead < _MAX_AHEAD else 0

    def _pass_on(self, side: int, waiting: _Waiting) -> None:
        expected = self._expected[side]
        assert expected is not None
        segment = waiting.segment
        data = segment.payload
        if waiting.start < expected:
            data = data[expected - waiting.start :]
        if data:
            self.has_carried = True
            self.conversation.feed(side, data, waiting.number, waiting.at)
            expected += len(data)
        self._expected[side] = expected
        if expected < waiting.end:  # the packet was cut when it was captured
            self._lose(side, waiting.end - expected)

    def _lose(self, side: int, count: int) -> None:
        expected = self._expected[side]
        assert expected is not None
        self._expected[side] = expected + count
        self.missing += count
        self.conversation.skip(side, count)

    def _lose_acknowledged(self, side: int, count: int) -> None:
        """What a side said last was acknowledged and is not there: data, or a FIN alone."""
        expected = self._expected[side]
        assert expected is not None
        if count == 1 and not self._waiting[side] and not self.conversation.is_within(side):
            self._expected[side] = expected + 1
            self.conversation.end(side)
        else:
            self._lose(side, count)

    def _drain(self) -> None:
        """Pass on what no longer waits for anything, until nothing moves."""
        moved = True
        while moved:
            moved = self._drain_side(0) | self._drain_side(1)
            waiting = len(self._waiting[0]) + len(self._waiting[1])
            is_full = waiting > MAX_WAITING or self._waiting_bytes > MAX_WAITING_BYTES
            if not moved and is_full:
                self._skip_hole()
                moved = True

    def _drain_side(self, side: int) -> bool:
        heap = self._waiting[side]
        expected = self._expected[side]
        moved = False
        while heap and expected is not None and heap[0].start <= expected:
            if heap[0].end > expected and self._behind(side, heap[0].segment):
                break
            waiting = heappop(heap)
            self._waiting_bytes -= waiting.segment.length
            if waiting.end > expected:
                self._pass_on(side, waiting)
                expected = self._expected[side]
            moved = True
        if expected is not None and expected == self._ends_at[side]:
            self._ends_at[side] = None
            self._expected[side] = expected + 1  # a FIN has a number of its own
            self.conversation.end(side)
            moved = True
        return moved

    def _skip_hole(self) -> None:
        """Take for lost what the segment that came first waits for."""
        heads = [(heap[0].number, side) for side, heap in enumerate(self._waiting) if heap]
        _, side = min(heads)
        first = self._waiting[side][0]
        expected = self._expected[side]
        assert expected is not None
        if first.start > expected:
            self._lose(side, first.start - expected)
            return
        other = self._waiting[1 - side]
        behind = self._behind(side, first.segment)
        other_expected = self._expected[1 - side]
        if other and other_expected is not None and other[0].start > other_expected:
            behind = min(behind, other[0].start - other_expected)
        self._lose_acknowledged(1 - side, behind)


class Connections:
    """All connections of a capture; `opened` is called with each HTTP request that begins."""

    def __init__(self, report: Report, opened: Callable[[Pair], None]) -> None:
        self.missing = 0
        """Bytes of HTTP connections that the capture does not hold."""
        self._report = report
        self._opened = opened
        self._routes: dict[bytes, tuple[Connection, int]] = {}
        self._recent: OrderedDict[bytes, Connection] = OrderedDict()
        self._ignored: dict[bytes, None] = {}
        self._unchecked = 0

    def take(self, segment: Segment, number: int, at: float | None) -> bool:
        """The next segment of the capture, with its packet's number and time.

        Whether it may have finished a request or an answer.
        """
        route, sequence, acknowledged, flags, _, length = segment
        known = self._routes.get(route)
        if not length and not flags & (SYN | FIN | RST):
            if known is not None:
                known[0].acknowledge(known[1], acknowledged)
            return False
        if known is None:
            if not flags & SYN and (not length or route in self._ignored):
                return False
            known = self._open(route)
        connection, side = known
        if flags & SYN:
            if connection.is_other(side, sequence):
                self._close(connection, "the connection was replaced by another")
                connection, side = self._open(route)
            connection.begin(side, sequence)
        self._recent.move_to_end(connection.key)
        connection.take(side, segment, number, at)
        if connection.conversation.reason:
            self._ignore(connection)
        self._unchecked += length
        if self._unchecked > _CHECK_EVERY:
            self._relieve()
        return connection.conversation.is_http

    def close(self) -> None:
        """The capture ends."""
        for connection in list(self._recent.values()):
            self._close(connection, "the capture ends before it does")

    def _open(self, route: bytes) -> tuple[Connection, int]:
        conversation = Conversation(ends(route), self._opened, self._report.pass_over)
        connection = Connection(route, conversation)
        back = reverse(route)
        self._routes[route] = (connection, 0)
        self._routes[back] = (connection, 1)
        self._recent[route] = connection
        self._ignored.pop(route, None)
        self._ignored.pop(back, None)
        if len(self._recent) > MAX_CONNECTIONS:
            self._give_up_oldest()
        return connection, 0

    def _close(self, connection: Connection, problem: str) -> None:
        connection.flush()
        connection.conversation.close(problem)
        if connection.conversation.reason and connection.has_carried:
            self._report.pass_over(connection.conversation.reason)
        self._forget(connection)

    def _ignore(self, connection: Connection) -> None:
        """Read no more of a connection that carries something else."""
        self._report.pass_over(connection.conversation.reason)
        connection.conversation.close("the connection was put to another use before it was whole")
        self._forget(connection)
        if len(self._ignored) >= MAX_IGNORED:
            for route in list(islice(self._ignored, MAX_IGNORED // 2)):
                del self._ignored[route]
        self._ignored[connection.key] = None
        self._ignored[reverse(connection.key)] = None

    def _forget(self, connection: Connection) -> None:
        if connection.conversation.is_http:
            self.missing += connection.missing
        del self._recent[connection.key]
        del self._routes[connection.key]
        self._routes.pop(reverse(connection.key), None)

    def _give_up_oldest(self) -> None:
        oldest = next(iter(self._recent.values()))
        if oldest.held or oldest.conversation.is_busy:
            self._report.conclude(
                "More connections were under way at once than can be followed: of some only the "
                "beginning was read. Capture fewer at a time (tcpdump port 80)."
            )
        self._close(oldest, "more connections were under way at once than can be followed")

    def _relieve(self) -> None:
        """Keep what is held within its limit."""
        self._unchecked = 0
        held = sum(connection.held for connection in self._recent.values())
        while held > MAX_HELD and self._recent:
            held -= next(iter(self._recent.values())).held
            self._give_up_oldest()
