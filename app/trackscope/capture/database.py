"""Knows a database, such as a history of this program, and says how to read it."""

from __future__ import annotations

from collections.abc import Iterator

from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream
from trackscope.errors import SourceError

_BEGINNING = b"SQLite format 3\0"


def is_database(head: bytes) -> bool:
    """Whether a file begins as SQLite's do."""
    return head.startswith(_BEGINNING)


def _read(stream: Stream, report: Report) -> Iterator[Captured]:
    raise SourceError(
        "This is a database, not a capture.",
        "A history of Trackscope is read by: trackscope export FILE, or trackscope import FILE.",
    )


DATABASE = Format("database", "a database", is_database, _read)
