from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire import json_values

from trackscope.wire.decoding import decode
from trackscope.wire.era import ERAS, rule_book
from trackscope.wire.glance import MAX_KEPT, MAX_PIECES, Glance, glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge
from trackscope.wire.rules.quick import quick_verdict

ROOT = Path(__file__).parents[2]
CAPTURES = Path(os.environ.get("TRACKSCOPE_CAPTURES", ROOT.parent / "shared" / "captures"))
REQUESTS = CAPTURES / "requests.jsonl"

NOW = 1_795_450_000.0


def agrees(request: TrackRequest) -> Glance | None:
    """The glance at a request, after making sure that the careful path says the same."""
    seen = glance(request)
    if seen is None:
        return None
    decoded = decode(request)
    assert [(each.name, each.value) for each in decoded.params] == list(seen.params)
    assert decoded.transport == seen.transport
    assert decoded.json_text == seen.json.decode()
    assert [each.rule for each in decoded.repairs] == ([seen.repair] if seen.repair else [])
    names = (each.get("event") for each in seen.events)
    assert [each for each in names if isinstance(each, str)] == seen.names
    assert repr(decoded.events) == repr(tuple(seen.events))  # 1, 1.0 and True are not the same
    for is_strict in (False, True):
        book = rule_book(strict=is_strict)
        quick = quick_verdict(request.url, seen, book, NOW)
        verdict = judge(request, book, NOW, decoded)
        if quick is not None:
            assert quick.rules == tuple(each.rule for each in verdict.findings)
            assert quick.value == verdict.value
    return seen


def get(text: str, query: str = "data={}") -> TrackRequest:
    data = quote(base64.b64encode(text.encode("utf-8", "surrogatepass")), safe="")
    return TrackRequest("GET", "http://h/track/?" + query.replace("{}", data))


WELL_FORMED = [
    '{"event":"a","properties":{"token":"t"}}',
    '{"event": "a", "properties": {"token": "t", "time": 1795440000, "n": 1.5, "b": null}}',
    '[{"event":"a","properties":{"token":"t","say":"\\"hi\\" \\\\"}}]',
    '{"event":"a","properties":{"token":"t","deep":{"a":{"b":{"c":{"d":[1]}}}}}}',
    '{"$token":"t","$distinct_id":"1","$set":{"a":[1,"b"]}}',
    '{"event":"é😀\\u00e9","properties":{}}',
    "[]",
]


@pytest.mark.parametrize("text", WELL_FORMED)
def test_what_is_well_formed_is_seen_in_every_transport(text: str) -> None:
    encoded = quote(base64.b64encode(text.encode()), safe="")
    form = f"data={encoded}&verbose=1&ip=0".encode()
    transports = {
        "query-base64": get(text),
        "query-json": TrackRequest("GET", f"http://h/track?data={quote(text)}"),
        "form-base64": TrackRequest("POST", "http://h/track?ip=1", (), form),
        "form-json": TrackRequest("POST", "http://h/track", (), f"data={quote(text)}".encode()),
        "body-json": TrackRequest("POST", "http://h/track?verbose=1", (), text.encode()),
    }
    for transport, request in transports.items():
        seen = agrees(request)
        assert seen is not None
        assert seen.transport == transport


@pytest.mark.parametrize(
    "text",
    [
        '{"event":"a","event":"b","properties":{}}',
        '{"event":"a","properties":{"a":1,"a":2}}',
        '{"event":"a","properties":{"a":"\\"","a":"x"}}',
        '{"event":"a","properties":{"a" :1,"a":2}}',
        '{"event":"a","properties":{"a":{"b":1,"b":"c"}}}',
        '{"event":"a","properties":{"a":NaN}}',
        '{"event":"a","properties":{"a":1e999}}',
        '{"event":"a","properties":{"a":100000000000000000000}}',
        '{"event":"a","properties":{"a":[-9223372036854775809]}}',
        '{"event":"a","properties":{"a":"\\ud83d"}}',
        '{"event":"a","properties":{"a":"\ud83d\ude00"}}',
        '{"event":"a","properties":{"a":' + "[" * 300 + "]" * 300 + "}}",
        "\ufeff{}",
        " " * 70 + "{}",
        "[1]",
        '"a"',
        "{",
        "",
    ],
)
def test_what_two_parsers_may_read_differently_takes_a_closer_look(text: str) -> None:
    assert glance(get(text)) is None
    assert glance(TrackRequest("POST", "http://h/track", (), get(text).url[20:].encode())) is None


@pytest.mark.parametrize(
    "query",
    [
        "data={}&ip=1&_=1795447356439",
        "ip=0&verbose=0&data={}",
        "ip=0&data={}&ip=1",
        "ip=01&data={}",
        "data={}&data={}",
        "data={}&%64ata=x&IP=1&&a&=",
        "test=&img=yes&data={}",
        "data={}&redirect=http%3A%2F%2Fa.example%2F",
        "data={}&redirect=javascript:x&callback=alert(1)",
        "data={}&callback=a.b&_=12&_=13",
        "data={}&long=" + "x" * MAX_KEPT,
        "_=1795447356439&data={}&%C3%A9=%FF",
    ],
)
def test_the_other_parameters_are_seen_as_they_are_judged(query: str) -> None:
    for text in WELL_FORMED[:3]:
        assert agrees(get(text, query)) is not None


