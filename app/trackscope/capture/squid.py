"""Access logs of the proxy Squid, in the format of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture import logentry
from trackscope.capture.accesslog import NO_REQUEST
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logentry import unescaped
from trackscope.capture.loglines import BLOCK, candidates, first_lines
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
    lines = first_lines(head)
    return 2 * sum(_ENTRY.match(line) is not None for line in lines) > len(lines)


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    for number, line in candidates(stream.blocks(BLOCK), report):
        entry = _ENTRY.match(line)
        found = None if entry is None else _captured(number, entry)
        if found is None:
            report.pass_over(NO_REQUEST)
        else:
            yield found


def _captured(number: int, entry: re.Match[bytes]) -> Captured | None:
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
