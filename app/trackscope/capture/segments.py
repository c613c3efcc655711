"""Finds the TCP segment in a packet: link layers, IPv4 and IPv6, and TCP's own header.

Link layers are named by their LINKTYPE (https://www.tcpdump.org/linktypes.html).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from ipaddress import ip_address
from typing import NamedTuple

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10

NOT_IP = "packet that is not IP"
NOT_TCP = "packet that is not TCP"
FRAGMENT = "fragment of an IP packet"
CUT = "packet whose headers are cut off"

_TCP = 6
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLAN = frozenset((0x8100, 0x88A8, 0x9100))
_PPPOE = 0x8864
_PPP = {0x0021: _IPV4, 0x0057: _IPV6}
_EXTENSIONS = frozenset((0, 43, 60, 135))
"""IPv6's extension headers that state their length in units of eight bytes after the first."""

_FRAGMENT_HEADER, _AUTHENTICATION = 44, 51
_MAX_EXTENSIONS = 8

_U16 = struct.Struct(">H").unpack_from
_PLAIN_IPV4 = struct.Struct(">2xH2xH4x12sIIBB").unpack_from
"""An IPv4 header without options, of which addresses and ports then stand together, and TCP's."""

_TCP_HEADER = struct.Struct(">IIBB").unpack_from


class Segment(NamedTuple):
    """One TCP segment.

    `route` are source address, destination address, source port and destination port, one after
    another as in the packet. `payload` is what the capture holds of `length` bytes.
    """

    route: bytes
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes
    length: int


def segment_in(link: int, data: bytes) -> Segment | str:
    """The TCP segment of a packet, or the reason why there is none, to be counted by."""
    try:
        if link == 1 and data[12:14] == b"\x08\x00":  # the common case
            return _in_ipv4(data, 14)
        network = _LINKS.get(link)
        if network is None:
            return f"packet of a link layer that is not read ({link})"
        protocol, place = network(data)
        if protocol == _IPV4:
            return _in_ipv4(data, place)
        return _in_ipv6(data, place) if protocol == _IPV6 else NOT_IP
    except (struct.error, IndexError):
        return CUT


def ends(route: bytes) -> tuple[str, str]:
    """Source and destination of a route, each as `address:port`."""
    size = len(route) // 2 - 2
    source, destination = _U16(route, 2 * size)[0], _U16(route, 2 * size + 2)[0]
    return _end(route[:size], source), _end(route[size : 2 * size], destination)


def reverse(route: bytes) -> bytes:
    """The route of the other direction."""
    size = len(route) // 2 - 2
    return route[size : 2 * size] + route[:size] + route[-2:] + route[-4:-2]


def _end(address: bytes, port: int) -> str:
    host = str(ip_address(address))
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _in_ipv4(data: bytes, place: int) -> Segment | str:
    if data[place] == 0x45 and data[place + 9] == _TCP:  # nearly always
        total, fragment, route, sequence, acknowledged, offset, flags = _PLAIN_IPV4(data, place)
        start = place + 20 + (offset >> 4) * 4
        end = place + total
        if total and not fragment & 0x3FFF and offset >= 0x50 and start <= end:
            return Segment(route, sequence, acknowledged, flags, data[start:end], end - start)
    start = place + (data[place] & 0x0F) * 4
    if data[place] >> 4 != 4 or start < place + 20:
        return NOT_IP
    if data[place + 9] != _TCP:
        return NOT_TCP
    if _U16(data, place + 6)[0] & 0x3FFF:
        return FRAGMENT
    # 0 where the network card cut what the system handed over as one large packet
    total = _U16(data, place + 2)[0] or len(data) - place
    return _segment(data, data[place + 12 : place + 20], start, place + total)


def _in_ipv6(data: bytes, place: int) -> Segment | str:
    if data[place] >> 4 != 6:
        return NOT_IP
    start = place + 40
    total = _U16(data, place + 4)[0] or len(data) - start
    following = data[place + 6]
    for _ in range(_MAX_EXTENSIONS):
        if following == _TCP:
            return _segment(data, data[place + 8 : place + 40], start, place + 40 + total)
        if following == _FRAGMENT_HEADER:
            if _U16(data, start + 2)[0] & 0xFFF9:
                return FRAGMENT
            size = 8
        elif following in _EXTENSIONS:
            size = data[start + 1] * 8 + 8
        elif following == _AUTHENTICATION:
            size = data[start + 1] * 4 + 8
        else:
            return NOT_TCP
        following = data[start]
        start += size
    return NOT_TCP


def _segment(data: bytes, addresses: bytes, start: int, end: int) -> Segment | str:
    """The segment from `start`; the packet is said to end at `end`, and padding may follow."""
    sequence, acknowledged, offset, flags = _TCP_HEADER(data, start + 4)
    payload_start = start + (offset >> 4) * 4
    if offset < 0x50 or payload_start > end:
        return CUT
    payload = data[payload_start:end]
    route = addresses + data[start : start + 4]
    return Segment(route, sequence, acknowledged, flags, payload, end - payload_start)


def _ethernet(data: bytes) -> tuple[int, int]:
    return _tagged(data, _U16(data, 12)[0], 14)


def _tagged(data: bytes, protocol: int, place: int) -> tuple[int, int]:
    """What follows VLAN tags (any number) and PPPoE."""
    while protocol in _VLAN:
        protocol = _U16(data, place + 2)[0]
        place += 4
    if protocol == _PPPOE:
        return _PPP.get(_U16(data, place + 6)[0], 0), place + 8
    return protocol, place


def _linux_cooked(data: bytes) -> tuple[int, int]:
    return _tagged(data, _U16(data, 14)[0], 16)


def _linux_cooked_2(data: bytes) -> tuple[int, int]:
    return _tagged(data, _U16(data, 0)[0], 20)


def _raw(data: bytes) -> tuple[int, int]:
    return {4: _IPV4, 6: _IPV6}.get(data[0] >> 4, 0), 0


def _loopback(data: bytes) -> tuple[int, int]:
    """Four bytes name the family in either byte order; the IP header itself says the version."""
    return {4: _IPV4, 6: _IPV6}.get(data[4] >> 4, 0), 4


def _apple_tap(data: bytes) -> tuple[int, int]:
    """A header of macOS with its own length and the link layer that follows."""
    length, _, link = struct.unpack_from("<III", data)
    network = None if link in (149, 258) else _LINKS.get(link)
    if network is None or not 12 <= length <= 1024:
        return 0, 0
    protocol, place = network(data[length:])
    return protocol, place + length


_LINKS: dict[int, Callable[[bytes], tuple[int, int]]] = {
    0: _loopback, 1: _ethernet, 12: _raw, 14: _raw, 101: _raw, 108: _loopback,
    113: _linux_cooked, 149: _apple_tap, 228: _raw, 229: _raw, 258: _apple_tap,
    276: _linux_cooked_2,
}  # fmt: skip
"""By link layer: where a packet's network layer begins, and its Ethernet type."""
