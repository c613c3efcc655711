from __future__ import annotations

import struct
from io import BytesIO

import pytest
from tests.capture.pcap_writer import block, interface, pcap, pcapng, section

from trackscope.capture.packets import Frame, frames, is_pcapng
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

PACKETS = [b"first", b"", b"third packet"]


def read(content: bytes) -> tuple[list[Frame], list[str]]:
    report = Report()
    return list(frames(Stream(BytesIO(content)), report)), report.problems


def enhanced(data: bytes, ticks: int, index: int = 0, order: str = "<", length: int = -1) -> bytes:
    length = len(data) if length < 0 else length
    head = struct.pack(f"{order}IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, length, len(data))
    return block(6, head + data, order)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap_is_read_in_either_order_and_unit(order: str, nano: bool) -> None:
    found, problems = read(pcap(PACKETS, 113, order, nano=nano))
    assert [frame.data for frame in found] == PACKETS
    assert [(frame.number, frame.link) for frame in found] == [(1, 113), (2, 113), (3, 113)]
    assert [frame.at for frame in found] == pytest.approx(
        [1_700_000_000.0, 1_700_000_000.001, 1_700_000_000.002], abs=1e-6
    )
    assert problems == []


def test_the_longer_packet_headers_of_a_patched_libpcap_are_read() -> None:
    head = struct.pack("<IHHiIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 1)
    packet = struct.pack("<IIIIIHBB", 5, 500_000, 3, 3, 1, 0, 0, 0) + b"abc"
    assert read(head + packet * 2)[0] == [Frame(1, 5.5, 1, b"abc"), Frame(2, 5.5, 1, b"abc")]


def test_what_is_above_the_link_layer_number_does_not_change_it() -> None:
    content = bytearray(pcap([b"x"]))
    content[23] = 0xF4  # says that frames end with a check sum
    assert read(bytes(content))[0][0].link == 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [2, 3, 6])
def test_pcapng_is_read_in_either_order_and_every_kind_of_packet_block(
    order: str, kind: int
) -> None:
    found, problems = read(pcapng(PACKETS, 101, order, kind))
    assert [frame.data for frame in found] == PACKETS
    assert {frame.link for frame in found} == {101}
    expected = [None] * 3 if kind == 3 else [1_700_000_000 + each / 1000 for each in range(3)]
    assert [frame.at for frame in found] == expected
    assert problems == []


@pytest.mark.parametrize(
    ("option", "ticks", "at"),
    [
        (struct.pack("<HHBxxx", 9, 1, 9), 5_500_000_000, 5.5),
        (struct.pack("<HHBxxx", 9, 1, 0), 5, 5.0),
        (struct.pack("<HHBxxx", 9, 1, 0x80 | 10), 512, 0.5),
        (struct.pack("<HHq", 14, 8, 100), 5_500_000, 105.5),
        (struct.pack("<HH4sHHBxxx", 2, 3, b"lo0", 9, 1, 3), 5500, 5.5),
        (struct.pack("<HHHHBxxx", 0, 0, 9, 1, 3), 5_500_000, 5.5),
        (struct.pack("<HH", 9, 60_000), 5_500_000, 5.5),
    ],
)
def test_each_interface_says_how_its_times_are_written(
    option: bytes, ticks: int, at: float
) -> None:
    content = section() + interface(1, options=option) + enhanced(b"x", ticks)
    assert read(content)[0][0].at == pytest.approx(at)


def test_each_section_has_its_own_order_and_interfaces() -> None:
    content = (
        section() + interface(1) + interface(101) + enhanced(b"a", 1, 1)
        + section(">") + interface(113, ">") + enhanced(b"b", 1, 0, ">")
    )  # fmt: skip
    assert [(frame.number, frame.link, frame.data) for frame in read(content)[0]] == [
        (1, 101, b"a"),
        (2, 113, b"b"),
    ]


def test_a_simple_packet_ends_where_its_interface_cuts() -> None:
    cut = block(1, struct.pack("<HHI", 1, 0, 2))
    content = section() + cut + block(3, struct.pack("<I", 100) + b"ab\0\0")
    assert read(content)[0][0].data == b"ab"


@pytest.mark.parametrize(
    "broken",
    [
        enhanced(b"x", 1, index=7),
        enhanced(b"x", 1, length=1000),
        block(6, b"abcd"),
        struct.pack("<III", 6, 8, 8),
        struct.pack("<II", 6, 0xFFFFFFFC),
        enhanced(b"x", 1)[:-4] + b"\0\0\0\0",
        b"\n\r\r\n" + struct.pack("<II", 28, 7),
    ],
)
def test_of_a_file_that_contradicts_itself_the_beginning_is_read(broken: bytes) -> None:
    content = section() + interface(1) + enhanced(b"a", 1) + broken + enhanced(b"b", 1)
    found, problems = read(content)
    assert [frame.data for frame in found] == [b"a"]
    assert problems == ["The file is damaged at packet 2: what came before was read."]


def test_a_hostile_length_is_not_believed() -> None:
    content = pcap([b"a"]) + struct.pack("<IIII", 1, 1, 0x7FFFFFFF, 0x7FFFFFFF)
    found, problems = read(content)
    assert len(found) == 1
    assert problems == ["The file is damaged at packet 2: what came before was read."]


def test_a_huge_block_of_another_kind_is_skipped() -> None:
    content = section() + interface(1) + block(0xBAD, bytes(20_000_000)) + enhanced(b"a", 1)
    assert read(content) == ([Frame(1, 1e-6, 1, b"a")], [])


@pytest.mark.parametrize("write", [pcap, pcapng])
def test_a_file_that_is_cut_off_says_where(write: type) -> None:
    content = write([b"a" * 40, b"b" * 40])
    cut = content[: content.index(b"b" * 40) + 5]
    found, problems = read(cut)
    assert len(found) == 1
    assert problems == ["The file ends within packet 2: what came before was read."]


def test_a_header_alone_is_no_file() -> None:
    assert read(pcap([])[:20]) == (
        [],
        ["The file ends within its header: what came before was read."],
    )
    assert is_pcapng(section())
