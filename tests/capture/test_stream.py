from __future__ import annotations

import codecs
import gzip
from io import BytesIO
from pathlib import Path

import pytest

from trackscope.capture import stream
from trackscope.capture.stream import MAX_LINE, Stream, as_text
from trackscope.errors import SourceError


def whole(opened: Stream, length: int = 1000) -> bytes:
    return b"".join(iter(lambda: opened.read(length), b""))


def test_what_was_looked_at_is_read_all_the_same() -> None:
    opened = Stream(BytesIO(b"x" * 200_000))
    assert len(opened.head) == stream.HEAD
    assert whole(opened) == b"x" * 200_000
    assert opened.consumed == 200_000


def test_gzip_is_unpacked_and_its_packed_bytes_are_counted() -> None:
    packed = gzip.compress(b"line\n" * 100_000) + gzip.compress(b"last\n")
    opened = Stream(BytesIO(packed))
    assert opened.is_packed
    assert opened.head.startswith(b"line\n")
    assert whole(opened) == b"line\n" * 100_000 + b"last\n"
    assert (opened.consumed, opened.problem) == (len(packed), "")


@pytest.mark.parametrize("cut", [5, 30, 200])
def test_of_gzip_that_is_cut_off_the_beginning_is_read(cut: int) -> None:
    packed = gzip.compress(bytes(range(256)) * 50, compresslevel=0)
    opened = Stream(BytesIO(packed[:-cut]))
    assert (bytes(range(256)) * 50).startswith(whole(opened))
    assert "cut off" in opened.problem


def test_a_gzip_bomb_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FREE_BYTES", 1_000_000)
    opened = Stream(BytesIO(gzip.compress(b"\0" * 20_000_000)))
    assert len(whole(opened)) < 8_000_000
    assert "300 times" in opened.problem


def test_blocks_end_where_lines_end() -> None:
    text = b"".join(b"%d\n" % number for number in range(50_000)) + b"no line end"
    blocks = list(Stream(BytesIO(text)).blocks(1000))
    assert b"".join(blocks) == text
    assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_an_endless_line_comes_in_pieces() -> None:
    blocks = list(Stream(BytesIO(b"x" * (3 * MAX_LINE))).blocks())
    assert max(map(len, blocks)) < 2 * MAX_LINE
    assert sum(map(len, blocks)) == 3 * MAX_LINE


def test_a_form_that_is_read_as_a_whole_has_a_limit() -> None:
    with pytest.raises(SourceError, match="larger than 0 MB"):
        Stream(BytesIO(b"x" * 1000)).read_all(999)


def test_a_file_is_handed_over_to_be_sought_in(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100_000 + b"end")
    with path.open("rb") as file:
        opened = Stream(file)
        sought = opened.as_file(10)
        sought.seek(-3, 2)
        assert (sought.read(), sought.tell(), opened.consumed) == (b"end", 100_003, 3)


def test_what_is_packed_is_held_to_be_sought_in() -> None:
    opened = Stream(BytesIO(gzip.compress(b"x" * 1000 + b"end")))
    sought = opened.as_file(2000)
    sought.seek(-3, 2)
    assert sought.read() == b"end"


def test_windows_utf16_is_read_by_its_mark() -> None:
    assert as_text("é".encode("utf-16")) == "é"
    assert as_text(b"\xef\xbb\xbfa") == "a"
    assert as_text(b"a\xff") == "a\udcff"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("length", [1, 7, 1000])
def test_text_is_handed_on_as_utf8_without_its_mark(encoding: str, length: int) -> None:
    text = "Кнопка 🎉\r\n" * 20_000
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    packed = gzip.compress(mark + text.encode(encoding))
    for source in (mark + text.encode(encoding), packed):
        opened = Stream(BytesIO(source))
        assert opened.head.startswith("Кнопка 🎉".encode())
        assert whole(opened, length) == text.encode()
        assert (opened.consumed, opened.problem) == (len(source), "")


def test_half_a_character_at_the_end_is_marked() -> None:
    opened = Stream(BytesIO("ab".encode("utf-16")[:-1]))
    assert whole(opened) == "a\ufffd".encode()


def test_a_file_that_became_shorter_is_told() -> None:
    opened = Stream(BytesIO(b"abc"), size=10)
    assert whole(opened) == b"abc"
    assert "of 10 bytes there were 3" in opened.problem
    assert whole(Stream(BytesIO(b"abc"), size=3)) == b"abc"
