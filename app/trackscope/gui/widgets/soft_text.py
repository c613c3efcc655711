"""A text and the lines in which an editor shows it: long lines are broken where it changes nothing.

Qt lays a line out as a whole, so that one line of 100 kB costs a second. Here such a line becomes
several *chunks*, each a block of Qt's document. The breaks are no part of the text: they have no
offset, are never copied and cannot be deleted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

WHOLE_MAX = 2_000
"""Lines up to this many characters stay whole."""
CHUNK = 1_000
"""Longer ones are broken about every so many characters."""

_SPECIAL_POINTS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U000e0fff"
)
SPECIAL = re.compile(f"[{_SPECIAL_POINTS}]")
"""Characters that are invisible, turn the direction of writing, or mean something to Qt."""
_SPECIAL_OR_NEWLINE = re.compile(f"[\n{_SPECIAL_POINTS}]")


def stand_in(character: str) -> str:
    """What is shown for a special character: one visible character, so that offsets stay.

    >>> stand_in(chr(0)), stand_in(chr(0x202E))
    ('␀', '↔')
    """
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    if point in (0x200E, 0x200F, 0x61C) or 0x202A <= point <= 0x202E or 0x2066 <= point <= 0x2069:
        return "\u2194"
    if 0xD800 <= point <= 0xDFFF:
        return "\ufffd"
    return "\u25a1"


def visible(text: str, is_single_line: bool = False) -> str:
    """The text with a stand-in for each special character, as many characters as before."""
    # Python calls some characters printable that have no shape, but none of them is ASCII.
    if text.isprintable() and (text.isascii() or not SPECIAL.search(text)):
        return text
    pattern = _SPECIAL_OR_NEWLINE if is_single_line else SPECIAL
    return pattern.sub(lambda match: stand_in(match[0]), text)


@dataclass(frozen=True, slots=True)
class Patch:
    """Chunks `first` to `first + removed` gave way to `added` new ones."""

    first: int
    removed: int
    added: int


class SoftText:
    """A text, and the offset at which each of its chunks starts.

    A chunk ends with the line's newline or, at a soft break, with nothing.
    """

    def __init__(self, is_single_line: bool = False) -> None:
        self.text = ""
        self.chunk = CHUNK
        self._is_single_line = is_single_line
        self._starts = [0]

    @property
    def chunk_count(self) -> int:
        """How many blocks the text takes."""
        return len(self._starts)

    @property
    def has_soft_breaks(self) -> bool:
        """Whether some line is broken."""
        return not self._is_single_line and self.chunk_count > self.text.count("\n") + 1

    def start(self, chunk: int) -> int:
        """The offset of the chunk's first character."""
        return self._starts[chunk]

    def end(self, chunk: int) -> int:
        """The offset behind the chunk's last character, before its newline."""
        end = self._next_start(chunk)
        return end - 1 if end > self._starts[chunk] and self._ends_line(chunk, end) else end

    def is_soft(self, chunk: int) -> bool:
        """Whether the break behind the chunk is only one of the display."""
        return chunk + 1 < self.chunk_count and not self._ends_line(chunk, self._next_start(chunk))

    def chunk_at(self, offset: int) -> int:
        """The chunk that shows the character at the offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def line_start(self, chunk: int) -> int:
        """The offset at which the line of the chunk starts."""
        if self._is_single_line:
            return 0
        return self.text.rfind("\n", 0, self._starts[chunk]) + 1

    def shown(self, first: int, count: int) -> str:
        """What is displayed for `count` chunks, with "\\n" between them."""
        return "\n".join(
            visible(self.text[self._starts[chunk] : self.end(chunk)], self._is_single_line)
            for chunk in range(first, first + count)
        )

    def replace(self, start: int, end: int, new: str) -> Patch:
        """Put `new` in the place of the characters from `start` to `end`.

        The lines that are touched are broken anew, from the chunk of the first change on.
        """
        first, last = self.chunk_at(start), self.chunk_at(end)
        if first and self.is_soft(first - 1):
            # The chunk before may be the short one, and its line may have become whole again.
            first = self.chunk_at(self.line_start(first)) if self._is_short(start) else first - 1
        last = self._last_of_line(last)
        begin, stop = self._starts[first], self._next_start(last)
        delta = len(new) - (end - start)
        self.text = self.text[:start] + new + self.text[end:]
        is_at_end = last + 1 == self.chunk_count
        fresh = self._break(begin, stop + delta, is_at_end)
        tail = self._starts[last + 1 :]
        if delta:
            tail = [offset + delta for offset in tail]
        self._starts[first:] = fresh + tail
        return Patch(first, last + 1 - first, len(fresh))

    def _is_short(self, offset: int) -> bool:
        """Whether the line around the offset could be whole."""
        limit = 2 * WHOLE_MAX
        left = self.text.rfind("\n", max(0, offset - limit), offset)
        right = self.text.find("\n", offset, offset + limit)
        start = left if left >= 0 else max(0, offset - limit)
        stop = right if right >= 0 else min(len(self.text), offset + limit)
        return stop - start < limit

    def _break(self, begin: int, stop: int, is_at_end: bool) -> list[int]:
        """Where the chunks of text[begin:stop] start; `stop` is behind a newline or the end."""
        if self._is_single_line:
            return [begin]
        starts: list[int] = []
        at = begin
        while at < stop:
            newline = self.text.find("\n", at, stop)
            line_end = stop if newline < 0 else newline
            starts.append(at)
            is_continued = at == begin and at > 0 and self.text[at - 1] != "\n"
            if line_end - at > (self.chunk if is_continued else WHOLE_MAX):
                starts.extend(range(at + self.chunk, line_end, self.chunk))
            at = line_end + 1
        if is_at_end and (not starts or self.text.endswith("\n")):
            starts.append(stop)
        return starts

    def _last_of_line(self, chunk: int) -> int:
        """The last chunk of the line of which the given one is a part."""
        if self._is_single_line:
            return chunk
        newline = self.text.find("\n", self._starts[chunk])
        return self.chunk_count - 1 if newline < 0 else self.chunk_at(newline)

    def _next_start(self, chunk: int) -> int:
        following = chunk + 1
        return self._starts[following] if following < self.chunk_count else len(self.text)

    def _ends_line(self, chunk: int, end: int) -> bool:
        if self._is_single_line or chunk + 1 == self.chunk_count:
            return False
        return self.text[end - 1] == "\n"
