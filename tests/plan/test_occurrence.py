"""The events of an exchange as they are held against expectations."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.plan.occurrence import (
    Sighting,
    described,
    elapsed_s,
    key_of,
    occurrences,
    seconds,
)
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest


def exchange(payload: Any, path: str = "track", **fields: Any) -> Exchange:
    request = with_payload(TrackRequest("GET", f"http://h.io/{path}/"), json.dumps(payload))
    return Exchange(request, Origin.OPENED, 12.5, **fields)


def test_each_event_of_a_batch_has_its_number_and_place() -> None:
    batch = [{"event": "A", "properties": {"time": 7, "n": 1}}, {"event": "B"}]
    one, other = occurrences(exchange(batch, position="entry 3"), first=5)
    assert one.sighting == Sighting(5, "A", 12.5, 7.0, "entry 3, event 1")
    assert one.properties == {"time": 7, "n": 1}
    assert other.sighting == Sighting(6, "B", 12.5, None, "entry 3, event 2")
    assert other.properties == {}


@pytest.mark.parametrize(
    ("fields", "place"), [({"position": "line 2"}, "line 2"), ({"id": 4}, "exchange 4"), ({}, "")]
)
def test_a_single_event_is_where_its_exchange_is(fields: dict[str, Any], place: str) -> None:
    (found,) = occurrences(exchange({"event": "A", "properties": {}}, **fields))
    assert found.sighting.place == place


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ([1, None, "A", {"event": 3}, {"properties": {}}], "track"),
        ({"$token": "t", "$set": {"event": 1}}, "engage"),
        ({"$token": "t", "$group_key": "k"}, "groups"),
    ],
)
def test_what_is_no_event_is_none(payload: Any, path: str) -> None:
    assert list(occurrences(exchange(payload, path))) == []


def test_a_question_whether_events_may_come_has_none() -> None:
    asked = replace(exchange({"event": "A", "properties": {}}).request, method="OPTIONS")
    assert list(occurrences(Exchange(asked, Origin.OPENED, 0.0))) == []


def test_a_payload_that_cannot_be_read_has_no_events() -> None:
    broken = TrackRequest("GET", "http://h.io/track/?data=eyJldm")
    assert list(occurrences(Exchange(broken, Origin.OPENED, 0.0))) == []


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (5, 5.0),
        (5.5, 5.5),
        ("5", 5.0),
        (1_322_092_800_500, 1_322_092_800.5),
        (True, None),
        (None, None),
        ("5 s", None),
        ("9" * 400, None),
        (10**400, None),
        (float("nan"), None),
        (float("inf"), None),
        ([1], None),
    ],
)
def test_a_time_is_in_seconds_or_none(time: Any, expected: float | None) -> None:
    assert seconds(time) == expected


@pytest.mark.parametrize(
    ("times", "expected"), [((10, 13), 3), ((None, 13), 20), ((10, None), 20), ((13, 10), -3)]
)
def test_one_clock_is_not_held_against_the_other(
    times: tuple[float | None, float | None], expected: float
) -> None:
    earlier, later = Sighting(1, "A", 100, times[0]), Sighting(2, "B", 120, times[1])
    assert elapsed_s(earlier, later) == expected


def test_values_are_the_same_only_in_the_same_type() -> None:
    assert key_of({"a": 1}, ("a",)) != key_of({"a": "1"}, ("a",))
    assert key_of({"a": "x" * 500}, ("a",)) == key_of({"a": "x" * 500}, ("a",))
    assert key_of({"a": "x" * 500}, ("a",)) != key_of({"a": "x" * 499 + "y"}, ("a",))
    assert key_of({"a": 1}, ("a",)) == key_of({"a": 1.0}, ("a",)) != key_of({"a": True}, ("a",))
    assert key_of({"a": ""}, ("a",)) is None
    assert key_of({}, ()) == ()


def test_an_event_is_told_by_its_source_and_place() -> None:
    batch = [{"event": "A", "properties": {}}] * 2
    _, other = occurrences(exchange(batch, position="entry 3", source="shop.har", id=7))
    assert described(other.sighting) == "A (shop.har, entry 3, event 2)"
    assert other.sighting.exchange == 7


def test_an_event_without_a_place_is_told_by_its_number() -> None:
    assert described(Sighting(1234, "A\x1b", 0.0)) == "A\\x1b (event 1,234)"
