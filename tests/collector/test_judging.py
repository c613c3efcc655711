"""What is judged at a glance is judged as it is with care."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collector.conftest import NOW, event, target
from tests.wire import json_values

from trackscope.collector.judging import Judgement, at_a_glance, judgement, with_care
from trackscope.wire.era import ERAS, rule_book
from trackscope.wire.request import TrackRequest

ROOT = Path(__file__).parents[2]
CAPTURES = Path(os.environ.get("TRACKSCOPE_CAPTURES", ROOT.parent / "shared" / "captures"))
REQUESTS = CAPTURES / "requests.jsonl"


def agrees(request: TrackRequest) -> Judgement | None:
    """The judgement at a glance, after making sure that it is the careful one."""
    found = None
    for is_strict in (True, False):
        book = rule_book(strict=is_strict)
        found, careful = at_a_glance(request, book, NOW), with_care(request, book, NOW)
        if found is None:
            continue
        assert found[:4] == careful[:4]  # findings with their fixes too, and the answer
        assert found.refused("no, really") == careful.refused("no, really")
        assert repr([*found.logged.records]) == repr([*careful.logged.records])
        assert [*found.logged.indexes] == [*careful.logged.indexes]
        assert found.logged[2:] == careful.logged[2:]
    return found


def get(payload: Any = None, **params: Any) -> TrackRequest:
    return TrackRequest("GET", f"http://localhost{target(payload, **params)}")


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"amount": 12.5, "is_trial": False, "n": None},
        {"mp_lib": "web", "$insert_id": "abc", "mp_page": "/a"},
        {"mp_lib": "python", "mp_time": "x", "mp_mp_a": [[[[[1]]]]]},
        {"n" * 300: 1, "mp_" + "n" * 300: "\u202e"},
        {f"p{number}": number for number in range(300)},
    ],
)
def test_good_events_are_judged_at_a_glance_with_all_that_is_noted(
    properties: dict[str, Any],
) -> None:
    assert agrees(get(event(**properties))) is not None
    assert agrees(get([event("a", **properties), event("b"), event("a")])) is not None


@pytest.mark.parametrize(
    "params",
    [
        {"ip": 1, "test": 1},
        {"ip": 0, "test": 0},
        {"verbose": 1},
        {"img": 1},
        {"verbose": 1, "img": 1, "_": 1322050000000},
        {"callback": "a.b"},
        {"callback": "a.b", "verbose": 1},
        {"redirect": "https://a.example/é"},
    ],
)
def test_every_form_of_answer_is_given_at_a_glance(params: dict[str, Any]) -> None:
    assert agrees(get(**params)) is not None


@pytest.mark.parametrize(
    "request_",
    [
        get({"event": "game"}),
        get(event(time=7)),
        get([]),
        get(event(), callback="alert(1)"),
        get(event(), unknown=1),
        get(event(ip="::1"), ip=1),
        get(event(mp_lib="python"), ip=1),
        get({"$token": "t", "$set": {}}, path="/engage"),
        get(path="/import"),
        TrackRequest("GET", "http://localhost/track"),
        TrackRequest("POST", "http://localhost/track", (), json.dumps(event()).encode()),
    ],
)
def test_what_is_refused_or_unusual_is_judged_with_care(request_: TrackRequest) -> None:
    assert at_a_glance(request_, rule_book(), NOW) is None
    careful = with_care(request_, rule_book(), NOW)
    assert judgement(request_, rule_book(), NOW)[:4] == careful[:4]


@pytest.mark.parametrize("era", [era for era in ERAS if era != "2011"])
def test_the_later_eras_are_judged_with_care(era: str) -> None:
    assert at_a_glance(get(), rule_book(era), NOW) is None


PROPERTIES = st.dictionaries(
    json_values.KEYS
    | st.sampled_from(["mp_x", "mp_lib", "mp_mp_", "$ip", "$insert_id", "mp_name_tag", "ip"]),
    json_values.VALUES | st.sampled_from(["web", "python", "::1"]),
    max_size=6,
)
EVENTS = st.builds(lambda name, properties: event(name, **properties), st.text(), PROPERTIES)
PARAMS = st.dictionaries(
    st.sampled_from(["ip", "test", "verbose", "img", "redirect", "callback", "_"]),
    st.sampled_from(["0", "1", "", "https://a.example/", "a.b"]),
    max_size=3,
)


@given(EVENTS | st.lists(EVENTS, max_size=4), PARAMS)
def test_random_events_and_parameters_are_judged_alike(payload: Any, params: Any) -> None:
    agrees(get(payload, **params))
    data = base64.b64encode(json.dumps(payload).encode()).decode()
    form = "&".join([f"data={quote(data, safe='')}", *(f"{k}={v}" for k, v in params.items())])
    agrees(TrackRequest("POST", "http://localhost/track/", (), form.encode()))


@pytest.mark.skipif(not REQUESTS.exists(), reason=f"no recorded requests at {REQUESTS}")
def test_recorded_requests_are_judged_alike() -> None:
    with REQUESTS.open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            body = base64.b64decode(record["body_b64"])
            url = f"http://localhost{record['target']}"
            if len(url) + len(body) < 20_000:
                agrees(TrackRequest(record["method"], url, (), body))
