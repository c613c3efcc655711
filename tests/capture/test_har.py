from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.hars import EVENT, LAYOUTS, Har, as_bytes, data, entry, har, hars

from trackscope.capture import har_entries, har_window
from trackscope.capture.found import Captured
from trackscope.capture.har import HAR
from trackscope.capture.har_entries import Entry
from trackscope.capture.har_entry import captured, why_none
from trackscope.capture.opening import Reading
from trackscope.capture.report import Report
from trackscope.capture.shape import why_not
from trackscope.capture.stream import Stream
from trackscope.errors import SourceError
from trackscope.wire.decoding import decode

PAGES = {"page_1": "The shop"}
TRACK = f"https://api.mixpanel.com/track/?data={data()}"


def opened(content: bytes) -> tuple[list[Captured], Reading]:
    reading = Reading(Stream(BytesIO(content)))
    return list(reading), reading


def read(content: bytes) -> tuple[list[Captured], Report]:
    """As HAR, whether it is recognised or not, and only what is of the protocol."""
    report = Report()
    found = HAR.read(Stream(BytesIO(content)), report)
    return [each for each in found if not why_not(each.request)], report


@contextmanager
def reading_by(chunk: int, hurry_after: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(har_window, "CHUNK", chunk)
        patch.setattr(har_entries, "HURRY_AFTER", hurry_after)
        yield


def plainly(entries: list[Any]) -> list[Captured]:
    """What an importer finds that parses everything."""
    good = [
        captured(Entry(index, each), PAGES, lambda name: None)
        for index, each in enumerate(entries)
        if isinstance(each, dict) and not why_none(each)
    ]
    return [each for each in good if not why_not(each.request)]


def complete_entries(text: str) -> list[Any]:
    """The entries of a HAR's beginning that are there as a whole."""
    _, mark, rest = text.partition('"log"')
    _, more, rest = rest.partition('"entries"')
    place = rest.find("[") + 1
    found: list[Any] = []
    while mark and more and place > 0:
        rest = rest[place:].lstrip(", \t\r\n")
        try:
            value, place = json.JSONDecoder(strict=False).raw_decode(rest)
        except ValueError:
            break
        found.append(value)
    return found


@given(
    hars(is_regular=False),
    st.sampled_from(sorted(LAYOUTS)),
    st.integers(1, 3000),
    st.booleans(),
)
def test_all_layouts_hold_the_same_requests(
    value: Har, layout: str, chunk: int, is_utf16: bool
) -> None:
    content = LAYOUTS[layout](value)
    if is_utf16:
        content = content.decode("utf-8").encode("utf-16")
    with reading_by(chunk, 1 << 40):
        found, report = read(content)
    assert found == plainly(value["log"]["entries"])
    assert report.is_whole, report.problems


@given(hars(is_regular=True), st.sampled_from(sorted(LAYOUTS)), st.integers(1, 3000))
def test_in_a_hurry_the_same_is_found_and_counted(value: Har, layout: str, chunk: int) -> None:
    content = LAYOUTS[layout](value)
    with reading_by(chunk, 1 << 40):
        slow, slow_report = read(content)
    with reading_by(chunk, 0):
        fast, fast_report = read(content)
    assert fast == slow == plainly(value["log"]["entries"])
    assert fast_report.passed_over == slow_report.passed_over
    assert fast_report.problems == slow_report.problems == []


@given(hars(is_regular=True), st.sampled_from(sorted(LAYOUTS)), st.floats(0, 1), st.booleans())
def test_of_a_cut_file_all_complete_entries_are_read(
    value: Har, layout: str, share: float, is_hurried: bool
) -> None:
    whole = LAYOUTS[layout](value)
    content = whole[: int(len(whole) * share)]
    expected = complete_entries(content.decode("utf-8", "ignore"))
    with reading_by(500, 0 if is_hurried else 1 << 40):
        try:
            found, report = read(content)
        except SourceError:
            found, report = [], None
    pages = PAGES if len(value["log"]) and list(value["log"])[-1] == "entries" else None
    if report is not None and pages is not None:
        assert found == plainly(expected)
    else:
        assert len(found) == len(plainly(expected))
    is_cut = bool(content.strip() != whole.strip())
    assert report is None or report.is_whole != is_cut


@pytest.mark.parametrize("is_hurried", [False, True])
def test_each_recorded_file_has_what_its_list_says(captures: Path, is_hurried: bool) -> None:
    files = sorted((captures / "captures" / "har").glob("*.har"))
    assert files
    for file in files:
        expected = json.loads(Path(f"{file}.expected.json").read_bytes())["requests"]
        with file.open("rb") as source, reading_by(20_000, 0 if is_hurried else 1 << 40):
            reading = Reading(Stream(source))
            found = list(reading)
        assert (reading.kind, reading.report.problems) == ("har", [])
        assert [_as_listed(each) for each in found] == [
            (f"entry {each['pos']}", each["method"], each["params"], each["events"])
            for each in expected
        ]
        assert not any(each.problem for each in found)
        entries = json.loads(file.read_bytes())["log"]["entries"]
        assert reading.report.passed_over.total() == len(entries) - len(found)


def _as_listed(found: Captured) -> tuple[str, str, dict[str, str], list[Any]]:
    decoded = decode(found.request)
    params = {each.name: each.value for each in decoded.params if each.name != "data"}
    return found.position, found.request.method, params, list(decoded.events or ())


@pytest.mark.parametrize("cut", range(1, 20))
def test_each_recorded_file_is_read_up_to_where_it_was_cut(captures: Path, cut: int) -> None:
    for file in sorted((captures / "captures" / "har").glob("*.har")):
        content = file.read_bytes()[: file.stat().st_size * cut // 20]
        entries = complete_entries(content.decode("utf-8", "ignore"))
        found, report = read(content)
        assert [each.request for each in found] == [each.request for each in plainly(entries)]
        assert len(report.problems) == 1


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf \r\n{"log":{"version":"1.2","entries":[]}}',
        b'{"_a": 1, "log" : { "entries" : [] } }',
        b'{"entries":[]}',
        b'{"version":"1.1","creator":{"name":"x"},"entries":[{}]}',
        '{"log":{"creator":{},"entries":[]}}'.encode("utf-16"),
    ],
)
def test_a_har_is_recognised_by_its_content(content: bytes) -> None:
    found, reading = opened(content)
    assert (found, reading.kind, reading.report.is_whole) == ([], "har", True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"log":"a line","stream":"stdout"}',
        b'{"log":{"level":"info"},"message":"x"}',
        b'{"event":"a","properties":{"har":"{\\"log\\":{\\"version\\":1}}"}}',
        b'{"version":1,"items":[]}',
    ],
)
def test_other_json_is_none(content: bytes) -> None:
    assert not HAR.is_it(content)


