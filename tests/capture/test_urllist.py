from __future__ import annotations

from io import BytesIO

import pytest

from trackscope.capture import opening, urllist
from trackscope.capture.detect import read_text
from trackscope.capture.opening import Reading
from trackscope.capture.report import NOT_TRACKING, Report
from trackscope.capture.stream import Stream

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
URL = f"http://h/track/?data={DATA}"


def read(content: bytes) -> tuple[list[tuple[str, str]], Report]:
    report = Report()
    pieces = (content[place : place + 50] for place in range(0, len(content), 50))
    found = urllist.read(pieces, report)
    return [(each.position, each.request.url) for each in found], report


def test_lines_that_are_urls_are_read_and_the_others_counted() -> None:
    found, report = read(f"\ufeff{URL}\r\n\nhttp://h/x\n  {URL}&ip=1 \n".encode())
    assert found == [("line 1", URL), ("line 4", f"{URL}&ip=1")]
    assert report.passed_over == {NOT_TRACKING: 2}
    assert report.is_whole


def test_urls_within_lines_are_found_and_what_is_not_read_is_told() -> None:
    lines = [f'1,"{URL}",2', f"see {URL} and <{URL}&amp;ip=1>", f"data={DATA}"]
    found, report = read("\n".join(lines).encode())
    assert found == [("line 1", URL), ("line 2", URL), ("line 2", f"{URL}&ip=1")]
    assert report.passed_over == {urllist.NO_URL: 1}
    assert len(report.problems) == 1
    assert "line by line" in report.problems[0]


def test_windows_utf16_is_read_by_its_mark() -> None:
    found, _ = read(f"{URL}\r\n{URL}&a=é".encode("utf-16"))
    assert found == [("line 1", URL), ("line 2", f"{URL}&a=é")]


def test_a_text_too_large_to_be_read_as_a_whole_gives_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = "\n".join(f"{URL}&ip={number % 2}" for number in range(1000))
    whole = read_text(source)
    monkeypatch.setattr(opening, "MAX_TEXT", 1000)
    reading = Reading(Stream(BytesIO(source.encode())))
    found = list(reading)
    assert reading.kind == whole.kind == "urls"
    assert [(each.position, each.request) for each in found] == [
        (each.position, each.request) for each in whole.requests
    ]
    assert reading.report.is_whole


def test_a_large_text_without_requests_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_TEXT", 1000)
    reading = Reading(Stream(BytesIO(b"nothing\n" * 1000)))
    assert list(reading) == []
    assert reading.report.passed_over == {NOT_TRACKING: 1000}
    assert reading.report.problems == ["No tracking request was found in the lines of this text."]
