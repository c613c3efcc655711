"""What is noted of good events is what the careful path finds, word for word."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from trackscope.wire.era import rule_book
from trackscope.wire.finding import Finding
from trackscope.wire.glance import glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge
from trackscope.wire.rules.noted import noted
from trackscope.wire.rules.quick import quick_verdict

NOW = 1_795_450_000.0


def noted_and_judged(
    properties: dict[str, Any], query: str = ""
) -> tuple[tuple[Finding, ...] | None, tuple[Finding, ...]]:
    event = {"event": "a", "properties": {"token": "t", **properties}}
    data = base64.b64encode(json.dumps(event).encode())
    form = f"data={quote(data, safe='')}"
    request = TrackRequest("POST", f"http://h/track{query}", (), form.encode())
    book, seen = rule_book(), glance(request)
    assert seen is not None
    quick = quick_verdict(request.url, seen, book, NOW)
    assert quick is not None
    return noted(request, seen, quick, book, NOW), judge(request, book, NOW).findings


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"amount": 1},
        {"mp_lib": "web", "mp_time": "x", "a": [[[[[]]]]]},
        {f"p{number}": "x" for number in range(256)} | {"n" * 256: 1},
    ],
)
def test_findings_on_properties_are_those_of_the_careful_path(properties: dict[str, Any]) -> None:
    found, judged = noted_and_judged(properties)
    assert found == judged


def test_a_finding_on_something_else_takes_a_closer_look() -> None:
    for properties, query in (({"time": 1}, ""), ({"ip": "x"}, ""), ({"amount": 1}, "?unknown=1")):
        found, judged = noted_and_judged(properties, query)
        assert found is None
        assert judged
