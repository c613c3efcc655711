from __future__ import annotations

from io import BytesIO

from trackscope.capture.lines import lines
from trackscope.capture.report import Report
from trackscope.capture.stream import MAX_LINE, Stream


def _read(source: bytes) -> tuple[list[tuple[int, bytes]], Report]:
    report = Report()
    return list(lines(Stream(BytesIO(source)), report)), report


def test_lines_are_numbered_with_their_ends_and_blank_ones_count() -> None:
    found, report = _read(b"a\r\n\n  \nb")
    assert found == [(1, b"a\r\n"), (2, b"\n"), (3, b"  \n"), (4, b"b")]
    assert report.is_whole


def test_lines_across_blocks_stay_whole() -> None:
    source = b"".join(b"%d\n" % number for number in range(400_000))
    found, _ = _read(source)
    assert found[-1] == (400_000, b"399999\n")
    assert b"".join(line for _, line in found) == source


def test_too_long_a_line_is_told_and_the_next_ones_keep_their_numbers() -> None:
    found, report = _read(b"a\n" + b"x" * (3 * MAX_LINE) + b"tail\nb\n")
    assert found == [(1, b"a\n"), (3, b"b\n")]
    assert report.problems == ["Line 2 is longer than 4 MB: it was passed over."]


def test_a_long_line_at_the_end_is_told_too() -> None:
    found, report = _read(b"a\n" + b"x" * (MAX_LINE + 2_000_000))
    assert found == [(1, b"a\n")]
    assert not report.is_whole