@pytest.mark.parametrize(
    "request_",
    [
        get("{}", "%64ata=x&data={}"),
        get("{}", "%64ata=x&a=" + "b" * MAX_KEPT + "&data={}"),
        get("{}", "xdata={}"),
        get("{}", "data={}#a"),
        get("{}", "a&" * MAX_PIECES + "data={}"),
        TrackRequest("GET", "http://h/track?data="),
        TrackRequest("GET", "http://h/track"),
        TrackRequest("GET", "http://h/track?data=e30"),
        TrackRequest("GET", "http://h/track?data=e+0%3D"),
        TrackRequest("GET", "http://h/track?data=%FF"),
        TrackRequest("GET", "http://h/track?data=%7B%FF%7D"),
        TrackRequest("POST", "http://h/track?data=e30%3D", (), b"{}"),
        TrackRequest("POST", "http://h/track", (), b"\x1f\x8b\x08"),
        TrackRequest("POST", "http://h/track", (), b"data=\xff"),
        TrackRequest("POST", "http://h/track", (), b" "),
    ],
)
def test_what_is_unusual_takes_a_closer_look(request_: TrackRequest) -> None:
    assert glance(request_) is None


@pytest.mark.parametrize(
    "event",
    [
        {"event": 7, "properties": {}},
        {"event": None, "properties": None},
        {"event": " ", "properties": []},
        {"event": "n" * 300, "properties": {"token": 7, "time": "x", "ip": 7, "mp_a": 1}},
        {"event": "a", "$mp_metadata": {}},
        {"event": "a", "properties": {"token": None, "time": True, "ip": "::1"}},
        {"event": "a", "properties": {"token": "", "time": 1e17, "ip": "localhost"}},
        {"event": "a", "properties": {"token": "t", "time": "1795449000", "mp_name_tag": "x"}},
        {"event": "a", "properties": {"token": "t", "time": 1795450001, "a\nmp_b": "x"}},
        {"event": "a", "properties": {"token": "t", "time": -1, "p" * 300: {}}},
        {"event": "a", "properties": {f"mp_{number}": [number] for number in range(300)}},
        {"event": "a", "properties": {"a": {"b": {"c": {"d": {}}}}, "e": [[[[]]]], "f": {}}},
        {},
    ],
)
def test_every_rule_on_events_is_known_at_a_glance(event: dict[str, Any]) -> None:
    assert agrees(get(json.dumps(event), "data={}&ip=1")) is not None
    assert agrees(get(json.dumps([event] * 51), "ip=0&data={}")) is not None


def test_what_no_one_reads_through_is_left_to_the_careful_path() -> None:
    book = rule_book()
    for text in ("[" + ",".join(["{}"] * 5_000) + "]", json.dumps({"event": "x" * 1_000_001})):
        request = TrackRequest("POST", "http://h/track", (), text.encode())
        seen = glance(request)
        assert seen is not None
        assert quick_verdict(request.url, seen, book, NOW) is None


@pytest.mark.parametrize("era", [era for era in ERAS if era != "2011"])
def test_the_later_eras_are_left_to_the_careful_path(era: str) -> None:
    request = get(WELL_FORMED[0])
    seen = glance(request)
    assert seen is not None
    assert quick_verdict(request.url, seen, rule_book(), NOW) is not None
    assert quick_verdict(request.url, seen, rule_book(era), NOW) is None


QUERIES = st.sampled_from(
    ["data={}", "data={}&ip=1&_=1795447356439", "ip=0&verbose=0&data={}", "IP=1&data={}&ip=2"]
)
PROPERTIES = st.dictionaries(
    json_values.KEYS | st.sampled_from(["token", "time", "ip", "mp_x", "mp_name_tag"]),
    json_values.VALUES,
    max_size=8,
)
EVENTS = st.fixed_dictionaries(
    {"event": st.text(max_size=9) | json_values.SCALARS, "properties": PROPERTIES}
)
PAYLOADS = EVENTS | st.lists(EVENTS | json_values.VALUES, max_size=3) | json_values.CONTAINERS


@given(json_values.texts(PAYLOADS), QUERIES)
def test_random_payloads_are_seen_as_the_careful_path_sees_them(text: str, query: str) -> None:
    agrees(get(text, query))
    agrees(TrackRequest("POST", "http://h/track", (), text.encode("utf-8", "surrogatepass")))


@given(st.integers(0, 2**32))
def test_events_with_random_damage_are_seen_alike_or_not_at_all(seed: int) -> None:
    random = Random(seed)
    text = json_values.written(json_values.payload(random), random)
    agrees(_damaged(get(text), random))
    agrees(_damaged(TrackRequest("POST", "http://h/track?ip=1", (), text.encode()), random))


def _damaged(request: TrackRequest, random: Random) -> TrackRequest:
    """The request with some characters lost, doubled, changed or swapped."""
    text = (request.url + "\0" + request.body.decode("latin-1")).removesuffix("\0")
    for _ in range(random.randrange(4)):
        place, end = sorted(random.randrange(len(text) + 1) for _ in range(2))
        end = min(end, place + random.choice([0, 1, 4, 30]))
        piece = text[place:end]
        change = random.choice(
            ["", piece * 2, random.choice('"\\%+=&#?{}[],: \n\xff0e'), piece[::-1]]
        )
        text = text[:place] + change + text[end:]
    url, _, body = text.partition("\0")
    return TrackRequest(request.method, url, (), body.encode("latin-1"))


@pytest.mark.skipif(not REQUESTS.exists(), reason=f"no recorded requests at {REQUESTS}")
def test_recorded_requests_and_their_damaged_copies_are_seen_alike_or_not_at_all() -> None:
    random = Random(3)
    seen = count = 0
    with REQUESTS.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            body = base64.b64decode(record["body_b64"])
            request = TrackRequest(record["method"], f"http://h{record['target']}", (), body)
            if len(request.url) + len(body) < 20_000:
                count += 1
                seen += agrees(request) is not None
                for _ in range(3):
                    agrees(_damaged(request, random))
    assert seen > count // 2
