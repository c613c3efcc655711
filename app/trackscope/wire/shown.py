"""Texts from outside as parts of a sentence: cut, and on one line."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Characters that steer a terminal, reorder a line, or cannot be written at all."""


def escaped(text: str) -> str:
    """The text with every unsafe character as JSON escapes it; all others stay.

    Outside of its strings JSON has none of them, so a finished JSON text stays the same JSON.

    >>> escaped('{"é": "\\x7f\\u202e"}')
    '{"é": "\\\\u007f\\\\u202e"}'
    """
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def printable(text: str) -> str:
    """The text with what cannot be shown on one line as escapes: controls, halves of pairs.

    >>> printable("a\\u202eb")
    'a\\\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def short(text: str, limit: int = 60) -> str:
    """A name or value from outside: printable, and cut where it is long."""
    return printable(text if len(text) <= limit else f"{text[: limit - 1]}…")
