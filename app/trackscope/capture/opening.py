"""Opens a capture of whatever format: recognised by its content, read forward once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from trackscope.capture import detect
from trackscope.capture.detect import MAX_TEXT
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.mail import MAIL
from trackscope.capture.multipart import as_form
from trackscope.capture.ndjson import NDJSON
from trackscope.capture.payload import DEFAULT_BASE
from trackscope.capture.report import Report
from trackscope.capture.shape import why_not
from trackscope.capture.stream import Stream, as_text
from trackscope.capture.table import TABLE

FORMATS: tuple[Format, ...] = (NDJSON, TABLE, MAIL)
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
        is_empty = True
        for captured in self._read_text() if self._format is None else self._read_format():
            is_empty = False
            yield captured
        if self.stream.problem:
            self.report.tell(self.stream.problem)
        if is_empty and self.report.is_whole and not self.report.passed_over:
            self.report.tell(f"This looks like {self.name}, but there is no request in it.")

    def _read_format(self) -> Iterator[Captured]:
        assert self._format is not None
        for captured in map(as_form, self._format.read(self.stream, self.report)):
            reason = why_not(captured.request, self._hosts)
            if reason:
                self.report.pass_over(reason)
            else:
                yield captured

    def _read_text(self) -> Iterator[Captured]:
        found = detect.read_text(as_text(self.stream.read_all(MAX_TEXT)), self._base, self._hosts)
        self.kind = found.kind
        self.report.passed_over.update(found.passed_over)
        for problem in filter(None, (*found.unread, found.problem)):
            self.report.tell(problem)
        yield from found.requests