def test_a_request_has_what_the_file_knows_of_it() -> None:
    (found,), _ = opened(as_bytes(har([entry(TRACK)])))
    assert found.request.url == TRACK
    assert found.request.headers == (("sec-ch-ua", '"Chromium";v="156"'),)
    assert found.reply is not None
    assert (found.reply.status, found.reply.body) == (200, b"1")
    assert (found.at, found.took_ms) == (1795446253.757, 12.5)
    assert (found.page, found.peer, found.position) == ("The shop", "", "entry 0")
    assert decode(found.request).events == (EVENT,)


def test_pages_are_named_wherever_they_stand() -> None:
    value = har([entry(TRACK), entry(TRACK, pageref="page_2")])
    value["log"]["pages"] = value["log"].pop("pages")
    found, _ = opened(as_bytes(value))
    assert [each.page for each in found] == ["The shop", "page_2"]


def test_a_broken_entry_is_left_out_and_told() -> None:
    good, bad = as_bytes(entry(TRACK)), b'{"request": {"url": "/track", }, "response": 1}'
    content = b'{"log":{"entries":[%s]}}' % b",".join([good, bad, good])
    found, reading = opened(content)
    assert [each.position for each in found] == ["entry 0", "entry 2"]
    assert "Entry 1, which begins at byte" in reading.report.problems[0]


