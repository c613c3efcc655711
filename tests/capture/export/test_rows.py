"""One row an event, and one for an exchange without any."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.export.rows import COLUMNS, Row, check_columns, rows
from trackscope.errors import UsageError
from trackscope.wire.editing import with_payload
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

EVENTS = [
    {"event": "a", "properties": {"token": "t", "distinct_id": 7, "time": "1322092800", "n": 1.5}},
    {"event": "b", "properties": {"$insert_id": "i", "time": "soon", "tags": ["x", None]}},
]


def exchange(payload: Any, **fields: Any) -> Exchange:
    bare = TrackRequest("POST", "http://h:1/track/?ip=1", (), b"data=")
    request = with_payload(bare, payload if isinstance(payload, str) else json.dumps(payload))
    return Exchange(request, Origin.OPENED, at=12.5, id=3, **fields)


def rows_of(payload: Any, *extra: str, **fields: Any) -> list[Row]:
    return list(rows([exchange(payload, **fields)], extra))


def test_every_event_of_a_batch_is_a_row_of_its_exchange() -> None:
    first, second = rows_of(EVENTS, reply=Reply(200), verdict=1, predicted=0, note="n")
    assert (first.exchange_id, first.method, first.host, first.endpoint) == (
        3,
        "POST",
        "h:1",
        "/track",
    )
    assert (first.event, first.token, first.distinct_id) == ("a", "t", "7")
    assert (first.verdict, first.predicted, first.status, first.note) == (1, 0, 200, "n")
    assert first.time is not None
    assert (first.time.isoformat(), first.time_raw) == ("2011-11-24T00:00:00+00:00", "1322092800")
    assert (second.event, second.insert_id, second.time, second.time_raw) == (
        "b",
        "i",
        None,
        "soon",
    )
    assert [json.loads(row.properties or "") for row in (first, second)] == [
        event["properties"] for event in EVENTS
    ]


def test_an_exchange_whose_payload_cannot_be_read_is_a_row_all_the_same() -> None:
    findings = (Finding("json.syntax", Severity.ERROR, "", "x"),)
    (row,) = rows_of("{broken", verdict=0, findings=findings)
    assert (row.event, row.properties, row.verdict) == (None, None, 0)
    assert row.findings == ("json.syntax",)


def test_findings_stand_with_the_event_that_they_are_about() -> None:
    findings = (
        Finding("url.length", Severity.WARNING, "", "x"),
        Finding("time.type", Severity.ERROR, "/1/properties/time", "x"),
        Finding("time.type", Severity.ERROR, "/1/properties/time", "x"),
    )
    first, second = rows_of(EVENTS, findings=findings)
    assert first.findings == ("url.length",)
    assert second.findings == ("url.length", "time.type")


def test_a_profile_is_a_row_with_its_whole_record() -> None:
    record = {"$token": "t", "$distinct_id": "d", "$set": {"a": 1}}
    (row,) = rows_of(record)
    assert (row.event, row.token, row.distinct_id) == (None, "t", "d")
    assert json.loads(row.properties or "") == record


def test_a_property_can_have_a_column_of_its_own() -> None:
    first, second = rows_of(EVENTS, "n", "tags")
    assert (first.extra, second.extra) == (("1.5", None), (None, '["x",null]'))


@pytest.mark.parametrize("names", [["token"], ["a", "a"], ["url"]])
def test_a_column_that_is_there_already_is_refused(names: list[str]) -> None:
    with pytest.raises(UsageError, match="a column"):
        check_columns(names)


def test_no_cell_holds_what_utf8_or_json_have_not() -> None:
    text = '{"event":"\\ud800","properties":{"\\udc00":"\\ud800","n":NaN,"i":[1e999]}}'
    (row,) = rows_of(text, note="\udcff", source="\ud800")
    assert json.loads(row.properties or "", parse_constant=pytest.fail) == {
        "\ufffd": "\ufffd",
        "n": None,
        "i": [None],
    }
    for name in COLUMNS:
        str(getattr(row, name)).encode("utf-8")
