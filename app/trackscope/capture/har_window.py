"""The part of a long JSON text that is held in memory, and the ends of values in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import orjson

CHUNK = 256 * 1024
"""Bytes that are read at a time: what the processor's cache holds while it is searched."""

MAX_CHUNK = 4 * 1024 * 1024
"""Bytes that are read at a time while much is held."""

MAX_LEVELS = 1000
"""Nesting that is followed."""

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[{\]}]', re.DOTALL)
_STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_QUOTE = ord('"')


class Window:
    """A stretch of bytes: `data`, of which what stands before `place` is done with.

    `start` is the offset of `data` in the whole, `has_ended` tells that nothing follows it.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.data = b""
        self.place = 0
        self.start = 0
        self.has_ended = False
        self._read = read

    @property
    def offset(self) -> int:
        """Where `place` is in the whole."""
        return self.start + self.place

    @property
    def held(self) -> int:
        """Bytes from `place` on."""
        return len(self.data) - self.place

    def grow(self) -> bool:
        """Forget what is before `place` (which becomes 0) and read on; False at the end.

        The more is held, the more is read, so that a long value is not copied too often.
        """
        wanted = min(max(CHUNK, self.held), MAX_CHUNK)
        pieces = [self.data[self.place :]]
        self.start, self.place = self.offset, 0
        while wanted > 0 and (piece := self._read(wanted)):
            pieces.append(piece)
            wanted -= len(piece)
        self.data = b"".join(pieces)
        self.has_ended = wanted > 0 and len(pieces) == 1
        return not self.has_ended

    def fill(self, length: int) -> bool:
        """Hold so many bytes from `place` on; False where there are less."""
        while self.held < length:
            if not self.grow():
                return False
        return True

    def find(self, wanted: bytes, limit: int) -> int:
        """Where it stands next, counted from `place`; -1 where not within `limit` bytes."""
        searched = 0
        while True:
            found = self.data.find(wanted, self.place + searched)
            if found >= 0:
                return found - self.place
            searched = max(searched, self.held - len(wanted) + 1)
            if self.held > limit or not self.grow():
                return -1

    def skip(self, blank: re.Pattern[bytes]) -> int:
        """Move over what matches and give the byte after it; -1 at the end."""
        while True:
            match = blank.match(self.data, self.place)
            self.place = match.end() if match else self.place
            if self.place < len(self.data):
                return self.data[self.place]
            if not self.grow():
                return -1


class ValueEnd:
    """Looks for the end of the object, array or string that begins at a window's `place`.

    It goes on where it was when more has been read. `is_too_deep` tells why it gave up.
    """

    __slots__ = ("_at", "_depth", "_in_string", "is_too_deep")

    def __init__(self) -> None:
        self._at = self._depth = 0
        self._in_string = self.is_too_deep = False

    def within(self, window: Window, limit: int) -> int:
        """The length of the value; -1 if it does not end, is too deep, or is over `limit`."""
        while not self._is_found(window.data, window.place):
            if self.is_too_deep or self._at > limit or not window.grow():
                return -1
        return self._at

    def pass_by(self, window: Window) -> bool:
        """Move the window behind the value without holding it; False where that fails."""
        while not self._is_found(window.data, window.place):
            window.place += self._at
            self._at = 0
            if self.is_too_deep or not window.grow():
                return False
        window.place += self._at
        return True

    def _is_found(self, data: bytes, start: int) -> bool:
        at, is_end = start + self._at, False
        while not (is_end or self.is_too_deep):
            if self._in_string:
                match = _STRING_REST.match(data, at)
                at = match.end() if match else at
                if at == len(data) or data[at] != _QUOTE:
                    break
                self._in_string, at = False, at + 1
                is_end = self._depth == 0
            else:
                at, is_end = self._brackets(data, at)
                if not self._in_string:
                    break
        self._at = at - start
        return is_end

    def _brackets(self, data: bytes, at: int) -> tuple[int, bool]:
        """Count up to the end of the value, of the data, or into a string that goes beyond it."""
        depth = self._depth
        for token in _TOKEN.finditer(data, at):
            first, at = data[token.start()], token.end()
            if first == _QUOTE and at - token.start() == 1:
                self._in_string = True
                break
            if first != _QUOTE:
                depth += 1 if first in b"{[" else -1
            if depth <= 0 or depth > MAX_LEVELS:
                break
        else:
            self._depth = depth
            return len(data), False
        self._depth, self.is_too_deep = depth, depth > MAX_LEVELS
        return at, depth <= 0 and not self._in_string


def value_at(data: bytes, place: int) -> bytes:
    """The object, array or string that begins at a place; nothing where it does not end."""
    window = Window(lambda _: b"")
    window.data, window.place = data, place
    length = ValueEnd().within(window, len(data))
    return data[place : place + length] if length > 0 else b""


def parsed(raw: bytes) -> Any:
    """The value of a JSON text: the fast parser's, or, of what that refuses, a lenient one's.

    NaN, bytes that are no UTF-8 (as surrogate escapes), halves of pairs and control characters in
    strings are read. ValueError says what is wrong otherwise.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
    except RecursionError as problem:
        raise ValueError("it is nested too deep") from problem
