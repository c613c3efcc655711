from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.rules.asking import get
from tests.wire.rules.cases import made_by
from tests.wire.sdks import HERE, recorded, records

from trackscope.wire.decoding import decode
from trackscope.wire.era import rule_book
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules.sdk_answer import answer_findings, is_ordinary

ORIGIN = ("Origin", "https://shop.example")
ALLOWED = ("Access-Control-Allow-Origin", "https://shop.example")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
PLAIN = ("Content-Type", "text/plain")
ONE = b"1"
GOOD_JSON = b'{"status": 1, "error": null}'
BAD_JSON = b'{"status": 0, "error": "no"}'


def by(library: str, *headers: tuple[str, str], extra: str = "") -> TrackRequest:
    return replace(get(made_by(library), extra), headers=headers)


def rules(request: TrackRequest, reply: Reply, *told: Finding) -> list[str]:
    return [each.rule for each in answers(request, reply, *told)]


def answers(request: TrackRequest, reply: Reply, *told: Finding) -> tuple[Finding, ...]:
    return answer_findings(request, decode(request), reply, rule_book(), told)


@given(
    st.sampled_from(["web", "python", "node", "react-native", "iphone", "x"]),
    st.sampled_from(["", "&verbose=1", "&verbose=0"]),
    st.sampled_from([ONE, b"0", b"", b"1\n", b"{", GOOD_JSON, BAD_JSON]),
    st.sampled_from([200, 400, 500]),
    st.sets(st.sampled_from([PLAIN, ALLOWED, CREDENTIALS])),
    st.booleans(),
)
def test_in_an_ordinary_answer_nothing_is_found(
    library: str,
    extra: str,
    body: bytes,
    status: int,
    headers: set[tuple[str, str]],
    is_of_page: bool,
) -> None:
    request = by(library, *((ORIGIN,) if is_of_page else ()), extra=extra)
    reply = Reply(status, tuple(headers), body)
    assert not is_ordinary(request, reply) or rules(request, reply) == []


def test_what_most_sdks_get_is_ordinary() -> None:
    assert is_ordinary(by("web", ORIGIN), Reply(200, (ALLOWED, CREDENTIALS), ONE))
    assert is_ordinary(by("python", extra="&verbose=1"), Reply(200, (PLAIN,), GOOD_JSON))


@pytest.mark.parametrize(
    ("headers", "is_readable"),
    [
        ((PLAIN,), False),
        ((("Access-Control-Allow-Origin", "*"),), False),
        ((("Access-Control-Allow-Origin", "*"), CREDENTIALS), False),
        ((ALLOWED,), False),
        ((ALLOWED, ("access-control-allow-credentials", "TRUE")), True),
        ((ALLOWED, CREDENTIALS), True),
        ((), True),  # the capture holds no headers: nothing is known
    ],
)
def test_the_sdk_in_a_page_may_read_an_answer_only_with_both_headers(
    headers: tuple[tuple[str, str], ...], is_readable: bool
) -> None:
    found = rules(by("web", ORIGIN), Reply(200, headers, ONE))
    assert found == ([] if is_readable else ["sdk.cors"])


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (ORIGIN, ("Sec-Fetch-Mode", "no-cors")),
        (ORIGIN, ("Sec-Fetch-Mode", "navigate")),
        (ORIGIN, ("Sec-Fetch-Site", "same-origin")),
        (("Origin", "http://h"),),
    ],
)
def test_where_no_script_of_another_origin_waits_no_header_is_needed(
    headers: tuple[tuple[str, str], ...],
) -> None:
    assert rules(by("web", *headers), Reply(200, (PLAIN,), ONE)) == []


def test_a_page_without_the_sdk_may_be_content_with_any_origin() -> None:
    request = replace(get(), headers=(ORIGIN,))
    assert rules(request, Reply(200, (("Access-Control-Allow-Origin", "*"),), ONE)) == []
    assert rules(request, Reply(200, (PLAIN,), ONE)) == ["sdk.cors"]
    assert rules(
        replace(request, headers=(("Origin", "http://["),)), Reply(200, (PLAIN,), ONE)
    ) == ["sdk.cors"]


