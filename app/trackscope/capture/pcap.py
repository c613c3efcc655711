"""Reads packet captures (pcap and pcapng) for what HTTP requests were sent in clear."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from trackscope.capture.answer import readable
from trackscope.capture.connections import Connections
from trackscope.capture.format import Format
from trackscope.capture.found import Captured, carried, moment, wait_ms
from trackscope.capture.http_stream import Pair, method_of, status_of, target_of
from trackscope.capture.packets import frames, is_pcap, is_pcapng
from trackscope.capture.report import Report
from trackscope.capture.segments import segment_in
from trackscope.capture.stream import Stream
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

MAX_QUEUED = 512
"""Requests that wait for an earlier one to be answered before order gives way."""

MAX_QUEUED_BYTES = 16 * 1024 * 1024


class _Queue:
    """Requests in the order in which they began, which is not the one in which they end."""

    def __init__(self) -> None:
        self._pairs: deque[Pair] = deque()
        self._limit = MAX_QUEUED
        self._calls = 0

    def append(self, pair: Pair) -> None:
        """Add a request that begins."""
        self._pairs.append(pair)

    def ready(self) -> Iterator[Pair]:
        """Take out what is finished and not preceded by what is not; if it is full, all that is."""
        pairs = self._pairs
        while pairs and pairs[0].is_finished:
            yield pairs.popleft()
        self._calls += 1
        if len(pairs) > self._limit or (self._calls % 256 == 0 and self._is_heavy()):
            yield from [pair for pair in pairs if pair.is_finished]
            self._pairs = deque(pair for pair in pairs if not pair.is_finished)
            self._limit = MAX_QUEUED + len(self._pairs)

    def rest(self) -> Iterator[Pair]:
        """All that is left."""
        yield from self._pairs

    def _is_heavy(self) -> bool:
        return sum(pair.held for pair in self._pairs) > MAX_QUEUED_BYTES


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """Every HTTP request, in the order in which they began; positions are "packet 4" and so on."""
    queue = _Queue()
    connections = Connections(report, queue.append)
    for frame in frames(stream, report):
        segment = segment_in(frame.link, frame.data)
        if isinstance(segment, str):
            report.pass_over(segment)
        elif connections.take(segment, frame.number, frame.at):
            yield from map(_captured, queue.ready())
    connections.close()
    yield from map(_captured, queue.rest())
    if connections.missing:
        report.conclude(
            f"{connections.missing:,} bytes of HTTP connections are not in the capture: packets "
            "were lost or cut off when it was made. Capture whole packets (tcpdump -s 0)."
        )


def _captured(pair: Pair) -> Captured:
    request = pair.request
    kept, notes = carried(request.headers)
    reply = None
    answered_at = None
    if pair.reply is not None:
        answered_at = pair.reply.at
        reply, more = _reply(pair)
        notes += more
    elif pair.note:
        notes += (pair.note,)
    return Captured(
        TrackRequest(method_of(request), _url(pair), kept, bytes(request.body)),
        f"packet {request.number}",
        notes=notes,
        at=moment(request.at),
        reply=reply,
        took_ms=wait_ms(request.at, answered_at),
        peer=pair.peer,
        problem=request.problem,
    )


def _reply(pair: Pair) -> tuple[Reply, tuple[str, ...]]:
    assert pair.reply is not None
    message = pair.reply
    reply, notes = readable(status_of(message), message.headers, bytes(message.body))
    return reply, (*notes, f"the answer: {message.problem}") if message.problem else notes


def _url(pair: Pair) -> str:
    """The URL that was meant: a proxy is sent a whole one, a server the part behind its name."""
    target = target_of(pair.request)
    if target[:8].lower().startswith(("http://", "https://")):
        return target
    if not target.startswith("/"):
        return f"http://{target}"  # CONNECT host:port
    hosts = [value for name, value in pair.request.headers if name.lower() == "host"]
    return f"http://{hosts[0] if hosts and hosts[0] else pair.server}{target}"


PCAP = Format("pcap", "a packet capture", is_pcap, read)
PCAPNG = Format("pcapng", "a packet capture", is_pcapng, read)
