from __future__ import annotations

from collections import Counter

import pytest

from trackscope.capture import http_stream
from trackscope.capture.http_message import Message
from trackscope.capture.http_stream import (
    Conversation,
    Pair,
    method_of,
    status_of,
    target_of,
)

REQUEST = b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d"


class Talking:
    """A conversation with both beginnings, and what it told of."""

    def __init__(self, *, has_beginning: bool = True) -> None:
        self.pairs: list[Pair] = []
        self.passed_over: Counter[str] = Counter()
        self.conversation = Conversation(
            ("client:1", "server:2"),
            self.pairs.append,
            lambda each: self.passed_over.update([each]),
        )
        if has_beginning:
            self.conversation.begin(0)
            self.conversation.begin(1)

    def hears(self, *said: tuple[int, bytes]) -> Talking:
        for number, (side, data) in enumerate(said, 1):
            self.conversation.feed(side, data, number, float(number))
        return self

    def answers(self) -> list[bytes | None]:
        return [bytes(pair.reply.body) if pair.reply else None for pair in self.pairs]


def _message(line: bytes) -> Message:
    return Message(1, None, line, (), 10)


@pytest.mark.parametrize(
    ("line", "method", "target"),
    [
        (b"GET /a HTTP/1.1", "GET", "/a"),
        (b"GET /a b HTTP/1.1", "GET", "/a b"),
        (b"GET /a", "GET", "/a"),
        (b"GET /a b", "GET", "/a b"),
        (b"POST /\xc3\xa9\xff HTTP/1.0", "POST", "/é\udcff"),
    ],
)
def test_method_and_target_are_as_sent(line: bytes, method: str, target: str) -> None:
    assert (method_of(_message(line)), target_of(_message(line))) == (method, target)


def test_the_status_is_three_digits_or_none() -> None:
    assert status_of(_message(b"HTTP/1.1 204")) == 204
    assert status_of(_message(b"HTTP/1.1 okay")) == 0


def test_answers_belong_to_requests_in_order() -> None:
    talking = Talking().hears((0, REQUEST % 1 + REQUEST % 2), (1, REPLY % 1), (1, REPLY % 2))
    assert talking.answers() == [b"1", b"2"]
    assert all(pair.is_finished for pair in talking.pairs)
    assert (talking.pairs[0].peer, talking.pairs[0].server) == ("client:1", "server:2")


def test_the_side_that_asks_may_be_the_one_that_answered_the_handshake() -> None:
    talking = Talking().hears((1, REQUEST % 1), (0, REPLY % 1))
    assert talking.pairs[0].peer == "server:2"
    assert talking.answers() == [b"1"]


def test_the_protocol_is_known_however_few_bytes_come_first() -> None:
    said = [(0, bytes([each])) for each in REQUEST % 1] + [(1, REPLY % 1)]
    talking = Talking().hears(*said)
    assert talking.answers() == [b"1"]
    assert talking.pairs[0].request.number == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"\x16\x03\x03", http_stream.ENCRYPTED),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", http_stream.HTTP_2),
        (b"EHLO mail.example.org and so on\r\n", http_stream.NOT_HTTP),
        (b"\x16\x04", http_stream.NOT_HTTP),
        (b"\xffGET / HTTP/1.1", http_stream.NOT_HTTP),
    ],
)
def test_other_protocols_are_named_and_left_alone(said: bytes, reason: str) -> None:
    for talking in (
        Talking().hears((0, said), (0, REQUEST % 1)),
        Talking().hears(*[(0, bytes([each])) for each in said], (0, REQUEST % 1)),
    ):
        assert talking.conversation.reason == reason
        assert talking.pairs == []


def test_in_the_middle_of_something_the_next_beginning_is_waited_for() -> None:
    talking = Talking(has_beginning=False)
    talking.hears((1, b"rest of an answer"), (0, b"\xff"), (0, REQUEST % 1), (1, REPLY % 1))
    assert talking.answers() == [b"1"]


def test_what_was_never_recognised_is_no_http() -> None:
    talking = Talking().hears((0, b"GET"))
    talking.conversation.close("")
    assert talking.conversation.reason == http_stream.NOT_HTTP


def test_a_hole_before_anything_was_known_is_waited_out() -> None:
    talking = Talking()
    talking.conversation.skip(0, 5)
    assert talking.hears((0, b"binary"), (0, REQUEST % 1)).answers() == [None]


def test_informational_answers_are_not_the_answer() -> None:
    before = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    assert Talking().hears((0, REQUEST % 1), (1, before + REPLY % 1)).answers() == [b"1"]


@pytest.mark.parametrize(
    ("method", "status"), [(b"HEAD", b"200"), (b"GET", b"204"), (b"GET", b"304")]
)
def test_some_answers_have_no_body_whatever_they_state(method: bytes, status: bytes) -> None:
    asked = method + b" / HTTP/1.1\r\n\r\n"
    bare = b"HTTP/1.1 " + status + b" x\r\nContent-Length: 9\r\n\r\n"
    talking = Talking().hears((0, asked + REQUEST % 2), (1, bare + REPLY % 2))
    assert talking.answers() == [b"", b"2"]


def test_an_answer_that_comes_before_the_request_is_over_waits_for_it() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"
    talking = Talking().hears((0, head), (1, REPLY % 1))
    assert not talking.pairs[0].is_finished
    talking.hears((0, b"cd"))
    assert talking.pairs[0].is_finished
    assert talking.answers() == [b"1"]


def test_an_answer_that_nobody_asked_for_is_counted() -> None:
    talking = Talking().hears((1, REPLY % 1), (0, REQUEST % 1), (1, REPLY % 2))
    assert talking.answers() == [b"2"]
    assert talking.passed_over == {http_stream.ORPHAN: 1}


def test_when_the_answering_side_ends_nothing_is_waited_for() -> None:
    talking = Talking().hears((0, REQUEST % 1))
    talking.conversation.end(0)
    assert not talking.pairs[0].is_finished
    talking.conversation.end(1)
    assert talking.pairs[0].is_finished


def test_unanswered_requests_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_stream, "MAX_UNANSWERED", 10)
    talking = Talking().hears((0, REQUEST % 1 * 30))
    assert sum(pair.is_finished for pair in talking.pairs) == 20
    assert talking.conversation.held < 10 * len(REQUEST)


@pytest.mark.parametrize(
    ("asked", "answered", "reason"),
    [
        (b"CONNECT h:1 HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 x\r\n\r\n", http_stream.TUNNEL),
        (REQUEST % 1, b"HTTP/1.1 101 x\r\n\r\n", http_stream.SWITCHED),
        (b"CONNECT h:1 HTTP/1.1\r\n\r\n", b"HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n", ""),
    ],
)
def test_a_connection_that_becomes_another_is_left(
    asked: bytes, answered: bytes, reason: str
) -> None:
    talking = Talking().hears((0, asked), (1, answered))
    assert talking.conversation.reason == reason
    assert talking.pairs[0].is_finished
