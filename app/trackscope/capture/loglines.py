"""The lines of a log that may be about tracking requests, found without splitting the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackscope.capture.report import NOT_TRACKING, Report
from trackscope.capture.shape import IN_TARGET
from trackscope.capture.stream import MAX_LINE, Stream

TOO_LONG = f"a line of more than {MAX_LINE // 1024 // 1024} MB"

_FIRST_LINES = 20
"""Lines by which a log is recognised."""


def first_lines(head: bytes) -> list[bytes]:
    """The first lines that are not blank; the last one only if nothing else is there."""
    lines = head.split(b"\n")
    if len(lines) > 1:
        lines.pop()  # it is cut, or empty
    return [line.strip() for line in lines if line.strip()][:_FIRST_LINES]


def candidates(
    stream: Stream, report: Report, more: Iterable[bytes] = ()
) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line that may be about a tracking request.

    All others are counted. `more` are further texts that make a line a candidate. A line that is
    too long to be read is told to the report.
    """
    needles = (*IN_TARGET, *more)
    number = 1
    is_too_long = False
    for block in stream.blocks():
        if is_too_long:
            end = block.find(b"\n") + 1
            if not end:
                continue
            number, block, is_too_long = number + 1, block[end:], False
        if len(block) > MAX_LINE and b"\n" not in block:
            report.pass_over(TOO_LONG)
            report.tell(f"Line {number:,} is longer than {MAX_LINE // 1024 // 1024} MB: left out.")
            is_too_long = True
            continue
        lines = block.count(b"\n") + (not block.endswith(b"\n") and block != b"")
        found = _with_any(block, needles)
        report.pass_over(NOT_TRACKING, lines - len(found))
        place, at = 0, number
        for start, end in found:
            at += block.count(b"\n", place, start)
            place = start
            yield at, block[start:end].rstrip(b"\r")
        number += lines


def _with_any(block: bytes, needles: Iterable[bytes]) -> list[tuple[int, int]]:
    """Start and end of each line that holds one of the needles, in order."""
    found = {}
    for needle in needles:
        place = block.find(needle)
        while place >= 0:
            end = block.find(b"\n", place)
            end = end if end >= 0 else len(block)
            found[block.rfind(b"\n", 0, place) + 1] = end
            place = block.find(needle, end)
    return sorted(found.items())
