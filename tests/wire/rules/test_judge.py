from __future__ import annotations

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.ending import ends
from tests.wire.rules.asking import NOW, TRANSPORTS, carried, event, get, judged, text_of
from tests.wire.rules.cases import EXAMPLES, Example

from trackscope.wire.decoding import decode
from trackscope.wire.era import ERAS, RULES, rule_book
from trackscope.wire.finding import Severity
from trackscope.wire.place import places_of_all
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules import MAX_FINDINGS, Verdict, judge, record_of
from trackscope.wire.shown import printable, short

MOMENTS = st.floats(min_value=0, max_value=4e9)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _is_sound(verdict: Verdict, era: str) -> bool:
    errors = [each for each in verdict.findings if each.severity is Severity.ERROR]
    count = len(verdict.decoded.events or ())
    refused = {record_of(each.at) for each in errors}
    if errors and (None in refused or not ERAS[era].takes_parts):
        assert verdict.logged == ()
    else:
        assert set(verdict.logged) == set(range(count)) - refused
    if not ERAS[era].validates:
        assert verdict.value == (0 if errors else 1)
    assert verdict.logged or verdict.value == 0
    assert verdict.reason == (errors[0] if errors else None)
    unpackable = {"data.gzip"}  # an error in every era, also where compressing is allowed
    allowed = {rule.id for rule in RULES.values() if era in rule.bases} | unpackable
    assert {each.rule for each in verdict.findings} <= allowed
    assert all(each.message.isprintable() for each in verdict.findings)
    assert all(len(each.message) < 500 for each in verdict.findings)
    return True


ANY_ERA = st.sampled_from(list(ERAS))
PATHS = st.sampled_from(["track", "track/", "engage", "groups", "import", "import?strict=1", "x"])


@given(st.text(), st.text(), st.binary(), MOMENTS, st.booleans(), ANY_ERA)
@example("http://[", "&callback=\0&redirect=http://[", b"\x1f\x8b", 0.0, True, "current")
@example("/track?data=", "\ud800", b"{", 0.0, False, "2011")
@example("/import?strict=1&data=", "", b'{"9999999999999999999":}', 0.0, False, "current")
@example("/import?strict=1", "", b'{"' + b"9" * 5_000 + b'":}', 0.0, False, "current")
def test_any_url_and_body_have_a_verdict(
    url: str, query: str, body: bytes, now: float, strict: bool, era: str
) -> None:
    for request in (
        TrackRequest("GET", url + "?" + query, (), body),
        TrackRequest("POST", f"http://h/track?data={query}", (), body),
    ):
        assert _is_sound(judge(request, rule_book(era, strict), now), era)


@given(st.binary(), MOMENTS, st.booleans(), ANY_ERA)
def test_any_bytes_in_base64_have_a_verdict(
    body: bytes, now: float, strict: bool, era: str
) -> None:
    data = form_encode(base64.b64encode(body).decode())
    assert _is_sound(judge(get(data=data), rule_book(era, strict), now), era)


@given(JSON_VALUES, JSON_VALUES, JSON_VALUES, JSON_VALUES, MOMENTS, ANY_ERA, PATHS)
@example("a", "t", 1e308, None, 0.0, "2011", "track")
@example("a", "t", 10**400, None, 0.0, "current", "import")
@example("a", "t", -(10**400), None, 0.0, "current", "import")
@example("a", "t", "9" * 20, None, 0.0, "classic", "import")
@example("a", "t", "0001-01-01T00:00+23:59", None, 0.0, "2011", "track")
@example("a", "t", "9999-12-31T23:59:59.999999-23:59", None, 0.0, "current", "track")
def test_any_json_has_a_verdict(
    name: object, token: object, time: object, other: object, now: float, era: str, path: str
) -> None:
    properties = {"token": token, "time": time, "ip": other, "mp_x": other, "y": other}
    ids = {"distinct_id": other, "$insert_id": name, "bucket": other}
    event_ = {"event": name, "properties": {**properties, **ids}}
    profile = {"$token": token, "$distinct_id": name, "$add": other, "$union": {"a": other}}
    group = {"$token": token, "$group_key": name, "$group_id": other, "$unset": other}
    for each in (event_, [event_, other, profile, group], other):
        request = TrackRequest("POST", f"http://h/{path}", (), text_of(each).encode())
        assert _is_sound(judge(request, rule_book(era), now), era)


@given(
    st.lists(st.sampled_from([event(), event(" "), event(distinct_id="null"), {}, 7]), max_size=4),
    st.sampled_from(TRANSPORTS),
    st.sampled_from(["", "&ip=1", "&ip=x", "&redirect=http%3A%2F%2Fa.b", "&callback=1", "&x=y"]),
    ANY_ERA,
)
def test_what_is_logged_when_strict_is_logged_when_lenient(
    payload: list[object], transport: str, extra: str, era: str
) -> None:
    request = carried(payload, transport, extra)
    lenient, strict = (judged(request, strict=strict, era=era) for strict in (False, True))
    assert set(strict.logged) <= set(lenient.logged)
    assert strict.value <= lenient.value


def test_a_batch_is_refused_as_a_whole_but_today_in_parts() -> None:
    request = get([event(), event(" "), event()])
    logged = {era: judged(request, era=era).logged for era in ERAS}
    assert logged == {"2011": (), "classic": (), "current": (0, 2)}
    assert judged(request, era="current").value == 1


