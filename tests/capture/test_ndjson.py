from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.seeds import EVENT, SEEDS, URL

from trackscope.capture import ndjson
from trackscope.capture.found import Captured
from trackscope.capture.ndjson import BROKEN, NDJSON
from trackscope.capture.opening import Reading
from trackscope.capture.report import Report
from trackscope.capture.stream import HEAD, Stream
from trackscope.wire import json_text
from trackscope.wire.decoding import decode
from trackscope.wire.json_defect import JsonDefect

LINE = json.dumps(EVENT)


def _read(*lines: str) -> tuple[list[Captured], Report]:
    report = Report()
    return list(NDJSON.read(Stream(BytesIO("\n".join(lines).encode())), report)), report


def test_what_this_program_exports_comes_back_as_it_was() -> None:
    found = list(NDJSON.read(Stream(BytesIO(SEEDS["export"])), Report()))
    assert [each.position for each in found] == ["line 1", "line 2"]
    first = found[0]
    assert first.request.url == URL
    assert first.request.headers == (("User-Agent", "x"),)
    assert (first.at, first.page, first.notes, first.took_ms) == (1.5, "Shop", ("look",), 1.5)
    assert first.reply is not None
    assert (first.reply.status, first.reply.headers, first.reply.body) == (
        200, (("Server", "nginx"),), b"1"
    )  # fmt: skip


def test_each_line_of_events_is_a_request_as_it_is_written() -> None:
    odd = '{"event": "x",  "properties": {"a": 1.50, "a": 2}}'
    found, report = _read(LINE, "", odd, f"[{LINE}, {LINE}]", '{"$token": "t", "$set": {}}')
    assert [each.position for each in found] == ["line 1", "line 3", "line 4", "line 5"]
    assert decode(found[1].request).json_text == odd
    assert len(decode(found[2].request).events or ()) == 2
    assert "/engage/" in found[3].request.url
    assert report.is_whole


@pytest.mark.parametrize(
    "odd",
    ['{"event":"x","properties":{"a":NaN}}', '{"event":"\\ud800","properties":{}}',
     '{"event":"x","properties":{"a":' + "9" * 400 + "}}"],
)  # fmt: skip
def test_what_the_fast_parser_refuses_or_rounds_is_read_all_the_same(odd: str) -> None:
    [found], report = _read(odd)
    assert decode(found.request).json_text == odd
    assert report.is_whole


def test_big_numbers_deep_inside_stay_exact() -> None:
    [found], _ = _read('{"events":[{"event":"x","properties":{"a":123456789012345678901234}}]}')
    [event] = decode(found.request).events or ()
    assert event["properties"]["a"] == 123456789012345678901234


def test_broken_lines_are_counted_and_told_with_their_number() -> None:
    found, report = _read(LINE, "oops", '{"a": 1', LINE)
    assert [each.position for each in found] == ["line 1", "line 4"]
    assert report.passed_over[BROKEN] == 2
    assert report.problems[0].startswith("Line 2 is no JSON")
    assert "bracket or a value is missing" in report.problems[1]


def test_a_broken_event_is_a_request_with_a_finding() -> None:
    found, report = _read(LINE, '{"event": "x", "properties": {')
    assert [decode(each.request).flaw is None for each in found] == [True, False]
    assert report.is_whole


def test_objects_without_a_request_are_counted() -> None:
    found, report = _read(LINE, '{"a": 1}', "[1]", '{"url": "http://h/x"}')
    assert len(found) == 2  # whether a URL is a tracking one is not asked here
    assert report.passed_over == {"no tracking request": 2}


@pytest.mark.parametrize(
    "head",
    [SEEDS["export"], SEEDS["events"], SEEDS["export"].splitlines()[0], b"\n\n" + SEEDS["events"],
     b'{"event": broken\n' + SEEDS["events"], json.dumps({"u": URL}).encode() + b"\n{}\n",
     b'{"event":"' + b"x" * HEAD],
)  # fmt: skip
def test_it_is_known_by_its_first_lines(head: bytes) -> None:
    assert NDJSON.is_it(head[: HEAD + 10])


@pytest.mark.parametrize(
    "head",
    [SEEDS["json log"], SEEDS["json"], SEEDS["array"], SEEDS["har"], SEEDS["table"], b"",
     b"{}\n{}\n", LINE.encode(), b'{"log":{"entries":["' + b"x" * HEAD],
)  # fmt: skip
def test_other_json_is_none(head: bytes) -> None:
    assert not NDJSON.is_it(head[: HEAD + 10])


def test_recorded_requests_are_read_with_the_events_they_carry(captures: Path) -> None:
    path = captures / "requests.jsonl"
    expected = [json.loads(line)["expected"] for line in path.read_bytes().splitlines()]
    with path.open("rb") as file:
        read = {each.position: each.request for each in Reading(Stream(file))}
    for number, each in enumerate(expected, 1):
        request = read.get(f"line {number}")
        events = (decode(request).events or ()) if request else ()
        assert len(events) == len(each["events"])
        if "$long" not in json.dumps(each["events"]):
            assert repr(list(events)) == repr(each["events"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ).filter(lambda value: isinstance(value, list | dict)),
    st.booleans(),
)
def test_the_fast_and_the_careful_parser_agree(value: Any, is_ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii)
    read = ndjson._value(text.encode("utf-8", "surrogatepass"))
    assert repr(read) == repr(json_text.parse(text).value)


@given(st.text(max_size=30).map(lambda text: "{" + text))
def test_they_agree_on_what_is_broken(text: str) -> None:
    read = ndjson._value(text.encode("utf-8", "surrogatepass"))
    assert isinstance(read, JsonDefect) == (json_text.parse(text.strip()).defect is not None)
