from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.capture.pcap_writer import FIN, RST, SYN, Talk, Tcp, disturbed

from trackscope.capture import connections
from trackscope.capture.connections import Connections
from trackscope.capture.http_stream import Pair
from trackscope.capture.report import Report
from trackscope.capture.segments import Segment, segment_in

HEAD = b"POST / HTTP/1.1\r\nContent-Length: 2600\r\n\r\n"
BODY = bytes(range(256)) * 10 + b"x" * 40
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"


def take(segments: list[Tcp]) -> tuple[list[Pair], Connections, Report]:
    report = Report()
    pairs: list[Pair] = []
    followed = Connections(report, pairs.append)
    for number, tcp in enumerate(segments, 1):
        segment = segment_in(101, tcp.packet())
        assert isinstance(segment, Segment)
        followed.take(segment, number, None)
    return pairs, followed, report


def upload(first: tuple[int, int] = (1000, 2000)) -> Talk:
    pieces = [(HEAD + BODY)[place : place + 100] for place in range(0, len(HEAD + BODY), 100)]
    return Talk(first=first).opens().says(0, *pieces).says(1, REPLY)


@pytest.mark.parametrize("first", [(0, 0), (2**32 - 1, 2**32 - 1), (2**32 - 700, 2**31)])
def test_sequence_numbers_may_begin_again(first: tuple[int, int]) -> None:
    (pair,), followed, _ = take(upload(first=first).segments)
    assert pair.request.body == BODY
    assert pair.is_finished
    assert followed.missing == 0


def test_segments_may_come_in_any_order_behind_the_handshake() -> None:
    for seed in range(50):
        segments = upload().segments
        rest = segments[3:]
        random.Random(seed).shuffle(rest)
        (pair,), followed, _ = take(segments[:3] + rest)
        assert pair.request.body == BODY
        assert pair.is_finished
        assert followed.missing == 0


def test_what_comes_again_with_other_content_does_not_change_what_came() -> None:
    segments = upload().segments
    lie = replace(segments[4], payload=b"?" * 100)
    (pair,), _, _ = take([*segments[:5], lie, *segments[5:]])
    assert pair.request.body == BODY


def test_an_answer_that_was_captured_before_its_request_waits_for_it() -> None:
    segments = upload().segments
    (pair,), followed, _ = take([*segments[:3], segments[-1], *segments[3:-1]])
    assert pair.reply is not None
    assert pair.reply.body == b"1"
    assert followed.missing == 0


def test_what_is_never_captured_is_given_up_when_too_much_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MAX_WAITING", 10)
    segments = upload().segments
    del segments[5]
    (pair,), followed, _ = take(segments)
    assert pair.is_finished
    assert "100 bytes" in pair.request.problem
    followed.close()
    assert followed.missing == 100


def test_what_waits_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_WAITING_BYTES", 500)
    segments = upload().segments
    del segments[5]
    _, followed, _ = take(segments)
    followed.close()
    assert followed.missing == 100


def test_an_acknowledgement_shows_that_the_capture_lacks_the_end_of_a_request() -> None:
    segments = upload().segments
    del segments[-2]
    (pair,), followed, _ = take(segments)
    followed.close()
    assert pair.reply is not None
    assert "missing" in pair.request.problem
    assert followed.missing > 0


def test_an_acknowledgement_far_beyond_anything_is_no_sign() -> None:
    segments = upload().segments
    segments[-1] = replace(segments[-1], acknowledged=2_000_000_000)
    (pair,), followed, _ = take(segments)
    assert pair.is_finished
    assert followed.missing == 0


def test_of_one_direction_alone_the_requests_are_found() -> None:
    talk = upload()
    own = [segment for segment in talk.segments if segment.source == talk.client]
    (pair,), followed, _ = take(own)
    assert pair.request.body == BODY
    followed.close()
    assert pair.is_finished
    assert pair.reply is None


def test_a_repeated_handshake_begins_nothing_new() -> None:
    segments = upload().segments
    (pair,), _, report = take([*segments[:2], *segments[:2], *segments[2:], segments[0]])
    assert pair.request.body == BODY
    assert report.passed_over == {}


