from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.hars import data, entry

from trackscope.capture.found import Captured
from trackscope.capture.har_entries import Entry
from trackscope.capture.har_entry import captured, why_none

TRACK = "https://api.mixpanel.com/track/"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def read(value: dict[str, Any]) -> Captured:
    return captured(Entry(7, value), {"page_1": "Shop"}, lambda name: None)


def changed(path: str, value: Any, post: Any = None) -> dict[str, Any]:
    made = json.loads(json.dumps(entry(TRACK, post)))
    *outer, last = path.split(".")
    inner = made
    for name in outer:
        inner = inner[name]
    inner[last] = value
    return dict(made)


PATHS = [
    "startedDateTime", "time", "request", "response", "pageref", "request.method", "request.url",
    "request.headers", "request.postData", "request.postData.params", "request.postData.text",
    "request.postData.encoding", "request.postData.mimeType", "request.postData._file",
    "request.bodySize", "response.status", "response.headers", "response.content",
    "response.content.text", "response.content.encoding", "response._error",
]  # fmt: skip


@given(st.sampled_from(PATHS), ANYTHING)
def test_a_wrong_type_anywhere_costs_no_more_than_itself(path: str, value: Any) -> None:
    made = changed(path, value, {"mimeType": "text/plain", "text": ""})
    if not why_none(made):
        found = read(made)
        assert found.position == "entry 7"
        assert found.request.url == made["request"]["url"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({}, "an entry without a request"),
        ({"request": [1]}, "an entry without a request"),
        ({"request": {}}, "an entry without a URL"),
        ({"request": {"url": 5}}, "an entry without a URL"),
        ({"request": {"url": "x"}}, ""),
    ],
)
def test_what_holds_no_request_has_a_reason(value: dict[str, Any], reason: str) -> None:
    assert why_none(value) == reason


def test_secrets_are_left_out_and_told() -> None:
    headers = [{"name": "Cookie", "value": "a=b"}, {"name": "X-A", "value": "1"}]
    made = changed("request.headers", headers)
    made["response"]["headers"] = [{"name": "Set-Cookie", "value": "a=b"}]
    found = read(made)
    assert found.request.headers == (("X-A", "1"),)
    assert found.reply is not None
    assert found.reply.headers == ()
    assert len(found.notes) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", 0), ("status", -1), ("status", None), ("_error", "net::ERR_FAILED")],
)
def test_a_request_that_failed_has_no_answer(field: str, value: Any) -> None:
    found = read(changed(f"response.{field}", value))
    assert found.reply is None
    assert "no answer came" in found.notes[-1]


@pytest.mark.parametrize("headers", [{"A": "b"}, [{"name": "A", "value": "b"}, 5, {"name": 5}]])
def test_headers_are_taken_as_far_as_they_are_some(headers: Any) -> None:
    assert read(changed("request.headers", headers)).request.headers == (("A", "b"),)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-11-23T15:04:13.757Z", 1795446253.757),
        ("2026-11-23T15:04:13.757+0000", 1795446253.757),
        ("2026-11-23T16:04:13.7570000+01:00", 1795446253.757),
        ("2026-11-23T15:04:13.757", 1795446253.757),
        ("2026-11-23 15:04:13", 1795446253.0),
        ("Mon, 23 Nov 2026 15:04:13 GMT", 1795446253.0),
        ("/Date(1795446253757)/", 1795446253.757),
        (1795446253.757, 1795446253.757),
        (1795446253757, 1795446253.757),
        ("", None),
        ("yesterday", None),
        (math.nan, None),
        (math.inf, None),
        (-5, None),
        (True, None),
        (10**400, None),
        (["2026"], None),
        ("0001-01-01T00:00:00+23:59", None),
    ],
)
def test_dates_of_many_forms_are_read(value: Any, at: float | None) -> None:
    assert read(changed("startedDateTime", value)).at == at


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_what_python_writes_as_a_date_is_read_back(moment: datetime) -> None:
    assert read(changed("startedDateTime", moment.isoformat())).at == moment.timestamp()


@pytest.mark.parametrize("value", [-1, math.nan, math.inf, "5", None, True, 10**400])
def test_a_duration_that_is_none_is_unknown(value: Any) -> None:
    assert read(changed("time", value)).took_ms is None


@pytest.mark.parametrize(
    ("post", "url", "problem"),
    [
        ({"text": ""}, TRACK, "does not hold the body"),
        ({"mimeType": "x"}, f"{TRACK}?ip=1", "does not hold the body"),
        ({"text": ""}, f"{TRACK}?data={data()}", ""),
        ({"text": "data=e30%3D"}, TRACK, ""),
        ({"text": "data=e30%3D", "_length": "5"}, TRACK, ""),
        ({"text": "data=e30%3D", "_length": "500"}, TRACK, "11 of the 500 bytes"),
        ({"params": [{"name": "a", "value": "b"}], "_length": "500"}, TRACK, ""),
    ],
)
def test_a_body_that_is_missing_or_cut_is_told(post: Any, url: str, problem: str) -> None:
    made = entry(url, post)
    length = post.pop("_length", None)
    if length:
        made["request"]["headers"].append({"name": "Content-Length", "value": length})
    found = read(made)
    assert problem in found.problem
    assert bool(found.problem) == bool(problem)


def test_an_encoding_that_the_body_does_not_have_is_left_out() -> None:
    made = entry(TRACK, {"text": "data=e30="})
    made["request"]["headers"] = [{"name": "Content-Encoding", "value": "gzip"}]
    found = read(made)
    assert found.request.headers == ()
    assert "unpacked" in found.notes[0]


def test_a_method_that_is_missing_follows_from_the_body() -> None:
    assert read(changed("request.method", None)).request.method == "GET"
    assert read(changed("request.method", None, {"text": "a"})).request.method == "POST"