@pytest.mark.parametrize("body", [b"0", BAD_JSON])
@pytest.mark.parametrize(
    ("library", "is_lost"), [("web", True), ("iphone", True), ("node", False), ("jdk", False)]
)
def test_what_was_answered_0_is_lost_where_the_sdk_forgets_it(
    library: str, is_lost: bool, body: bytes
) -> None:
    found = rules(by(library), Reply(200, (), body))
    assert found == (["sdk.dropped"] if is_lost else [])


def test_how_much_was_lost_is_said() -> None:
    batch = get([made_by("web")] * 3)
    (finding,) = answers(batch, Reply(200, (), b"0"))
    assert "the 3 records of this batch are lost" in finding.message
    assert finding.severity is Severity.WARNING
    (finding,) = answers(get(made_by("web")), Reply(400, (), b""))
    assert "answered 400: what it sent is lost" in finding.message


@pytest.mark.parametrize("status", [413, 429, 500, 503])
def test_what_is_sent_again_is_not_lost(status: int) -> None:
    assert rules(by("web"), Reply(status, (), BAD_JSON)) == []


@pytest.mark.parametrize(
    ("library", "body", "is_failure"),
    [
        ("python", ONE, True),
        ("python", b"[1]", True),
        ("python", b"{" * 200_000, True),
        ("python", GOOD_JSON, False),
        ("python", b"", False),  # the capture does not hold it
        ("ruby", ONE, True),
        ("go", ONE, True),
        ("react-native", ONE, False),
        ("react-native", b"OK", True),
        ("web", ONE, False),
    ],
)
def test_a_plain_answer_is_a_failure_to_who_awaits_json(
    library: str, body: bytes, is_failure: bool
) -> None:
    request = by(library, extra="" if library == "react-native" else "&verbose=1")
    assert rules(request, Reply(200, (), body)) == (["sdk.json-answer"] if is_failure else [])


def test_who_did_not_ask_for_json_awaits_none() -> None:
    assert rules(by("go"), Reply(200, (), ONE)) == []


@pytest.mark.parametrize(
    ("library", "body", "is_failure"),
    [
        ("node", ONE, False),
        ("node", b"1\n", True),
        ("node", GOOD_JSON, True),
        ("node", b"0\n", False),
        ("jdk", b"1\r\n", True),
        ("jdk", ONE, False),
        ("php", b"1\n", False),
    ],
)
def test_anything_but_1_is_a_failure_to_who_awaits_that(
    library: str, body: bytes, is_failure: bool
) -> None:
    found = rules(by(library), Reply(200, (), body))
    assert found == (["sdk.plain-answer"] if is_failure else [])


def test_who_asked_for_json_awaits_json() -> None:
    assert rules(by("node", extra="&verbose=1"), Reply(200, (), GOOD_JSON)) == []


def test_an_event_that_came_twice_is_explained_by_the_beacon_of_the_page_before() -> None:
    told = Finding("event.duplicate", Severity.WARNING, "/1/properties/$insert_id", "")
    found = answers(by("web"), Reply(200, (), ONE), told)
    assert [(each.rule, each.at) for each in found] == [("sdk.beacon", told.at)]
    assert rules(by("python"), Reply(200, (), GOOD_JSON), told) == []


@HERE
@pytest.mark.parametrize("id_", ["br-1671", "br-1844"])
def test_a_recorded_batch_that_was_answered_0_was_dropped(id_: str) -> None:
    record = recorded(id_)
    assert rules(record.request, record.reply) == ["sdk.dropped"]


@HERE
def test_recorded_requests_are_read_wrong_where_the_answer_is_another() -> None:
    page, python, node = recorded("br-1671"), recorded("py-0735"), recorded("nd-0461")
    assert rules(page.request, Reply(200, (PLAIN,), GOOD_JSON)) == ["sdk.cors"]
    assert rules(python.request, Reply(200, (PLAIN,), ONE)) == ["sdk.json-answer"]
    assert rules(node.request, Reply(200, (PLAIN,), b"1\n")) == ["sdk.plain-answer"]


@HERE
def test_a_recorded_beacon_explains_a_duplicate() -> None:
    beacon = recorded("br-1803")
    told = Finding("event.duplicate", Severity.WARNING, "/0/properties/$insert_id", "")
    assert rules(beacon.request, beacon.reply, told) == ["sdk.beacon"]


@HERE
def test_the_recorder_answered_every_sdk_as_it_awaits() -> None:
    for each in records():
        if each.scenario != "batch_zero":
            found = rules(each.request, each.reply)
            assert found == [], (each.id, each.reply)