def test_data_may_come_with_the_first_packet() -> None:
    talk = Talk()
    first = replace(talk.opens().segments[0], payload=HEAD)
    talk.says(0, BODY[:100])
    data = replace(talk.segments[-1], sequence=1001 + len(HEAD))
    (pair,), _, _ = take([first, data])
    assert pair.request.body == BODY[:100]


def test_a_reset_ends_what_is_open_and_what_follows_is_read() -> None:
    talk = Talk().opens().says(0, HEAD).closes(1, flags=RST).says(0, HEAD)
    first, second = take(talk.segments)[0]
    assert first.request.problem == "the connection ends before it does"
    assert not second.request.is_finished


def test_the_end_of_a_connection_ends_an_answer_without_a_length() -> None:
    talk = Talk().opens().says(0, b"GET / HTTP/1.1\r\n\r\n")
    talk.says(1, b"HTTP/1.0 200 OK\r\n\r\nbo", b"dy").closes(1)
    for seed in range(30):
        (pair,), _, _ = take(disturbed(talk.segments, random.Random(seed)))
        assert pair.is_finished
        assert pair.reply is not None
        assert (bytes(pair.reply.body), pair.reply.problem) == (b"body", "")


def test_empty_segments_of_strangers_are_not_followed() -> None:
    stray = Tcp(("192.0.2.1", 1), ("192.0.2.2", 2), 1, 1, 0)
    assert take([stray, replace(stray, flags=FIN), replace(stray, flags=RST)])[0] == []


def test_any_flags_and_numbers_are_borne() -> None:
    rng = random.Random(9)
    flags = [0, SYN, FIN, RST, 0x10, 0x12, 0x11, SYN | FIN | RST | 0x10]
    ends = [("192.0.2.1", 1), ("192.0.2.2", 80)]
    segments = []
    for _ in range(20_000):
        source, target = rng.sample(ends, 2)
        numbers = [rng.choice((0, 1, 100, 2**31, 2**32 - 1, rng.getrandbits(32))) for _ in range(2)]
        payload = rng.choice((b"", b"x", HEAD, REPLY, BODY[:50]))
        segments.append(Tcp(source, target, numbers[0], numbers[1], rng.choice(flags), payload))
    pairs, followed, _ = take(segments)
    followed.close()
    assert all(pair.is_finished for pair in pairs)


def test_of_a_handshake_one_packet_is_enough_to_know_both_beginnings() -> None:
    segments = upload().segments
    (pair,), followed, _ = take([segments[0], *segments[2:-1], replace(segments[-1], payload=b"H")])
    assert pair.request.body == BODY
    assert followed.missing == 0
    first = replace(segments[-1], payload=REPLY[:1])
    rest = replace(segments[-1], sequence=segments[-1].sequence + 1, payload=REPLY[1:])
    (pair,), _, _ = take([segments[0], *segments[2:-1], first, rest])
    assert pair.reply is not None
    assert pair.reply.body == b"1"


def test_what_only_acknowledgements_tell_of_is_missing() -> None:
    talk = upload()
    talk.adds(0, 0x10)
    gone = [each for each in talk.segments if each.source == talk.client or not each.payload]
    _, followed, _ = take(gone)
    followed.close()
    assert followed.missing == len(REPLY)


def test_a_fin_that_only_its_acknowledgement_tells_of_is_not_missing() -> None:
    talk = upload().closes(1)
    gone = [each for each in talk.segments if not each.flags & FIN]
    (pair,), followed, _ = take(gone)
    followed.close()
    assert pair.is_finished
    assert followed.missing == 0


def test_joined_in_the_middle_an_answer_that_is_not_there_is_known_by_the_next_request() -> None:
    request = b"GET / HTTP/1.1\r\n\r\n"
    talk = (
        Talk().opens().says(0, request).says(1, REPLY).says(0, request).says(1, REPLY[:-1] + b"2")
    )
    pairs, followed, _ = take([talk.segments[3], *talk.segments[5:]])
    followed.close()
    first, second = pairs
    assert first.reply is None
    assert second.reply is not None
    assert second.reply.body == b"2"
    assert followed.missing == len(REPLY)
