from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from trackscope.capture import detect, opening
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.opening import Reading
from trackscope.capture.report import Report
from trackscope.capture.shape import NO_EVENT
from trackscope.capture.stream import HEAD, Stream
from trackscope.errors import SourceError
from trackscope.wire.decoding import decode
from trackscope.wire.request import TrackRequest

URL = "http://h/track/?data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"


def with_format(monkeypatch: pytest.MonkeyPatch, *found: Captured) -> Reading:
    """A reading of a format that yields just these."""

    def read(stream: Stream, report: Report) -> Iterator[Captured]:
        yield from found

    monkeypatch.setattr(opening, "FORMATS", (Format("x", "an x", lambda _: True, read),))
    return Reading(Stream(BytesIO(b"")))


def test_what_was_read_to_recognise_a_request_comes_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain, odd = TrackRequest("GET", URL), TrackRequest("GET", f"{URL}%20")
    reading = with_format(monkeypatch, Captured(plain, "1"), Captured(odd, "2"))
    (_, first), (_, second) = reading.recognised()
    assert first.seen is not None
    assert first.seen.names == ["game"]
    assert second.decoded == decode(odd)


def test_a_request_that_is_not_there_as_a_whole_counts_by_its_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    track, other = TrackRequest("POST", "http://h/track"), TrackRequest("POST", "http://h/x")
    reading = with_format(
        monkeypatch,
        Captured(track, "1", problem="no body"),
        Captured(other, "2", problem="no body"),
        Captured(track, "3"),
    )
    assert [each.position for each in reading] == ["1"]
    assert reading.report.passed_over == {"no tracking request": 1, NO_EVENT: 1}


class _Endless(BytesIO):
    """A device that never ends; only its beginning may be asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        self.given += size
        return bytes(size)


def test_of_binary_data_only_the_beginning_is_read() -> None:
    device = _Endless()
    with pytest.raises(SourceError, match="This is binary data, not text"):
        list(Reading(Stream(device)))
    assert device.given <= HEAD


def test_a_list_of_more_urls_than_a_text_may_hold_is_read_line_by_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "MAX_REQUESTS", 3)
    monkeypatch.setattr(detect, "MAX_REQUESTS", 3)
    reading = Reading(Stream(BytesIO(f"{URL}\n".encode() * 5)))
    assert [each.position for each in reading] == [f"line {number}" for number in range(1, 6)]
    assert reading.report.is_whole


def test_a_text_with_more_requests_than_are_read_is_not_called_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(detect, "MAX_REQUESTS", 3)
    reading = Reading(Stream(BytesIO(f"curl '{URL}'\n".encode() * 5)))
    assert len(list(reading)) == 3
    assert reading.report.problems == ["It has more than 3 requests: the others were not read."]


def test_a_text_is_read_as_a_whole_where_it_is_not_too_large() -> None:
    reading = Reading(Stream(BytesIO(f"see {URL}, please".encode())))
    [(captured, recognised)] = reading.recognised()
    assert reading.kind == "url"
    assert captured.request.url == URL
    assert recognised == ("", None, None)
    assert reading.report.is_whole


def _events(path: Path) -> list[Any]:
    with path.open("rb") as file:
        return [
            event
            for captured in Reading(Stream(file))
            for event in decode(captured.request).events or ()
        ]


@pytest.mark.parametrize("folder", ["text", "curl", "logs"])
def test_recorded_captures_hold_the_events_they_should(folder: str, captures: Path) -> None:
    for path in sorted((captures / "captures" / folder).glob("*.expected.json")):
        record = json.loads(path.read_text("utf-8"))
        required = [each["payload"] for each in record.get("events", ())]
        required += [event for each in record.get("requests", ()) for event in each["events"]]
        optional = [each["payload"] for each in record.get("optional", ())]
        found = _events(path.with_name(path.name.removesuffix(".expected.json")))
        assert [event for event in found if event in required] == required, path.name
        assert all(event in required or event in optional for event in found), path.name
