"""Reads pcap and pcapng files as far as the packets in them.

Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. Either byte order, time in any unit,
any number of sections and interfaces.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from trackscope.capture.pieces import Pieces
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

MAX_PACKET = 16 * 1024 * 1024
"""Bytes of one packet or block: captures hold up to 256 KB, what says more is damaged."""

MAX_INTERFACES = 65_536

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000, 16),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000, 16),
    b"\x34\xcd\xb2\xa1": ("<", 1_000_000, 24),
    b"\xa1\xb2\xcd\x34": (">", 1_000_000, 24),
}
"""Magic number: byte order, units of the fraction in a second, bytes of a packet's header (the last
two are written by a patched libpcap of old)."""

_SECTION = b"\n\r\r\n"
_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _ENHANCED_PACKET = 1, 2, 3, 6
_PACKETS = frozenset((_OLD_PACKET, _SIMPLE_PACKET, _ENHANCED_PACKET))
_UNIT_OPTION, _OFFSET_OPTION = 9, 14


class Frame(NamedTuple):
    """One packet: its number as Wireshark counts, when it was captured, and its link layer.

    `at` is in seconds since 1970; None where the file does not say it. `link` is a LINKTYPE.
    """

    number: int
    at: float | None
    link: int
    data: bytes


def is_pcap(head: bytes) -> bool:
    """Whether a file begins like a pcap file."""
    return head[:4] in _PCAP


def is_pcapng(head: bytes) -> bool:
    """Whether a file begins like a pcapng file."""
    return head[:4] == _SECTION and head[8:12] in _ORDERS


class _BrokenError(Exception):
    """The file cannot be read further; the message says why, as a clause."""


def _cut(number: int) -> _BrokenError:
    return _BrokenError(f"The file ends within packet {number}")


def _damaged(number: int) -> _BrokenError:
    return _BrokenError(f"The file is damaged at packet {number}")


def frames(stream: Stream, report: Report) -> Iterator[Frame]:
    """Every packet of a file of either format; what is damaged or cut off is told."""
    read = _pcap_frames if is_pcap(stream.head) else _pcapng_frames
    try:
        yield from read(Pieces(stream))
    except _BrokenError as broken:
        report.conclude(f"{broken}: what came before was read.")


def _pcap_frames(pieces: Pieces) -> Iterator[Frame]:
    head = pieces.take(24)
    order, per_second, header_size = _PCAP[head[:4]]
    if len(head) < 24:
        raise _BrokenError("The file ends within its header")
    link = struct.unpack_from(f"{order}I", head, 20)[0] & 0xFFFF
    unpack = struct.Struct(f"{order}IIII").unpack_from
    take = pieces.take
    number = 0
    while header := take(header_size):
        number += 1
        if len(header) < header_size:
            raise _cut(number)
        seconds, fraction, length, _ = unpack(header)
        if length > MAX_PACKET:
            raise _damaged(number)
        data = take(length)
        if len(data) < length:
            raise _cut(number)
        yield Frame(number, seconds + fraction / per_second, link, data)


class _Interface(NamedTuple):
    """What packets of one interface have in common: link layer, cut, and how time is written."""

    link: int
    cut: int
    per_second: int = 1_000_000
    offset_s: int = 0


def _pcapng_frames(pieces: Pieces) -> Iterator[Frame]:
    """The packets of every section; each section has a byte order and interfaces of its own."""
    order = "<"
    interfaces: list[_Interface] = []
    number = 0
    while header := pieces.take(8):
        start = b""
        if header[:4] == _SECTION:
            start = pieces.take(4)
            order = _ORDERS.get(start, order)
            interfaces = []
        kind, body = _block(pieces, header, start, order, number + 1)
        if kind == _INTERFACE and len(interfaces) < MAX_INTERFACES:
            interfaces.append(_interface(body, order))
        elif kind in _PACKETS:
            number += 1
            yield _frame(number, kind, order, body, interfaces)


def _block(
    pieces: Pieces, header: bytes, start: bytes, order: str, number: int
) -> tuple[int, bytes]:
    """Type and body of the block with this header; of one that is not read, no body.

    `start` is what was taken of the body to know the byte order, `number` that of the next packet.
    """
    if len(header) < 8 or 0 < len(start) < 4:
        raise _cut(number)
    kind, length = struct.unpack(f"{order}II", header)
    left = length - 12 - len(start)
    is_read = kind == _INTERFACE or kind in _PACKETS
    if (start and start not in _ORDERS) or left < 0 or left % 4 or (is_read and left > MAX_PACKET):
        raise _damaged(number)
    body = pieces.take(left) if is_read else b""
    count = len(body) if is_read else pieces.skip(left)
    trailer = pieces.take(4)
    if count < left or len(trailer) < 4:
        raise _cut(number)
    if trailer != header[4:]:
        raise _damaged(number)
    return kind, body


def _frame(number: int, kind: int, order: str, body: bytes, interfaces: list[_Interface]) -> Frame:
    """The packet of a block, which must not contradict itself."""
    try:
        if kind == _SIMPLE_PACKET:
            interface, start, ticks = interfaces[0], 4, None
            length = min(struct.unpack_from(f"{order}I", body)[0], len(body) - 4)
            length = min(length, interface.cut or length)
        else:
            form = "IIIII" if kind == _ENHANCED_PACKET else "HxxIIII"
            index, high, low, length, _ = struct.unpack_from(f"{order}{form}", body)
            interface, start, ticks = interfaces[index], 20, high << 32 | low
    except (struct.error, IndexError):
        raise _damaged(number) from None
    if start + length > len(body):
        raise _damaged(number)
    at = None if ticks is None else interface.offset_s + ticks / interface.per_second
    return Frame(number, at, interface.link, body[start : start + length])


def _interface(body: bytes, order: str) -> _Interface:
    if len(body) < 8:
        return _Interface(-1, 0)
    link, cut = struct.unpack_from(f"{order}HxxI", body)
    interface = _Interface(link, cut)
    for code, value in _options(body, 8, order):
        if code == _UNIT_OPTION and len(value) == 1:
            base = 2 if value[0] & 0x80 else 10
            interface = interface._replace(per_second=base ** (value[0] & 0x7F))
        elif code == _OFFSET_OPTION and len(value) == 8:
            interface = interface._replace(offset_s=struct.unpack(f"{order}q", value)[0])
    return interface


def _options(body: bytes, place: int, order: str) -> Iterator[tuple[int, bytes]]:
    """Code and value of each option, which are padded to four bytes."""
    while place + 4 <= len(body):
        code, length = struct.unpack_from(f"{order}HH", body, place)
        if code == 0:
            return
        yield code, body[place + 4 : place + 4 + length]
        place += 4 + (length + 3 & ~3)
