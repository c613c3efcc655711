"""A capture's bytes: read forward once, unpacked, bounded, and counted."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator
from gzip import GzipFile
from typing import BinaryIO

from trackscope.errors import SourceError

CHUNK = 1 << 20
"""Bytes that are read at a time where nothing else is asked for."""

HEAD = 64 * 1024
"""Bytes at the beginning by which a format is recognised."""

MAX_LINE = 4 * 1024 * 1024
"""Bytes of one line that are read: mixpanel-node sends request lines of 733,571 (sdk-facts)."""

MAX_RATIO = 300
FREE_BYTES = 256 * 1024 * 1024
"""What is unpacked beyond these bytes may be MAX_RATIO times as large as what it came from: logs
shrink to a thirtieth at best, bombs to a thousandth."""

_GZIP = b"\x1f\x8b\x08"


class Stream:
    """Reads a binary file forward, unpacking gzip.

    `size` is the file's length in bytes where it is known; `consumed` counts the bytes of it that
    were read (packed ones where it is packed). Where what is packed is damaged or too large, the
    stream ends there and `problem` says so in a sentence.

    >>> from io import BytesIO
    >>> stream = Stream(BytesIO(b"ab"))
    >>> stream.head, stream.read(), stream.read()
    (b'ab', b'ab', b'')
    """

    def __init__(self, file: BinaryIO, size: int | None = None) -> None:
        """Take over a file that is open for reading; it is not closed here."""
        self.size = size
        self.problem = ""
        self._file = _Counted(file)
        self._unpacker: GzipFile | None = None
        self._unpacked = 0
        self._ahead = self._file.read(HEAD)
        self.is_packed = self._ahead.startswith(_GZIP)
        if self.is_packed:
            self._file.put_back(self._ahead)
            self._unpacker = GzipFile(fileobj=self._file, mode="rb")
            self._ahead = b""
            while len(self._ahead) < HEAD and (piece := self._read(HEAD)):
                self._ahead += piece
        self.head = self._ahead
        """The first bytes: HEAD of them or a few more, all where there are less."""

    @property
    def consumed(self) -> int:
        """Bytes of the file that were read."""
        return self._file.count

    def read(self, length: int = CHUNK) -> bytes:
        """Up to `length` bytes; none only when the stream has ended."""
        if self._ahead:
            piece, self._ahead = self._ahead[:length], self._ahead[length:]
            return piece
        return self._read(length)

    def read_all(self, limit: int) -> bytes:
        """All that is left; SourceError where that is more than `limit` bytes."""
        pieces = []
        length = 0
        while piece := self.read():
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                raise SourceError(
                    f"It is larger than {limit // 1024 // 1024} MB and of a form that is read as "
                    "a whole.",
                    "Give a part of it.",
                )
        return b"".join(pieces)

    def blocks(self, length: int = CHUNK) -> Iterator[bytes]:
        """The rest in pieces of about `length` bytes that end where lines end (`line_blocks`)."""
        return line_blocks(iter(lambda: self.read(length), b""))

    def _read(self, length: int) -> bytes:
        if self._unpacker is None:
            return self._file.read(length)
        if self.problem:
            return b""
        try:
            piece = self._unpacker.read1(length)
        except (EOFError, OSError, zlib.error) as problem:
            if isinstance(problem, OSError) and problem.errno is not None:
                raise  # the disk's, not the data's
            self.problem = "The compressed data is damaged or cut off: what came before was read."
            return b""
        self._unpacked += len(piece)
        if self._unpacked > max(FREE_BYTES, self.consumed * MAX_RATIO):
            read = self._unpacked // 1024 // 1024
            self.problem = (
                f"Unpacked it is over {MAX_RATIO} times as large: it was read up to {read:,} MB."
            )
        return piece


def line_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that end where lines end.

    The last may lack its line end. A line longer than MAX_LINE is told apart by that it comes in
    pieces without one.

    >>> list(line_blocks([b"a", b"b\\nc\\nd", b"e"]))
    [b'ab\\nc\\n', b'de']
    """
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
            if len(rest) > MAX_LINE:
                yield rest
                rest = b""
    if rest:
        yield rest


def as_text(content: bytes) -> str:
    """Text of bytes: UTF-8, or UTF-16 where a byte order mark says so (Windows' `>`).

    >>> as_text(b"\\xff\\xfea\\x00")
    'a'
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


class _Counted:
    """A file that counts what was read of it, and into which its beginning can be put back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead = b""
        self.count = 0

    def put_back(self, start: bytes) -> None:
        self._ahead = start

    def seek(self, offset: int) -> int:
        raise OSError("read forward only")

    def read(self, length: int) -> bytes:
        if self._ahead:
            piece, self._ahead = self._ahead[:length], self._ahead[length:]
            return piece
        piece = self._file.read(length)
        self.count += len(piece)
        return piece
