"""Cuts a stream into pieces of exact lengths, for formats that state the length of what follows."""

from __future__ import annotations

from trackscope.capture.stream import CHUNK, Stream


class Pieces:
    """Takes exactly as many bytes as are asked for.

    What is asked for is held in memory, what is only stated is not: a piece grows as it is read.

    >>> from io import BytesIO
    >>> pieces = Pieces(Stream(BytesIO(b"abcdef")))
    >>> pieces.take(2), pieces.skip(3), pieces.take(9), pieces.take(1)
    (b'ab', 3, b'f', b'')
    """

    def __init__(self, stream: Stream) -> None:
        """Take over the stream from where it stands."""
        self._stream = stream
        self._buffer = b""
        self._place = 0

    def take(self, length: int) -> bytes:
        """The next `length` bytes; fewer only where the stream ends."""
        end = self._place + length
        if end <= len(self._buffer):
            piece = self._buffer[self._place : end]
            self._place = end
            return piece
        return self._take_across(length)

    def skip(self, length: int) -> int:
        """Pass over `length` bytes without keeping them; how many there were."""
        left = length
        while left and (piece := self.take(min(left, CHUNK))):
            left -= len(piece)
        return length - left

    def _take_across(self, length: int) -> bytes:
        pieces = [self._buffer[self._place :]]
        left = length - len(pieces[0])
        self._buffer, self._place = b"", 0
        while left > 0 and (piece := self._stream.read()):
            if len(piece) > left:
                self._buffer, self._place = piece, left
                piece = piece[:left]
            left -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)
