"""The lines of a log that may be about tracking requests, found without splitting the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from trackscope.capture.found import Captured
from trackscope.capture.report import NOT_TRACKING, Report
from trackscope.capture.shape import IN_TARGET
from trackscope.capture.stream import MAX_LINE, Stream

Pattern = re.Pattern[bytes]

BLOCK = 64 * 1024
"""Bytes of a log that are looked at together: what is larger does not stay near the processor, and
is allocated anew each time, which takes longer than looking through it."""

NO_REQUEST = "a line without a request"
TOO_LONG = f"a line of more than {MAX_LINE // 1024 // 1024} MB"

_FIRST_LINES = 20
"""Lines by which a log is recognised."""


def first_lines(head: bytes) -> list[bytes]:
    """The first lines that are not blank; the last one only if nothing else is there."""
    lines = head.split(b"\n")
    if len(lines) > 1:
        lines.pop()  # it is cut, or empty
    return [line.strip() for line in lines if line.strip()][:_FIRST_LINES]


def are_mostly(head: bytes, is_entry: Callable[[bytes], object]) -> bool:
    """Whether most of the first lines are entries of a log."""
    lines = first_lines(head)
    return 2 * sum(map(bool, map(is_entry, lines))) > len(lines)


def requests(
    stream: Stream, report: Report, read: Callable[[int, bytes], Captured | None]
) -> Iterator[Captured]:
    """The requests that `read` finds in the lines that may be about tracking ones."""
    for number, line in candidates(stream.blocks(BLOCK), report):
        found = read(number, line)
        if found is None:
            report.pass_over(NO_REQUEST)
        else:
            yield found


def candidates(
    blocks: Iterable[bytes], report: Report, more: Iterable[Pattern] = ()
) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line that may be about a tracking request.

    `blocks` end where lines end, as `line_blocks` has them. `more` are further patterns that make
    a line a candidate. All other lines are counted. A line that is too long to be read is told to
    the report.
    """
    patterns = (*IN_TARGET, *more)
    number = 1
    for block, is_part in _parts(blocks):
        if is_part:
            report.pass_over(TOO_LONG)
            report.tell(f"Line {number:,} is longer than {MAX_LINE // 1024 // 1024} MB: left out.")
            number += 1
            continue
        first, place = number, 0
        found = _with_any(block, patterns)
        for start, end in found:
            number += block.count(b"\n", place, start)
            place = start
            yield number, block[start:end].rstrip(b"\r")
        number += block.count(b"\n", place)
        has_more = bool(block) and not block.endswith(b"\n")
        report.pass_over(NOT_TRACKING, number - first + has_more - len(found))


def _parts(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Whole lines, and with True once for each line that is too long."""
    is_too_long = False
    for block in blocks:
        if is_too_long:
            end = block.find(b"\n") + 1
            is_too_long = not end
            block = block[end:] if end else b""
        elif len(block) > MAX_LINE and b"\n" not in block:
            is_too_long = True
            yield b"", True
            continue
        yield block, False


def _with_any(block: bytes, patterns: Iterable[Pattern]) -> list[tuple[int, int]]:
    """Start and end of each line of a block that has one of the patterns, in order."""
    found = {}
    for pattern in patterns:
        hit = pattern.search(block)
        while hit:
            place = hit.start()
            end = block.find(b"\n", place)
            end = end if end >= 0 else len(block)
            found[block.rfind(b"\n", 0, place) + 1] = end
            hit = pattern.search(block, end)
    return sorted(found.items())
