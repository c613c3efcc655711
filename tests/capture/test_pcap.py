from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.capture.expected import expected_of, found_in, read_capture
from tests.capture.http_talk import Asked, asked, is_found
from tests.capture.pcap_writer import LINKS, Talk, cut, disturbed, interleaved, pcap, pcapng

from trackscope.capture import connections, http_stream
from trackscope.capture.found import Captured
from trackscope.capture.opening import Reading
from trackscope.capture.pcap import PCAP, PCAPNG, read
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

REQUEST = b"GET /track/?data=W10%3D HTTP/1.1\r\nHost: h.example\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"


def read_file(content: bytes) -> tuple[list[Captured], Report]:
    report = Report()
    return list(read(Stream(BytesIO(content)), report)), report


def read_talk(*talks: Talk, link: str = "ethernet") -> tuple[list[Captured], Report]:
    number, wrap = LINKS[link]
    return read_file(
        pcap([wrap(each.packet()) for talk in talks for each in talk.segments], number)
    )


@pytest.fixture
def sample(captures: Path) -> Path:
    return captures / "captures" / "pcap" / "sdk-mix-A.pcap"


def test_a_recorded_file_gives_every_request_of_it(sample: Path) -> None:
    reading, requests = read_capture(sample)
    assert reading.kind == "pcap"
    assert found_in(requests) == expected_of(sample)
    assert reading.report.is_whole
    assert reading.report.passed_over == {}
    assert all(captured.reply and captured.took_ms for captured in requests)


def test_position_time_peer_and_answer_are_those_of_the_packets() -> None:
    talk = Talk().opens().says(0, REQUEST[:10], REQUEST[10:]).says(1, REPLY).closes()
    (captured,), report = read_talk(talk)
    assert captured.position == "packet 4"
    assert captured.at == pytest.approx(1_700_000_000.003)
    assert captured.took_ms == pytest.approx(2.0, abs=0.001)
    assert captured.peer == "192.0.2.1:50000"
    assert captured.reply is not None
    assert captured.reply.body == b"1"
    assert report.is_whole


def _conversation(
    rng: random.Random, number: int, *, has_traps: bool = True
) -> tuple[Talk, list[Asked]]:
    """A connection on which a few requests are asked, some before the one before is answered.

    With traps, some bodies look like a request.
    """
    is_six = rng.random() < 0.5
    hosts = ("2001:db8::1", "2001:db8::2") if is_six else ("192.0.2.1", "192.0.2.2")
    first = (rng.choice((1, 2**32 - 500, rng.getrandbits(32))), 2**32 - rng.randint(1, 4000))
    talk = Talk((hosts[0], 40000 + number), (hosts[1], 8080), first).opens()
    count = rng.randint(1, 4)
    requests = [
        asked(rng, is_last=place == count - 1, has_traps=has_traps) for place in range(count)
    ]
    if rng.random() < 0.3:
        talk.says(0, *cut(b"".join(each.sent for each in requests), rng))
        talk.says(1, *cut(b"".join(each.answered for each in requests), rng))
    else:
        for each in requests:
            talk.says(0, *cut(each.sent, rng)).says(1, *cut(each.answered, rng))
    talk.closes(1)
    return talk, requests


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from(sorted(LINKS)), st.booleans(), st.booleans())
def test_conversations_come_back_byte_for_byte(
    seed: int, link: str, is_big_endian: bool, is_new: bool
) -> None:
    rng = random.Random(seed)
    talks = [_conversation(rng, number) for number in range(rng.randint(1, 4))]
    segments = interleaved([disturbed(talk.segments, rng) for talk, _ in talks], rng)
    number, wrap = LINKS[link]
    padding = bytes(rng.randint(0, 6))  # Ethernet fills short frames up
    frames = [wrap(segment.packet(padding)) for segment in segments]
    order = ">" if is_big_endian else "<"
    content = pcapng(frames, number, order) if is_new else pcap(frames, number, order)
    found, report = read_file(content)
    assert report.is_whole
    expected = [each for _, requests in talks for each in requests]
    assert len(found) == len(expected)
    for talk, requests in talks:
        own = [each for each in found if each.peer.endswith(f":{talk.client[1]}")]
        assert all(map(is_found, requests, own))


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from((0.01, 0.05, 0.2)))
def test_of_a_capture_with_holes_nothing_wrong_is_made(seed: int, share: float) -> None:
    rng = random.Random(seed)
    talk, requests = _conversation(rng, 1, has_traps=False)
    kept = [segment for segment in talk.segments if rng.random() > share]
    found, report = read_file(pcap([segment.packet() for segment in kept], 101))
    sent = {(each.method, f"http://h.example{each.target}", each.body) for each in requests}
    for captured in found:
        request = captured.request
        assert captured.problem or (request.method, request.url, request.body) in sent
    held = sum(len(segment.payload) for segment in kept)
    if found and held < sum(len(segment.payload) for segment in talk.segments):
        assert not report.is_whole or any(captured.problem for captured in found)


