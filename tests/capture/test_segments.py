from __future__ import annotations

import random
import struct
from dataclasses import replace

import pytest
from tests.capture.pcap_writer import ACK, LINKS, SYN, Tcp

from trackscope.capture.segments import (
    CUT,
    FRAGMENT,
    NOT_IP,
    NOT_TCP,
    Segment,
    ends,
    reverse,
    segment_in,
)

FOUR = Tcp(("192.0.2.1", 50000), ("192.0.2.2", 80), 7, 9, ACK, b"payload")
SIX = replace(FOUR, source=("2001:db8::1", 50000), target=("2001:db8::2", 80))


def found(link: int, packet: bytes) -> Segment:
    segment = segment_in(link, packet)
    assert isinstance(segment, Segment)
    return segment


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("tcp", [FOUR, SIX])
@pytest.mark.parametrize("padding", [b"", b"\0\0\0\0\0\0"])
def test_every_link_layer_gives_the_segment_without_padding(
    link: str, tcp: Tcp, padding: bytes
) -> None:
    number, wrap = LINKS[link]
    segment = found(number, wrap(tcp.packet(padding)))
    assert segment[1:] == (7, 9, ACK, b"payload", 7)
    source, target = ends(segment.route)
    assert source == ("[2001:db8::1]:50000" if tcp is SIX else "192.0.2.1:50000")
    assert target.endswith(":80")
    assert ends(reverse(segment.route)) == (target, source)


def test_options_of_ipv4_are_stepped_over() -> None:
    packet = FOUR.packet()
    total = struct.pack(">H", len(packet) + 8)
    packet = b"\x47" + packet[1:2] + total + packet[4:20] + bytes(8) + packet[20:]
    assert found(101, packet).payload == b"payload"


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        (0, b"\x06\x00" + bytes(6)),
        (43, b"\x06\x01" + bytes(14)),
        (60, b"\x06\x00" + bytes(6)),
        (51, b"\x06\x02" + bytes(14)),
        (44, b"\x06\x00\x00\x00" + bytes(4)),
    ],
)
def test_extension_headers_of_ipv6_are_stepped_over(kind: int, header: bytes) -> None:
    packet = SIX.packet()
    length = struct.pack(">H", len(packet) - 40 + len(header))
    packet = packet[:4] + length + bytes([kind]) + packet[7:40] + header + packet[40:]
    segment = found(101, packet)
    assert (segment.payload, segment.length) == (b"payload", 7)


@pytest.mark.parametrize("tcp", [FOUR, SIX])
def test_a_packet_that_the_network_card_would_have_cut_has_no_length(tcp: Tcp) -> None:
    packet = bytearray(tcp.packet())
    place = 2 if tcp is FOUR else 4
    packet[place : place + 2] = b"\0\0"
    assert found(101, bytes(packet)).payload == b"payload"


def test_what_was_not_captured_of_a_payload_is_counted() -> None:
    segment = found(101, FOUR.packet()[:-3])
    assert (segment.payload, segment.length) == (b"payl", 7)
    assert found(101, FOUR.packet()[: -7 - 4]).payload == b""


def _changed(packet: bytes, place: int, *values: int) -> bytes:
    return packet[:place] + bytes(values) + packet[place + len(values) :]


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (_changed(FOUR.packet(), 9, 17), NOT_TCP),
        (_changed(SIX.packet(), 6, 17), NOT_TCP),
        (_changed(FOUR.packet(), 6, 0x20), FRAGMENT),
        (_changed(FOUR.packet(), 6, 0, 1), FRAGMENT),
        (_changed(SIX.packet(), 6, 44), FRAGMENT),
        (_changed(FOUR.packet(), 0, 0x10), NOT_IP),
        (_changed(FOUR.packet(), 0, 0x41), NOT_IP),
        (_changed(FOUR.packet(), 32, 0x10), CUT),
        (_changed(FOUR.packet(), 32, 0xF0), CUT),
        (FOUR.packet()[:30], CUT),
        (SIX.packet()[:30], CUT),
        (b"", CUT),
    ],
)
def test_what_holds_no_segment_says_why(packet: bytes, reason: str) -> None:
    assert segment_in(101, packet) == reason


def test_header_after_header_without_end_is_given_up() -> None:
    packet = _changed(SIX.packet()[:40], 6, 0) + bytes(8) * 100
    assert segment_in(101, packet) == NOT_TCP


def test_a_link_layer_that_is_not_known_is_named() -> None:
    assert segment_in(105, FOUR.packet()) == "packet of a link layer that is not read (105)"
    assert segment_in(258, struct.pack("<III", 12, 1, 258) + FOUR.packet()) == NOT_IP
    assert segment_in(1, bytes(12) + b"\x08\x06" + bytes(28)) == NOT_IP


def test_no_bytes_make_it_fail() -> None:
    rng = random.Random(5)
    links = [number for number, _ in LINKS.values()]
    for _ in range(20_000):
        data = bytearray(rng.choice((FOUR, SIX)).packet())
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        segment = segment_in(rng.choice(links), bytes(data[: rng.randint(0, 90)]))
        if isinstance(segment, Segment):
            assert 0 <= len(segment.payload) <= segment.length
            assert len(segment.route) in (12, 36)


def test_a_syn_is_told() -> None:
    assert found(101, replace(FOUR, flags=SYN).packet()).flags == SYN
