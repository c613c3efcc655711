"""Access logs of the proxy Squid, in the format of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture import logentry
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logentry import unescaped
from trackscope.capture.loglines import are_mostly, requests
from trackscope.capture.logtime import log_time
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

_ENTRY = re.compile(
    rb"(?P<time>\d{9,11}\.\d{3}) +(?P<took>-?\d{1,9}) (?P<peer>\S+) \w+/(?P<status>\d{3}) \d+ "
    rb"(?P<method>[A-Z]{3,7}) (?P<url>\S+) "
)
"""Time, milliseconds, client, how it was answered, bytes, method, URL; user and server follow."""


def is_it(head: bytes) -> bool:
    """Whether most of the first lines are entries of such a log."""
    return are_mostly(head, _ENTRY.match)


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    return requests(stream, report, _read_line)


def _read_line(number: int, line: bytes) -> Captured | None:
    entry = _ENTRY.match(line)
    if entry is None:
        return None
    status = int(entry["status"])
    return logentry.captured(
        number,
        entry["method"].decode("ascii"),
        unescaped(entry["url"]),
        at=log_time(entry["time"].decode("ascii")),
        status=status or None,
        took_ms=max(0.0, float(entry["took"])),
        peer=entry["peer"].decode("ascii", "replace"),
    )


SQUID = Format("squid", "a log of Squid", is_it, read)