def test_an_entry_that_is_not_closed_costs_no_other_one() -> None:
    content = as_bytes(har([entry(TRACK) for _ in range(5)]), indent=2)
    damaged = content.replace(b'"statusText": "OK",', b'"statusText": "OK', 3)
    damaged = damaged.replace(b'"statusText": "OK\n', b'"statusText": "OK",\n', 2)
    found, reading = opened(damaged)
    assert [each.position for each in found] == [f"entry {index}" for index in (0, 1, 3, 4)]
    assert not reading.report.is_whole


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (b'"time": NaN, "big": ' + b"9" * 4000, ""),
        (b'"time": 1, "bad": "\xff\xfe\\ud83d"', ""),
        (b'"time": 1, "tab": "a\tb"', ""),
        (b'"time": ' + b"9" * 5000, "is damaged"),
        (b'"deep": ' + b"[" * 900 + b"]" * 900 + b', "bad": "\xff"', ""),
        (b'"deep": ' + b"[" * 90_000 + b"]" * 90_000, "nested too deep"),
    ],
)
def test_what_the_fast_parser_refuses_is_read_slowly(bad: bytes, problem: str) -> None:
    content = as_bytes(har([entry(TRACK)])).replace(b'"time": 12.5', bad)
    found, reading = opened(content)
    assert len(found) == (not problem)
    assert problem in " ".join(reading.report.problems)
    assert reading.report.is_whole == (not problem)


@pytest.mark.parametrize("entries", ["5", "null", "{}", '"x"'])
def test_entries_that_are_no_list_are_refused(entries: str) -> None:
    with pytest.raises(SourceError, match="no list"):
        opened(f'{{"log":{{"version":"1.2","entries":{entries}}}}}'.encode())


def test_a_har_without_entries_is_refused() -> None:
    with pytest.raises(SourceError, match="no list of entries"):
        opened(b'{"log":{"version":"1.2","creator":{"name":"x"}}}')


def test_an_end_that_is_missing_is_told() -> None:
    content = as_bytes(har([entry(TRACK)]))
    assert opened(content[:-2])[1].report.problems[0].startswith("What follows the 1 entries")
    assert "before their list does" in opened(content[:-3])[1].report.problems[0]
    assert opened(content + b"\0\0\n")[1].report.is_whole


def test_strange_entries_are_counted_by_their_reason() -> None:
    strange = [None, {}, {"request": {"url": 5, "_": "/track"}}, [1, "]"], '\\"}']
    found, reading = opened(as_bytes(har([*strange, entry(TRACK)])))
    assert [each.position for each in found] == ["entry 5"]
    assert reading.report.passed_over == Counter(
        {"an entry that is no object": 3, "no tracking request": 1, "an entry without a URL": 1}
    )


def test_of_an_entry_too_large_to_hold_the_request_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(har_entries, "MAX_ENTRY", 20_000)
    large = entry(TRACK)
    large["response"]["content"]["text"] = 'a"\\}' * 300_000
    noise = json.loads(json.dumps(large).replace("track", "noise").replace("data=", "d="))
    found, reading = opened(as_bytes(har([noise, large, entry(TRACK), large, noise])))
    assert [each.position for each in found] == ["entry 1", "entry 2", "entry 3"]
    assert "only the request was read" in found[0].notes[-1]
    assert found[0].request == found[1].request
    assert reading.report.is_whole


def test_a_tracking_request_that_is_too_large_to_be_held_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(har_entries, "MAX_ENTRY", 20_000)
    large = entry(TRACK)
    large["request"]["postData"] = {"text": "data=" + "A" * 1_000_000}
    found, reading = opened(as_bytes(har([large, entry(TRACK)])))
    assert [each.position for each in found] == ["entry 1"]
    [problem] = reading.report.problems
    assert problem.startswith("Entry 0, which begins at byte ")
    assert "it was not read" in problem
