"""Tagged netstrings (`length:content` and a mark for the type), read only as deep as is asked for.

Nothing here recurses: a value's content is looked into when its reader wants a part of it.
https://tnetstrings.info; `;` for text is mitmproxy's addition.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

MAX_DIGITS = 12
"""Digits of a length: mitmproxy itself reads no more."""

_LENGTH = re.compile(rb"(\d{1,%d}):" % MAX_DIGITS).match
_MAX_NUMBER = 40
"""Characters of a number: Python writes a double in no more than 24."""


class Value(NamedTuple):
    """One value: where its content stands in the bytes around it, and the mark of its type."""

    data: bytes
    start: int
    end: int
    mark: str

    @property
    def content(self) -> bytes:
        """The content as it stands."""
        return self.data[self.start : self.end]


class DamagedError(ValueError):
    """What should be a tagged netstring is none."""


def dictionary(content: bytes) -> Value:
    """The value of a dictionary with this content."""
    return Value(content, 0, len(content), "}")


def _span(data: bytes, place: int, limit: int) -> tuple[int, int]:
    """Start and end of the content of the value at a place; its mark stands at the end."""
    length = _LENGTH(data, place, limit)
    if length is None:
        raise DamagedError
    start = length.end()
    end = start + int(length[1])
    if end >= limit:
        raise DamagedError
    return start, end


def values(outer: Value) -> Iterator[Value]:
    """The values that stand one after another; DamagedError where one is none or is cut off.

    >>> [(each.content, each.mark) for each in values(Value(b"2:hi,0:~", 0, 8, "]"))]
    [(b'hi', ','), (b'', '~')]
    """
    data, place, limit, _ = outer
    while place < limit:
        start, end = _span(data, place, limit)
        yield Value(data, start, end, chr(data[end]))
        place = end + 1


def pairs(outer: Value) -> Iterator[tuple[bytes, bytes]]:
    """The contents of both halves of each pair of a list of pairs; DamagedError as in `values`.

    >>> list(pairs(dictionary(b"8:1:a,1:b,]")))
    [(b'a', b'b')]
    """
    data, place, limit, _ = outer
    while place < limit:
        start, end = _span(data, place, limit)
        first_start, first_end = _span(data, start, end)
        second_start, second_end = _span(data, first_end + 1, end)
        yield data[first_start:first_end], data[second_start:second_end]
        place = end + 1


def members(outer: Value, wanted: Collection[bytes]) -> tuple[dict[str, Value], bool]:
    """Those members of a dictionary that are wanted, and whether all of it was read.

    Keys are bytes in files that Python 2 wrote and text in others; both are given as text. Of a
    damaged dictionary there is what comes before the damage.
    """
    data, place, limit, _ = outer
    found: dict[str, Value] = {}
    try:
        while place < limit:
            key_start, key_end = _span(data, place, limit)
            start, end = _span(data, key_end + 1, limit)
            key = data[key_start:key_end]
            if key in wanted:
                found[key.decode()] = Value(data, start, end, chr(data[end]))
            place = end + 1
    except DamagedError:
        return found, False
    return found, True


def as_bytes(value: Value | None) -> bytes | None:
    """The bytes of a string of either kind; None for anything else."""
    return value.content if value is not None and value.mark in ",;" else None


def as_text(value: Value | None) -> str | None:
    """The text of a string of either kind, what is no UTF-8 as surrogate escapes."""
    content = as_bytes(value)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def as_number(value: Value | None) -> float | None:
    """The finite number that an integer or a float holds; None for anything else."""
    if value is None or value.mark not in "#^" or value.end - value.start > _MAX_NUMBER:
        return None
    try:
        number = float(value.content)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