def test_nothing_of_a_request_is_logged_that_is_wrong_as_a_whole() -> None:
    assert judged(get([event(), event()], "&callback=alert(1)"), era="current").logged == ()


def test_who_asks_for_validation_is_judged_strictly_and_gets_0_for_any_error() -> None:
    records = [event(**{"distinct_id": "u", "$insert_id": "a"}), event(distinct_id="u")]
    body = text_of(records).encode()
    headers = (("Authorization", "Basic dDo="),)

    def verdict(query: str) -> Verdict:
        request = TrackRequest("POST", f"http://h/import?{query}", headers, body)
        return judged(request, era="current")

    assert (verdict("strict=1").value, verdict("strict=1").logged) == (0, (0,))
    assert (verdict("strict=0").value, verdict("strict=0").logged) == (1, (0, 1))


def test_each_record_that_is_refused_has_its_error_told_however_many_warnings_there_are() -> None:
    many = event(**{f"mp_{number}": "" for number in range(200)})
    batch = [many] * 100 + [event(" "), event(7), event(), event(" ", time="x")]
    verdict = judged(carried(batch, "body-json"), era="current")
    assert set(range(104)) - set(verdict.logged) == {100, 101, 103}
    assert len(verdict.findings) < MAX_FINDINGS + 10


@given(JSON_VALUES)
def test_the_same_request_has_the_same_findings_in_the_same_order(value: object) -> None:
    request = get({"event": value, "b": 1, "a": 2, "properties": {"token": value, "y": value}})
    assert judged(request).findings == judged(request).findings


def test_findings_go_from_the_payload_to_the_events_to_the_parameters() -> None:
    text = '{"event":" ","properties":{"token":7,"n":1,"n":2}}'
    request = TrackRequest("POST", "http://h/track?ip=x&IP=1&callback=1", (), text.encode())
    assert [each.rule for each in judged(request).findings] == [
        "data.json-body",
        "json.duplicate-key",
        "event.name-blank",
        "token.type",
        "property.value-type",
        "param.value",
        "param.unknown",
        "callback.name",
    ]


def test_events_are_judged_in_their_order() -> None:
    request = get([event(" "), event(token=""), event(time="x")])
    places = [each.at for each in judged(request).findings]
    assert places == ["/0/event", "/1/properties/token", "/2/properties/time"]


def test_the_reason_is_the_first_error_not_the_first_finding() -> None:
    verdict = judged(get(event(token=7, time="x", mp_a="x"), "&ip=x"))
    assert verdict.reason is not None
    assert verdict.reason.rule == "token.type"


@pytest.mark.parametrize("each", EXAMPLES, ids=lambda each: each.rule)
def test_what_was_decoded_already_is_judged_as_it_is(each: Example) -> None:
    request = each.request
    decoded = decode(request)
    again = judge(request, rule_book(), NOW, decoded)
    assert again.decoded is decoded
    assert again == judge(request, rule_book(), NOW)


@given(st.text(), st.integers(1, 100))
def test_what_is_shown_of_a_text_is_short_and_printable(text: str, limit: int) -> None:
    assert printable(text).isprintable()
    assert len(short("x" + text.replace("\0", ""), limit)) <= limit * 10


def test_a_short_printable_text_is_shown_as_it_is() -> None:
    assert short("naïve 日本 😀") == "naïve 日本 😀"
    assert short("x" * 61) == "x" * 59 + "…"


def test_of_a_hostile_batch_not_more_is_told_than_can_be_read() -> None:
    verdict = judged(TrackRequest("POST", "http://h/track?ip=x", (), b"[" + b"1," * 10**6 + b"1]"))
    rules = [each.rule for each in verdict.findings]
    assert rules.count("json.shape") == MAX_FINDINGS - 1  # and one on their number
    assert rules[-1] == "param.value"  # what follows is told all the same


def test_an_error_behind_more_warnings_than_are_told_still_decides() -> None:
    events = [event(mp_x="y") for _ in range(MAX_FINDINGS + 10)]
    assert judged(get(events)).value == 1
    verdict = judged(get([*events, {"event": "a", "properties": {}}]))
    assert verdict.value == 0
    assert verdict.reason is not None
    assert verdict.reason.at == f"/{len(events)}/properties"


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"{}," * 400_000 + b"{}]",
        b'{"event":"a","properties":{"a":1' + b',"a":1' * 100_000 + b"}}",
        b'{"event":"a","properties":{"a":NaN' + b',"b":NaN' * 100_000 + b"}}",
        b'{"event":"a","properties":{"' + b"k" * 500_000 + b'":[' + b"1," * 200_000 + b"NaN]}}",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":[' + (b"1" * 199 + b",") * 5_000 + b"1]}",
    ],
    ids=["empty objects", "repeats", "NaN", "long key", "deep", "digits"],
)
def test_hostile_json_is_judged_and_placed_in_linear_time(body: bytes) -> None:
    request = TrackRequest("POST", "http://h/track", (), body)
    with ends():
        verdict = judged(request)
        places_of_all(request, verdict.decoded, verdict.findings)
    assert verdict.value == 0
