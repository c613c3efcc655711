from __future__ import annotations

import re
from io import BytesIO

import pytest

from trackscope.capture.loglines import TOO_LONG, candidates, first_lines
from trackscope.capture.report import NOT_TRACKING, Report
from trackscope.capture.stream import MAX_LINE, Stream


def found(content: bytes) -> tuple[list[tuple[int, bytes]], Report]:
    report = Report()
    return list(candidates(Stream(BytesIO(content)).blocks(), report)), report


def test_lines_that_may_track_come_with_their_number_and_the_others_are_counted() -> None:
    lines, report = found(b"a\nGET /track?x\r\n\nb data=1 data=2 /track\nc\nno end /engage")
    assert lines == [(2, b"GET /track?x"), (4, b"b data=1 data=2 /track"), (6, b"no end /engage")]
    assert report.passed_over == {NOT_TRACKING: 3}
    assert report.is_whole


def test_numbers_go_on_over_blocks() -> None:
    content = b"".join(
        b"line %d %s\n" % (n, b"/track" * (n % 1000 == 0)) for n in range(1, 300_001)
    )
    lines, report = found(content)
    assert [number for number, _ in lines] == list(range(1000, 300_001, 1000))
    assert lines[-1] == (300_000, b"line 300000 /track")
    assert report.passed_over == {NOT_TRACKING: 299_700}


def test_an_endless_line_is_left_out_and_told() -> None:
    long = b"/track" + b"x" * 3 * MAX_LINE
    lines, report = found(b"/track 1\n" + long + b"\n/track 3\n" + long)
    assert lines == [(1, b"/track 1"), (3, b"/track 3")]
    assert report.passed_over == {TOO_LONG: 2}
    assert report.problems == [
        "Line 2 is longer than 4 MB: left out.",
        "Line 4 is longer than 4 MB: left out.",
    ]


@pytest.mark.parametrize("content", [b"", b"\n", b"\0" * 1000, b"\n" * 5])
def test_where_there_is_nothing_nothing_is_found(content: bytes) -> None:
    lines, report = found(content)
    assert lines == []
    assert sum(report.passed_over.values()) == content.count(b"\n") + content.startswith(b"\0")


def test_further_patterns_make_candidates() -> None:
    report = Report()
    lines = candidates([b"a\nb\n"], report, (re.compile(b"b"),))
    assert list(lines) == [(2, b"b")]


def test_of_the_first_lines_the_cut_one_is_left_out() -> None:
    assert first_lines(b"\n a \r\nb\ncut") == [b"a", b"b"]
    assert first_lines(b"only") == [b"only"]
    assert len(first_lines(b"x\n" * 100)) == 20
