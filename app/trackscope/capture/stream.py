"""A capture's bytes: read forward once, unpacked, as UTF-8, bounded, and counted."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterable, Iterator
from gzip import GzipFile
from io import SEEK_SET, BytesIO, RawIOBase
from typing import BinaryIO, cast

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
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Stream:
    """Reads a binary file forward, unpacking gzip, and UTF-16 text (Windows' `>`) as UTF-8.

    A byte order mark at the beginning says which text it is, and is not handed on.

    `size` is the file's length in bytes where it is known; `consumed` counts the bytes of it that
    were read (packed ones where it is packed). Where what is packed is damaged or too large, the
    stream ends there and `problem` says so in a sentence.

    >>> from io import BytesIO
    >>> stream = Stream(BytesIO(b"ab"))
    >>> stream.head, stream.read(), stream.read()
    (b'ab', b'ab', b'')
    """

    def __init__(
        self,
        file: BinaryIO,
        size: int | None = None,
        on_read: Callable[[], object] = lambda: None,
    ) -> None:
        """Take over a file that is open for reading; it is not closed here.

        `on_read` is called after each piece that was read of the file, for progress. What it
        raises comes out of whatever reads the stream: so reading can be stopped.
        """
        self.size = size
        self.problem = ""
        self._on_read = on_read
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
        self._utf16: codecs.IncrementalDecoder | None = None
        if self._ahead.startswith(_UTF16):
            self._utf16 = codecs.getincrementaldecoder("utf-16")("replace")
            self._ahead = self._as_utf8(self._ahead)
        self._ahead = self._ahead.removeprefix(codecs.BOM_UTF8)
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
        piece = self._read(length)
        self._on_read()
        return self._as_utf8(piece) if self._utf16 else piece

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

    def as_file(self, limit: int) -> BinaryIO:
        """All of it, from its beginning, as a file that can be sought in; instead of `read`.

        What is packed or comes through a pipe is held in memory: SourceError where that is more
        than `limit` bytes.
        """
        if self._unpacker is None and self._file.is_seekable:
            return self._file.sought()
        return BytesIO(self.read_all(limit))

    def blocks(self, length: int = CHUNK) -> Iterator[bytes]:
        """The rest in pieces of about `length` bytes that end where lines end (`line_blocks`)."""
        return line_blocks(iter(lambda: self.read(length), b""))

    def _as_utf8(self, piece: bytes) -> bytes:
        """What a piece of UTF-16 is in UTF-8; none only where the stream has ended."""
        assert self._utf16 is not None
        text = self._utf16.decode(piece, final=not piece)
        while piece and not text:  # half a character: the rest of it follows, or nothing does
            piece = self._read(HEAD)
            text = self._utf16.decode(piece, final=not piece)
        return text.encode("utf-8")

    def _read(self, length: int) -> bytes:
        if self._unpacker is None:
            piece = self._file.read(length)
            if not piece and self.size is not None and self.consumed < self.size:
                self.problem = (
                    "The file became shorter while it was read: of "
                    f"{self.size:,} bytes there were {self.consumed:,}."
                )
            return piece
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
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    return content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


class _Counted:
    """A file that counts what was read of it, and into which its beginning can be put back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead = b""
        self.count = 0

    @property
    def is_seekable(self) -> bool:
        return self._file.seekable()

    def put_back(self, start: bytes) -> None:
        self._ahead = start

    def sought(self) -> BinaryIO:
        """The file from its beginning; what is read of it there is counted here, from 0."""
        self._file.seek(0)
        self.count = 0
        return cast(BinaryIO, _Sought(self._file, self))

    def seek(self, offset: int) -> int:
        raise OSError("read forward only")

    def read(self, length: int) -> bytes:
        if self._ahead:
            piece, self._ahead = self._ahead[:length], self._ahead[length:]
            return piece
        piece = self._file.read(length)
        self.count += len(piece)
        return piece


class _Sought(RawIOBase):
    """A file that is read at any place, and what is read of it is counted."""

    def __init__(self, file: BinaryIO, counted: _Counted) -> None:
        super().__init__()
        self._file = file
        self._counted = counted

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, length: int = -1) -> bytes:
        piece = self._file.read(length)
        self._counted.count += len(piece)
        return piece
