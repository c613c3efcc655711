"""Tagged netstrings (`length:content` and a mark for the type), read only as deep as is asked for.

Nothing here recurses: a value's content is looked into when its reader wants a part of it.
https://tnetstrings.info; `;` for text is mitmproxy's addition.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import NamedTuple

MAX_DIGITS = 12
"""Digits of a length: mitmproxy itself reads no more."""

_MAX_NUMBER = 40
"""Characters of a number: Python writes a double in no more than 24."""


class Value(NamedTuple):
    """One value: its content as it stands, and the mark that says of which type it is."""

    content: memoryview
    mark: str


class DamagedError(ValueError):
    """What should be a tagged netstring is none."""


def values(content: memoryview) -> Iterator[Value]:
    """The values that stand one after another; DamagedError where one is none or is cut off.

    >>> [(bytes(each.content), each.mark) for each in values(memoryview(b"2:hi,0:~"))]
    [(b'hi', ','), (b'', '~')]
    """
    place = 0
    while place < len(content):
        digits, colon, _ = bytes(content[place : place + MAX_DIGITS + 1]).partition(b":")
        if not colon or not digits.isdigit():
            raise DamagedError
        start = place + len(digits) + 1
        end = start + int(digits)
        if end >= len(content):
            raise DamagedError
        yield Value(content[start:end], chr(content[end]))
        place = end + 1


def members(content: memoryview, wanted: Collection[str]) -> tuple[dict[str, Value], bool]:
    """Those members of a dictionary's content that are wanted, and whether all of it was read.

    Keys are bytes in files that Python 2 wrote and text in others; both are given as text. Of a
    damaged dictionary there is what comes before the damage.
    """
    found: dict[str, Value] = {}
    parts = values(content)
    try:
        for key in parts:
            value = next(parts, None)
            if value is None:
                return found, False
            name = as_text(key) if len(key.content) < 64 else None
            if name is not None and name in wanted:
                found[name] = value
    except DamagedError:
        return found, False
    return found, True


def as_bytes(value: Value | None) -> bytes | None:
    """The bytes of a string of either kind; None for anything else."""
    return bytes(value.content) if value is not None and value.mark in ",;" else None


def as_text(value: Value | None) -> str | None:
    """The text of a string of either kind, what is no UTF-8 as surrogate escapes."""
    content = as_bytes(value)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def as_number(value: Value | None) -> float | None:
    """The finite number that an integer or a float holds; None for anything else."""
    if value is None or value.mark not in "#^" or len(value.content) > _MAX_NUMBER:
        return None
    try:
        number = float(bytes(value.content))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