def test_requests_come_in_the_order_in_which_they_began() -> None:
    slow = Talk(client=("192.0.2.1", 1)).opens().says(0, REQUEST)
    quick = Talk(client=("192.0.2.1", 2)).opens().says(0, REQUEST).says(1, REPLY)
    slow.says(1, REPLY)
    late = slow.segments.pop()
    found, _ = read_file(
        pcap(
            [LINKS["raw"][1](each.packet()) for each in (*slow.segments, *quick.segments, late)],
            101,
        )
    )
    assert [captured.peer[-2:] for captured in found] == [":1", ":2"]
    assert all(captured.reply for captured in found)


def test_one_that_is_never_answered_does_not_hold_up_the_rest() -> None:
    talks = [Talk(client=("192.0.2.1", 1)).opens().says(0, REQUEST)]
    for number in range(2000):
        talk = Talk(client=("192.0.2.3", 1000 + number)).opens()
        talks.append(talk.says(0, REQUEST).says(1, REPLY).closes())
    frames = [each.packet() for talk in talks for each in talk.segments]
    report = Report()
    found = read(Stream(BytesIO(pcap(frames, 101))), report)
    first = next(found)
    assert first.reply is not None  # long before the file ends
    assert len(list(found)) == 2000
    assert report.is_whole


def test_every_kind_of_address_is_written_as_in_a_url() -> None:
    request = REQUEST.replace(b"Host: h.example\r\n", b"")
    talk = Talk(("2001:db8::1", 5), ("2001:db8::2", 8080)).opens().says(0, request)
    (captured,), _ = read_talk(talk)
    assert captured.request.url == "http://[2001:db8::2]:8080/track/?data=W10%3D"
    assert captured.peer == "[2001:db8::1]:5"


@pytest.mark.parametrize(
    ("line", "url"),
    [
        (b"GET http://a.example/track HTTP/1.1", "http://a.example/track"),
        (b"CONNECT a.example:443 HTTP/1.1", "http://a.example:443"),
        (b'GET /track/?data={"event": "x"} HTTP/1.1', 'http://h/track/?data={"event": "x"}'),
        (b"GET /\xff HTTP/1.1", "http://h/\udcff"),
    ],
)
def test_the_url_is_as_it_was_sent(line: bytes, url: str) -> None:
    (captured,), _ = read_talk(Talk().opens().says(0, line + b"\r\nHost: h\r\n\r\n"))
    assert captured.request.url == url


def test_secrets_are_left_out_and_named() -> None:
    request = b"GET /track HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\nX-A: 1\r\n\r\n"
    (captured,), _ = read_talk(Talk().opens().says(0, request))
    assert captured.request.headers == (("X-A", "1"),)
    assert captured.notes == ("Cookie is left out: it is a secret",)


POST = b"POST /track HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\n" + b"0123456789" * 3


def test_a_lost_packet_of_a_body_is_a_hole_and_the_next_request_is_read() -> None:
    talk = Talk().opens().says(0, POST[:-20], POST[-20:-10], POST[-10:]).says(1, REPLY)
    talk.says(0, REQUEST).says(1, REPLY)
    del talk.segments[4]
    (first, second), report = read_talk(talk)
    assert first.request.body == b"0123456789"
    assert first.problem == "10 bytes of it are missing from the capture"
    assert first.reply is not None
    assert not second.problem
    assert second.reply is not None
    assert report.problems == [
        "10 bytes of HTTP connections are not in the capture: packets were lost or cut off when "
        "it was made. Capture whole packets (tcpdump -s 0)."
    ]


def test_a_lost_request_leaves_its_answer_to_nobody() -> None:
    talk = Talk().opens().says(0, REQUEST).says(1, REPLY).says(0, POST).says(1, REPLY[:-1] + b"0")
    talk.says(0, REQUEST).says(1, REPLY)
    del talk.segments[5]
    found, report = read_talk(talk)
    assert [captured.reply and captured.reply.body for captured in found] == [b"1", b"1"]
    assert report.passed_over == {http_stream.ORPHAN: 1}
    assert not report.is_whole


def test_a_lost_answer_is_not_replaced_by_the_next() -> None:
    talk = Talk().opens().says(0, REQUEST).says(1, REPLY).says(0, REQUEST).says(1, REPLY)
    del talk.segments[4]
    (first, second), _ = read_talk(talk)
    assert first.reply is None
    assert first.notes == ("the answer is missing from the capture",)
    assert second.reply is not None


