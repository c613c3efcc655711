"""A format of captures: what it is called, how it is recognised, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from trackscope.capture.found import Captured
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one format are read.

    `kind` is its word in code and on the command line, `name` the one in sentences ("a HAR
    file"). `is_it` recognises it by the first bytes (`Stream.head`), never by a file's name.
    `read` yields the requests that may be tracking ones, in order, and counts in the report what
    it passes over. It raises SourceError only where nothing of the file can be read; what is
    wrong with a part is told to the report.
    """

    kind: str
    name: str
    is_it: Callable[[bytes], bool]
    read: Callable[[Stream, Report], Iterator[Captured]]
