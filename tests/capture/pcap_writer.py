"""Writes packet captures: TCP segments of conversations, link layers around them, both formats."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10


@dataclass(frozen=True)
class Tcp:
    """One segment, `source` and `target` as (address, port)."""

    source: tuple[str, int]
    target: tuple[str, int]
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes = b""

    def packet(self, padding: bytes = b"") -> bytes:
        """The segment in an IP packet of the version that its addresses have."""
        options = b"\x01\x01\x08\x0a" + bytes(8)
        tcp = struct.pack(
            ">HHIIBBHHH", self.source[1], self.target[1], self.sequence & 0xFFFFFFFF,
            self.acknowledged & 0xFFFFFFFF, (20 + len(options)) // 4 << 4, self.flags, 1000, 0, 0,
        ) + options + self.payload  # fmt: skip
        addresses = ip_address(self.source[0]).packed + ip_address(self.target[0]).packed
        if len(addresses) == 8:
            head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0x4000, 64, 6, 0)
            return head + addresses + tcp + padding
        return struct.pack(">IHBB", 6 << 28, len(tcp), 6, 64) + addresses + tcp + padding


@dataclass
class Talk:
    """A connection: `says` queues segments of what a side says, acknowledging all before it."""

    client: tuple[str, int] = ("192.0.2.1", 50000)
    server: tuple[str, int] = ("192.0.2.2", 80)
    first: tuple[int, int] = (1000, 2000)
    segments: list[Tcp] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.next = list(self.first)

    def adds(self, side: int, flags: int, payload: bytes = b"") -> Tcp:
        """One segment of a side with these flags."""
        ends = (self.client, self.server)
        acknowledged = self.next[1 - side] if flags & ACK else 0
        segment = Tcp(ends[side], ends[1 - side], self.next[side], acknowledged, flags, payload)
        self.segments.append(segment)
        self.next[side] += len(payload) + bool(flags & (SYN | FIN))
        return segment

    def opens(self) -> Talk:
        """The handshake."""
        self.adds(0, SYN)
        self.adds(1, SYN | ACK)
        self.adds(0, ACK)
        return self

    def says(self, side: int, *pieces: bytes) -> Talk:
        """Each piece as one segment of the client (0) or the server (1)."""
        for piece in pieces:
            self.adds(side, PSH | ACK, piece)
        return self

    def closes(self, side: int = 0, flags: int = FIN | ACK) -> Talk:
        """Both sides end, `side` first; or with RST only that one."""
        self.adds(side, flags)
        if flags & FIN:
            self.adds(1 - side, FIN | ACK)
            self.adds(side, ACK)
        return self


def cut(content: bytes, rng: random.Random, most: int = 1460) -> list[bytes]:
    """The content in pieces of random lengths."""
    pieces = []
    while content:
        length = rng.choice((1, rng.randint(1, 60), rng.randint(1, most)))
        pieces.append(content[:length])
        content = content[length:]
    return pieces


def disturbed(segments: list[Tcp], rng: random.Random, reach: int = 6) -> list[Tcp]:
    """The same data as a bad network delivers it: repeated, overlapping, out of order."""
    sent: list[tuple[float, Tcp]] = []
    for place, segment in enumerate(segments):
        is_free = bool(segment.payload) or bool(segment.flags & FIN)
        sent.append((place + (rng.uniform(0, reach) if is_free else 0), segment))
        if segment.payload and rng.random() < 0.3:
            start = rng.randrange(len(segment.payload))
            end = rng.randint(start + 1, len(segment.payload))
            again = replace(
                segment,
                sequence=segment.sequence + start,
                payload=segment.payload[start:end],
                flags=segment.flags & ~FIN,
            )
            sent.append((place + rng.uniform(0, reach), again))
    handshake = [each for each in sent if each[1].flags & SYN]
    rest = [each for each in sent if not each[1].flags & SYN]
    return [segment for _, segment in handshake + sorted(rest, key=lambda each: each[0])]


def interleaved(talks: Iterable[list[Tcp]], rng: random.Random) -> list[Tcp]:
    """Several connections at once, each in its own order."""
    queues = [list(talk) for talk in talks if talk]
    mixed = []
    while queues:
        queue = rng.choice(queues)
        mixed.append(queue.pop(0))
        queues = [queue for queue in queues if queue]
    return mixed


def _protocol(packet: bytes) -> bytes:
    return b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"


LINKS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "ethernet": (1, lambda packet: bytes(12) + _protocol(packet) + packet),
    "vlan": (1, lambda packet: bytes(12) + b"\x81\x00\x00\x07" + _protocol(packet) + packet),
    "two vlans": (
        1,
        lambda packet: bytes(12) + b"\x88\xa8\0\1\x81\0\0\2" + _protocol(packet) + packet,
    ),
    "pppoe": (
        1,
        lambda packet: bytes(12) + b"\x88\x64\x11\0\0\1\0\0"
        + (b"\x00\x57" if packet[0] >> 4 == 6 else b"\x00\x21") + packet,
    ),
    "cooked": (113, lambda packet: bytes(14) + _protocol(packet) + packet),
    "cooked 2": (276, lambda packet: _protocol(packet) + bytes(18) + packet),
    "raw": (101, lambda packet: packet),
    "null": (0, lambda packet: b"\x02\0\0\0" + packet),
    "loop": (108, lambda packet: b"\0\0\0\x1e" + packet),
    "apple": (
        258,
        lambda packet: struct.pack("<III", 20, 1, 1) + bytes(8) + bytes(12)
        + _protocol(packet) + packet,
    ),
}  # fmt: skip
"""By name: the LINKTYPE, and what it puts around an IP packet."""


def pcap(
    frames: Iterable[bytes], link: int = 1, order: str = "<", *, nano: bool = False, cut_at: int = 0
) -> bytes:
    """A pcap file, a packet a millisecond from 1,700,000,000 on; `cut_at`: the snapshot length."""
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    content = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, cut_at or 262144, link)
    for number, frame in enumerate(frames):
        kept = frame[: cut_at or None]
        fraction = number * (1_000_000 if nano else 1000)
        head = struct.pack(f"{order}IIII", 1_700_000_000, fraction, len(kept), len(frame))
        content += head + kept
    return content


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of a pcapng file."""
    body += bytes(-len(body) % 4)
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def section(order: str = "<") -> bytes:
    """The beginning of a section."""
    body = struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1)
    return block(0x0A0D0D0A, body, order)


def interface(link: int, order: str = "<", options: bytes = b"") -> bytes:
    """An interface of a section."""
    return block(1, struct.pack(f"{order}HHI", link, 0, 0) + options, order)


def pcapng(frames: Iterable[bytes], link: int = 1, order: str = "<", kind: int = 6) -> bytes:
    """A pcapng file in blocks of one kind, with blocks between them that hold no packet."""
    content = section(order) + interface(link, order)
    for number, frame in enumerate(frames):
        ticks = 1_700_000_000_000_000 + number * 1000
        if kind == 3:
            head = struct.pack(f"{order}I", len(frame))
        else:
            form = "IIIII" if kind == 6 else "HHIIII"
            index = (0,) if kind == 6 else (0, 0)
            times = (ticks >> 32, ticks & 0xFFFFFFFF)
            head = struct.pack(f"{order}{form}", *index, *times, len(frame), len(frame))
        content += block(kind, head + frame, order) + block(5, bytes(12), order)
    return content
