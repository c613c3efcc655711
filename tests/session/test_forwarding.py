"""What goes out for what was received, and where it may go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.session.exchanges import event, exchange_of, request_of

from trackscope.capture.exchange import Exchange
from trackscope.collector.faults import parse_fault, spoiled
from trackscope.errors import UsageError
from trackscope.sender.outgoing import prepare
from trackscope.session.forwarding import (
    LOOP,
    UNREADABLE,
    ForwardSettings,
    Onward,
    checked_target,
    is_repeatable,
    onward,
)
from trackscope.wire.decoding import decode
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

FAR = ForwardSettings("https://api.mixpanel.com")
NAME = "trackscope-1"


def received(
    *headers: tuple[str, str], request: TrackRequest | None = None, **known: Any
) -> Exchange:
    request = request or request_of(event(), is_post=True, url="http://127.0.0.1:8700/track/?_=1")
    return exchange_of(replace(request, headers=headers), **known)


def sent(exchange: Exchange, settings: ForwardSettings = FAR) -> TrackRequest:
    request = onward(exchange, settings, NAME).request
    assert request is not None
    return request


def test_method_path_parameters_and_body_stay_as_they_came() -> None:
    exchange = received()
    request = sent(exchange)
    assert request.method == "POST"
    assert request.url == "https://api.mixpanel.com/track/?_=1"
    assert request.body == exchange.request.body


def test_a_target_with_a_path_is_put_before_the_path() -> None:
    request = sent(received(), ForwardSettings("https://h/mp"))
    assert request.url == "https://h/mp/track/?_=1"


def test_what_belongs_to_the_connection_or_to_this_machine_stays_here() -> None:
    request = sent(
        received(
            ("Host", "127.0.0.1:8700"),
            ("Connection", "keep-alive, X-Hop"),
            ("X-Hop", "1"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Length", "99"),
            ("Cookie", "session=secret"),
            ("X-Request-Id", "r1"),
        )
    )
    assert request.headers == (("Via", f"1.1 {NAME}"),)


def test_what_belongs_to_the_request_goes_along() -> None:
    headers = (
        ("User-Agent", "sdk"),
        ("Content-Type", "text/plain"),
        ("Origin", "http://localhost:3000"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Authorization", "Basic dDo="),
        ("Via", "1.1 nginx"),
    )
    assert sorted(sent(received(*headers)).headers) == sorted((*headers, ("Via", f"1.1 {NAME}")))


@pytest.mark.parametrize("value", ["é".encode(), b"\xe9", "日本".encode(), b"plain"])
def test_the_bytes_of_a_header_stay_as_they_came(value: bytes) -> None:
    request = sent(received(("User-Agent", value.decode("latin-1"))))
    assert (b"User-Agent", value) in prepare(request).headers


def test_no_address_of_this_network_is_added() -> None:
    assert sent(received(peer="192.168.0.7:5")).header("X-Forwarded-For") is None


def test_what_was_forwarded_from_here_goes_no_second_round() -> None:
    exchange = received(("Via", f"1.1 other, 1.1 {NAME}"))
    assert onward(exchange, FAR, NAME) == Onward(why=LOOP)
    assert onward(exchange, FAR, "trackscope-2").request is not None


def test_what_cannot_be_read_stays_here_and_says_so() -> None:
    exchange = received(request=TrackRequest("GET", "http://h/track/?data=xx"))
    assert onward(exchange, FAR, NAME) == Onward(why=UNREADABLE)


@pytest.mark.parametrize("path", ["/decide/?token=t", "/flags/", "/record/", "/"])
def test_what_an_sdk_only_asks_for_stays_here(path: str) -> None:
    exchange = received(request=TrackRequest("GET", f"http://h{path}"))
    assert onward(exchange, FAR, NAME) == Onward()


@pytest.mark.parametrize("path", ["/engage", "/people/", "/groups/", "/import?strict=1"])
def test_profiles_groups_and_imports_go_too(path: str) -> None:
    request = TrackRequest("POST", f"http://h{path}", (), b'[{"$token":"t","$set":{}}]')
    settings = replace(FAR, tokens={"t": "development"})
    assert sent(received(request=request), settings) == TrackRequest(
        "POST",
        f"https://api.mixpanel.com{path}",
        (("Via", f"1.1 {NAME}"),),
        b'[{"$token":"development","$set":{}}]',
    )


def test_what_was_answered_0_goes_too_unless_that_is_not_wanted() -> None:
    only_good = replace(FAR, is_accepted_only=True)
    assert onward(received(verdict=0), FAR, NAME).request is not None
    assert onward(received(verdict=0), only_good, NAME) == Onward()
    assert onward(received(verdict=1), only_good, NAME).request is not None


def test_events_can_be_chosen_by_name() -> None:
    only = replace(FAR, only=frozenset({"game"}))
    assert onward(received(names=("other", "game")), only, NAME).request is not None
    assert onward(received(names=("other",)), only, NAME) == Onward()


def test_tokens_are_replaced_on_the_way() -> None:
    request = sent(received(), replace(FAR, tokens={"t": "development"}))
    [found] = decode(request).events or ()
    assert found == event(token="development")


def test_a_request_that_no_http_can_carry_says_why() -> None:
    plan = onward(received(("X-Bad", "a\nb")), FAR, NAME)
    assert (plan.request, "control character" in plan.why) == (None, True)


@pytest.mark.parametrize(
    ("events", "repeatable"),
    [
        ([event(**{"$insert_id": "a"})], True),
        ([event(**{"$insert_id": "a"}), event()], False),
        ([event()], False),
        ([event(**{"$insert_id": ""})], False),
        ([event() | {"properties": {"$insert_id": 7, "time": 1}}], False),
        ([{"event": "e", "properties": {"$insert_id": "a"}}], False),
        ([{"$token": "t", "$add": {"n": 1}}], False),
        ([], False),
        (["text"], False),
    ],
)
def test_only_events_that_are_known_again_can_be_repeated(
    events: list[Any], repeatable: bool
) -> None:
    assert is_repeatable(decode(request_of(events))) is repeatable


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://api.mixpanel.com", "https://api.mixpanel.com"),
        ("https://api.mixpanel.com/", "https://api.mixpanel.com"),
        ("http://127.0.0.1:8701", "http://127.0.0.1:8701"),
        ("https://h/mp", "https://h/mp"),
    ],
)
def test_a_target_is_kept_without_its_last_slash(url: str, target: str) -> None:
    assert checked_target(url, "127.0.0.1", 8700) == target


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("api.mixpanel.com", "not a complete URL"),
        ("ftp://h", "not a scheme"),
        ("https://user:pw@h", "more than where"),
        ("https://h?a=1", "more than where"),
        ("https://h/#x", "more than where"),
        ("https://api.mixpanel.com/track/", "ends with an endpoint"),
        ("https://h/mp/import", "ends with an endpoint"),
        ("http://127.0.0.1:8700", "this collector itself"),
        ("http://localhost:8700/", "this collector itself"),
        ("http://[::1]:8700", "this collector itself"),
        ("http://0.0.0.0:8700", "this collector itself"),
        ("http://192.0.2.1:8700", "this collector itself"),
    ],
)
def test_what_can_be_no_target_is_refused_in_words(url: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as caught:
        checked_target(url, "192.0.2.1", 8700)
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("target", "leaves"),
    [
        ("https://api.mixpanel.com", True),
        ("http://127.0.0.1:8701", False),
        ("http://10.0.0.1", True),
    ],
)
def test_it_is_known_what_leaves_the_machine(target: str, leaves: bool) -> None:
    assert ForwardSettings(target).leaves_machine is leaves


@pytest.mark.parametrize(("fault", "goes"), [("500", False), ("cut", False), ("slow 1", True)])
def test_what_was_said_not_to_be_logged_on_demand_stays_for_it_is_sent_again(
    fault: str, goes: bool
) -> None:
    exchange = replace(received(), verdict=1)
    faulty = spoiled(exchange, parse_fault(fault), lambda _: Reply(200, (), b"0"))
    assert (onward(faulty, FAR, NAME).request is not None) is goes
