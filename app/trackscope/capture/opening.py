"""Opens a capture of whatever format: recognised by its content, read forward once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from trackscope.capture import detect, text, urllist
from trackscope.capture.accesslog import ACCESSLOG
from trackscope.capture.archive import ZIP
from trackscope.capture.database import DATABASE
from trackscope.capture.detect import MAX_REQUESTS, MAX_TEXT
from trackscope.capture.flow import FLOW
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.har import HAR
from trackscope.capture.jsonlog import JSONLOG
from trackscope.capture.loadbalancer import LOADBALANCER
from trackscope.capture.logfmt import LOGFMT
from trackscope.capture.mail import MAIL
from trackscope.capture.multipart import as_form
from trackscope.capture.ndjson import NDJSON
from trackscope.capture.payload import DEFAULT_BASE
from trackscope.capture.pcap import PCAP, PCAPNG
from trackscope.capture.report import Report
from trackscope.capture.shape import NO_EVENT, Recognised, recognise
from trackscope.capture.squid import SQUID
from trackscope.capture.stream import Stream, as_text
from trackscope.capture.table import TABLE
from trackscope.capture.w3clog import W3CLOG
from trackscope.errors import SourceError

FORMATS: tuple[Format, ...] = (
    DATABASE,
    ZIP,
    FLOW,
    PCAP,
    PCAPNG,
    HAR,
    NDJSON,
    W3CLOG,
    JSONLOG,
    LOADBALANCER,
    ACCESSLOG,
    SQUID,
    LOGFMT,
    TABLE,
    MAIL,
)
"""The formats of captures, in the order in which they are tried; what is none is a text."""


class Reading:
    """A capture being read: iterate it once for the tracking requests in it, in order.

    `kind` and `name` say what it is; `report` fills up on the way. `hosts` are names of servers,
    beside those of the service, whose paths are the protocol's (`/track` there needs no event).
    SourceError is raised where nothing of it can be read, OSError where the file fails.
    """

    def __init__(
        self, stream: Stream, base: str = DEFAULT_BASE, hosts: Collection[str] = ()
    ) -> None:
        self.stream = stream
        self.report = Report()
        self._base = base
        self._hosts = frozenset(host.lower() for host in hosts)
        self._format = next((each for each in FORMATS if each.is_it(stream.head)), None)
        self.kind = self._format.kind if self._format else "text"
        self.name = self._format.name if self._format else "a text"

    def __iter__(self) -> Iterator[Captured]:
        return (captured for captured, _ in self.recognised())

    def recognised(self) -> Iterator[tuple[Captured, Recognised]]:
        """The requests, each with what was read in it: `judge` need not read it again."""
        if self._format is None:
            yield from self._read_text()
        else:
            yield from self._tracking(self._format.read(self.stream, self.report))
        if self.stream.problem:
            self.report.conclude(self.stream.problem)

    def _tracking(self, found: Iterable[Captured]) -> Iterator[tuple[Captured, Recognised]]:
        """Those that are of the protocol; the others are counted.

        A request that the capture does not hold as a whole counts by its path.
        """
        for captured in map(as_form, found):
            recognised = recognise(captured.request, self._hosts, has_host=captured.has_host)
            reason = recognised.reason
            if reason and not (captured.problem and reason == NO_EVENT):
                self.report.pass_over(reason)
            else:
                yield captured, recognised

    def _read_text(self) -> Iterator[tuple[Captured, Recognised]]:
        if b"\0" in self.stream.head:
            raise SourceError(detect.BINARY, detect.NEXT_STEP)
        pieces = []
        length = 0
        for piece in iter(self.stream.read, b""):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_TEXT:
                yield from self._read_lines(chain(pieces, iter(self.stream.read, b"")))
                return
        content = b"".join(pieces)
        source = as_text(content)
        if content.count(b"\n") >= MAX_REQUESTS and text.is_list(source):
            yield from self._read_lines(iter((content,)))
            return
        found = detect.read_text(source, self._base, self._hosts)
        self.kind = found.kind
        self.report.passed_over.update(found.passed_over)
        for problem in filter(None, (*found.unread, found.problem)):
            self.report.conclude(problem)
        yield from ((captured, Recognised("")) for captured in found.requests)

    def _read_lines(self, pieces: Iterable[bytes]) -> Iterator[tuple[Captured, Recognised]]:
        self.kind = "urls"
        is_empty = True
        for each in self._tracking(urllist.read(pieces, self.report)):
            is_empty = False
            yield each
        if is_empty:
            self.report.conclude("No tracking request was found in the lines of this text.")