def test_a_request_whose_line_is_not_whole_is_shown_with_what_there_is() -> None:
    talk = Talk().opens().says(0, REQUEST[:20], REQUEST[20:]).says(1, REPLY).closes()
    del talk.segments[4]
    (captured,), _ = read_talk(talk)
    assert captured.request.url == "http://192.0.2.2:80/track/?data=W10"
    assert "missing from the capture" in captured.problem


def test_packets_that_were_cut_when_captured_are_told() -> None:
    talk = Talk().opens().says(0, POST).says(1, REPLY).says(0, REQUEST).says(1, REPLY).closes()
    frames = [LINKS["ethernet"][1](segment.packet()) for segment in talk.segments]
    (first, second), report = read_file(pcap(frames, cut_at=len(frames[3]) - 10))
    assert first.request.body == b"0123456789" * 2
    assert "10 bytes" in first.problem
    assert not second.problem
    assert not report.is_whole


def test_a_connection_is_joined_in_the_middle() -> None:
    talk = Talk().opens().says(0, POST).says(1, REPLY).says(0, REQUEST).says(1, REPLY)
    talk.segments = talk.segments[4:]
    (captured,), report = read_talk(talk)
    assert captured.request.url.endswith("/track/?data=W10%3D")
    assert captured.reply is not None
    assert report.passed_over == {http_stream.ORPHAN: 1}


def test_the_answer_that_a_reset_cuts_off_is_shown_as_far_as_it_came() -> None:
    talk = Talk().opens().says(0, REQUEST).says(1, REPLY[:-1]).closes(1, flags=0x04)
    (captured,), _ = read_talk(talk)
    assert captured.reply is not None
    assert captured.notes == ("the answer: the connection ends before it does",)


def test_a_port_that_is_used_again_is_another_connection() -> None:
    first = Talk().opens().says(0, REQUEST).says(1, REPLY)
    second = Talk(first=(900_000, 7)).opens().says(0, POST).says(1, REPLY)
    found, report = read_talk(first, second)
    assert [captured.request.method for captured in found] == ["GET", "POST"]
    assert report.is_whole


def test_a_capture_that_stops_within_a_request_says_so() -> None:
    (captured,), _ = read_talk(Talk().opens().says(0, POST[:-5]))
    assert captured.problem == "the capture ends before it does"
    assert captured.request.body == POST[-30:-5]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"\x16\x03\x01\x02\x00\x01", http_stream.ENCRYPTED),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", http_stream.HTTP_2),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", http_stream.NOT_HTTP),
        (b"\x00\x00\x00\x00", http_stream.NOT_HTTP),
        (b"GETTING", http_stream.NOT_HTTP),
    ],
)
def test_what_is_not_http_is_counted_once_a_connection(said: bytes, reason: str) -> None:
    talk = Talk().opens().says(0, *[bytes([each]) for each in said]).says(0, *[said] * 5)
    found, report = read_talk(talk.says(1, said).closes())
    assert found == []
    assert report.passed_over == {reason: 1}


def test_encryption_is_recognised_in_the_middle_too() -> None:
    talk = Talk().says(0, b"\x17\x03\x03\x00\x20").says(1, b"\x9f\x00", b"\x17\x03\x03\x01")
    assert read_talk(talk)[1].passed_over == {http_stream.ENCRYPTED: 1}


def test_a_tunnel_and_a_switched_connection_are_read_up_to_there() -> None:
    connect = Talk().opens().says(0, b"CONNECT h:443 HTTP/1.1\r\n\r\n")
    connect.says(1, b"HTTP/1.1 200 Connection established\r\n\r\n").says(0, b"\x16\x03\x01\x02")
    upgrade = Talk(client=("192.0.2.1", 9)).opens().says(0, REQUEST)
    upgrade.says(1, b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05").says(0, b"\x81\x85")
    found, report = read_talk(connect, upgrade)
    assert [captured.reply and captured.reply.status for captured in found] == [200, 101]
    assert report.passed_over == {http_stream.TUNNEL: 1, http_stream.SWITCHED: 1}


def test_other_packets_are_counted_by_reason() -> None:
    udp = Talk().opens().segments[0].packet()
    udp = udp[:9] + b"\x11" + udp[10:]
    fragment = udp[:6] + b"\x20\x00" + udp[8:9] + b"\x06" + udp[10:]
    arp = bytes(12) + b"\x08\x06" + bytes(28)
    wrap = LINKS["ethernet"][1]
    _, report = read_file(pcap([wrap(udp), wrap(fragment), arp, b"short"]))
    assert set(report.passed_over.values()) == {1}
    assert len(report.passed_over) == 4
    assert read_file(pcap([udp], link=105))[1].passed_over == {
        "packet of a link layer that is not read (105)": 1
    }


def test_an_endless_body_is_kept_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_stream, "MAX_BODY", 1000)
    head = b"POST /track HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n\r\n"
    (captured,), _ = read_talk(Talk().opens().says(0, head, *[b"x" * 900] * 10))
    assert len(captured.request.body) == 1000
    assert captured.problem == "its body is longer than 1,000 bytes: it is cut there"


