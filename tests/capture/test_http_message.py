from __future__ import annotations

import random
import re

import pytest
from tests.capture.pcap_writer import cut

from trackscope.capture import http_message
from trackscope.capture.http_message import (
    CHUNKED,
    UNTIL_END,
    Message,
    MessageReader,
    body_length,
)

START = re.compile(rb"[A-Z]+ /")
HEAD = b"POST / HTTP/1.1\r\nHost: h\r\n"


class Reading:
    """A reader of requests, and what it told of."""

    def __init__(self, limit: int = 1000, *, has_end: bool = True) -> None:
        self.begun: list[Message] = []
        self.finished: list[Message] = []
        self.losses = 0
        self._default = 0 if has_end else UNTIL_END
        self.reader = MessageReader(
            START, START, limit, self._begin, self.finished.append, self._lose
        )

    def _begin(self, message: Message) -> int:
        self.begun.append(message)
        return body_length(message.headers, self._default)

    def _lose(self) -> None:
        self.losses += 1

    def feed(self, *pieces: bytes) -> Reading:
        for number, piece in enumerate(pieces, 1):
            self.reader.feed(piece, number, float(number))
        return self


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ((), 7),
        ((("content-length", "12"),), 12),
        ((("Content-Length", "12"), ("Transfer-Encoding", "gzip, Chunked")), CHUNKED),
        ((("Content-Length", "-1"),), 7),
        ((("Content-Length", "٣"),), 7),
        ((("Content-Length", "9" * 30),), 7),
    ],
)
def test_the_length_of_a_body_is_the_stated_one(
    headers: tuple[tuple[str, str], ...], length: int
) -> None:
    assert body_length(headers, 7) == length


def test_messages_are_the_same_however_their_bytes_come() -> None:
    content = b"\r\n".join([
        HEAD + b"Content-Length: 4\r\n\r\nbody",
        HEAD,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        b"0a ;x=y\r\n0123456789\r\n0\r\nT: 1\r\n",
        HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 2\n\nok",
    ])  # fmt: skip
    for seed in range(200):
        reading = Reading().feed(*cut(content, random.Random(seed)))
        assert [bytes(each.body) for each in reading.finished] \
            == [b"body", b"", b"abc0123456789", b"ok"]  # fmt: skip
        assert all(each.headers[0] == ("Host", "h") for each in reading.finished)
        assert (reading.losses, reading.reader.is_within) == (0, False)


def test_a_message_has_the_number_and_time_of_its_first_byte() -> None:
    reading = Reading().feed(b"\r\n", HEAD[:5], HEAD[5:] + b"\r\n" + HEAD, b"\r\n")
    assert [(each.number, each.at) for each in reading.finished] == [(2, 2.0), (3, 3.0)]


def test_a_header_that_goes_on_in_the_next_line_is_one() -> None:
    (message,) = Reading().feed(b"GET / HTTP/1.1\r\nA: b\r\n\t c\r\nno header\r\n\r\n").finished
    assert message.headers == (("A", "b c"),)


def test_a_body_without_a_length_ends_with_the_connection_and_is_whole() -> None:
    reading = Reading(has_end=False).feed(b"GET / \r\n\r\nabc", b"def")
    reading.reader.end("cut off")
    (message,) = reading.finished
    assert (bytes(message.body), message.problem) == (b"abcdef", "")


@pytest.mark.parametrize("sent", [HEAD, HEAD + b"Content-Length: 9\r\n\r\nabc", b"POST /half"])
def test_what_ends_too_early_is_finished_with_the_problem(sent: bytes) -> None:
    reading = Reading().feed(sent)
    assert reading.reader.is_within
    reading.reader.end("cut off")
    (message,) = reading.finished
    assert message.problem == "cut off"
    assert not reading.reader.is_within


def test_of_a_head_that_ends_too_early_no_half_line_is_kept() -> None:
    reading = Reading().feed(HEAD + b"Content-Type: appli")
    reading.reader.end("cut off")
    assert reading.finished[0].headers == (("Host", "h"),)


def test_a_hole_in_a_body_keeps_the_messages_in_step() -> None:
    reading = Reading().feed(HEAD + b"Content-Length: 10\r\n\r\nabc")
    reading.reader.skip(4)
    reading.feed(b"xyz" + HEAD + b"\r\n")
    first, second = reading.finished
    assert (bytes(first.body), first.problem) == (
        b"abc",
        "4 bytes of it are missing from the capture",
    )
    assert not second.problem
    assert reading.losses == 0


def test_a_hole_up_to_the_end_of_a_body_ends_it() -> None:
    reading = Reading().feed(HEAD + b"Content-Length: 3\r\n\r\n")
    reading.reader.skip(3)
    assert len(reading.finished) == 1


def test_a_hole_in_a_chunk_keeps_the_chunks_in_step() -> None:
    reading = Reading().feed(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab")
    reading.reader.skip(3)
    reading.feed(b"\r\n0\r\n\r\n")
    assert reading.finished[0].body == b"ab"
    assert reading.losses == 0


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"Content-Length: 3\r\n\r\n"])
def test_behind_any_other_hole_reading_goes_on_where_a_segment_begins_one(sent: bytes) -> None:
    reading = Reading().feed(sent)
    reading.reader.skip(100)
    reading.feed(b"no POST / beginning", HEAD + b"\r\n")
    assert reading.losses == 2
    assert [message.problem for message in reading.finished][-1:] == [""]
    assert len(reading.finished) == 1 + bool(sent)


@pytest.mark.parametrize("chunks", [b"xyz\r\n", b"-1\r\n", b"f" * 20 + b"\r\n", b"1" * 20_000])
def test_chunks_that_are_none_are_given_up(chunks: bytes) -> None:
    reading = Reading().feed(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert reading.finished[0].problem == "the lengths of its chunks are damaged"
    assert reading.losses == 1


def test_bodies_and_heads_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_message, "MAX_HEAD", 500)
    reading = Reading(limit=5).feed(HEAD + b"Content-Length: 8\r\n\r\nabc", b"defgh")
    assert reading.finished[0].body == b"abcde"
    assert reading.finished[0].problem == "its body is longer than 5 bytes: it is cut there"
    reading.feed(b"GET /" + b"x" * 400, b"x" * 400)
    assert reading.finished[1].problem == "its head is longer than 500 bytes"
    assert reading.reader.held == 0


def test_more_headers_than_anyone_sends_are_cut() -> None:
    (message,) = Reading().feed(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 2000 + b"\r\n").finished
    assert len(message.headers) <= http_message.MAX_HEADERS + 2
    assert "more than 1,000 headers" in message.problem
