"""Logs of `key=value` pairs (logfmt), as Heroku's router and programs in Go and Ruby write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture import logfields
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logentry import unescaped
from trackscope.capture.logfields import plain
from trackscope.capture.loglines import are_mostly, first_lines, requests
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

_PAIR = re.compile(rb'(?<!\S)([A-Za-z@_][\w.@-]*)=(?:"((?:[^"\\]++|\\.)*+)"|([^\s"]*+))(?!\S)')
_FEWEST = 4
"""Pairs by which a line is one of such a log: method, target, and what else it is a log for."""


def is_it(head: bytes) -> bool:
    """Whether most of the first lines are pairs, and one of them tells of a request."""
    return are_mostly(head, _has_pairs) and any(_read_line(1, line) for line in first_lines(head))


def _has_pairs(line: bytes) -> bool:
    return len(_PAIR.findall(line)) >= _FEWEST


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    return requests(stream, report, _read_line)


def _read_line(number: int, line: bytes) -> Captured | None:
    """The request of a line."""
    pairs = _PAIR.findall(line)
    fields = {
        plain(name.decode("ascii")): unescaped(quoted or bare) for name, quoted, bare in pairs
    }
    # a collector of logs may have put the time before the pairs
    fields.setdefault("t", line.split(None, 1)[0].decode("ascii", "replace"))
    return logfields.captured(number, fields)


LOGFMT = Format("logfmt", "a log of key=value pairs", is_it, read)