def test_what_many_connections_hold_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_HELD", 100_000)
    monkeypatch.setattr(connections, "_CHECK_EVERY", 10_000)
    head = b"POST /track HTTP/1.1\r\nHost: h\r\nContent-Length: 999999\r\n\r\n"
    talks = [
        Talk(client=("192.0.2.1", number)).opens().says(0, head, *[b"x" * 1000] * 20)
        for number in range(1, 20)
    ]
    found, report = read_talk(*talks)
    assert len(found) == 19
    assert "More connections were under way" in report.problems[0]
    assert sum("more connections" in captured.problem for captured in found) > 10


def test_connections_beyond_those_followed_give_up_the_oldest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 10)
    talks = [Talk(client=("192.0.2.1", 1 + each)).opens().says(0, POST[:-1]) for each in range(30)]
    found, report = read_talk(*talks)
    assert not report.is_whole
    assert [captured.problem[:16] for captured in found] \
        == ["more connections"] * 20 + ["the capture ends"] * 10  # fmt: skip


def test_idle_connections_are_given_up_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 10)
    talks = [
        Talk(client=("192.0.2.1", 1 + each)).opens().says(0, REQUEST).says(1, REPLY)
        for each in range(30)
    ]
    found, report = read_talk(*talks)
    assert all(captured.reply and not captured.problem for captured in found)
    assert report.is_whole


def test_ignored_connections_are_forgotten_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_IGNORED", 10)
    talks = [Talk(client=("192.0.2.1", 1 + n)).opens().says(0, b"\x16\x03\x01") for n in range(50)]
    assert read_talk(*talks)[1].passed_over == {http_stream.ENCRYPTED: 50}


def test_every_cut_of_a_file_ends_quietly_and_is_never_called_whole() -> None:
    talk = Talk().opens().says(0, REQUEST[:30], REQUEST[30:]).says(1, REPLY).closes()
    frames = [LINKS["ethernet"][1](segment.packet()) for segment in talk.segments]
    for write in (pcap, pcapng):
        content = write(frames)
        whole = {len(write(frames[:count])) for count in range(len(frames) + 1)}
        for length in range(24, len(content)):
            _, report = read_file(content[:length])
            is_at_block = write is pcapng and length in _block_ends(content)
            assert report.is_whole == (length in whole or is_at_block), (write, length)


def _block_ends(content: bytes) -> set[int]:
    places = {0}
    place = 0
    while place < len(content):
        place += int.from_bytes(content[place + 4 : place + 8], "little")
        places.add(place)
    return places


def _packet_ends(content: bytes) -> Iterator[int]:
    place = 24
    while place < len(content):
        yield place
        place += 16 + int.from_bytes(content[place + 8 : place + 12], "little")


def test_a_cut_sample_is_never_called_whole(sample: Path) -> None:
    content = sample.read_bytes()
    ends = set(_packet_ends(content))
    for length in range(len(content) - 400, len(content)):
        requests, report = read_file(content[:length])
        assert len(requests) == 27
        assert report.is_whole == (length in ends)


def test_bytes_changed_at_random_never_fail() -> None:
    rng = random.Random(11)
    talk, _ = _conversation(rng, 1)
    frames = [LINKS["vlan"][1](segment.packet()) for segment in talk.segments[:40]]
    for content in (pcap(frames), pcapng(frames)):
        for _ in range(700):
            changed = bytearray(content)
            for _ in range(rng.randint(1, 8)):
                changed[rng.randrange(4, len(changed))] = rng.randrange(256)
            read_file(bytes(changed))


def test_a_compressed_capture_is_read_like_any_other() -> None:
    talk = Talk().opens().says(0, REQUEST).says(1, REPLY)
    frames = [LINKS["ethernet"][1](segment.packet()) for segment in talk.segments]
    reading = Reading(Stream(BytesIO(gzip.compress(pcapng(frames)))), hosts=("h.example",))
    assert len(list(reading)) == 1
    assert (reading.kind, reading.report.is_whole) == ("pcapng", True)


def test_both_formats_are_recognised_by_their_first_bytes() -> None:
    for order in "<>":
        assert PCAP.is_it(pcap([], order=order, nano=order == ">"))
        assert PCAPNG.is_it(pcapng([], order=order))
    assert not PCAP.is_it(b"\n\r\r\n")
    assert not PCAPNG.is_it(b"\n\r\r\nabc")
