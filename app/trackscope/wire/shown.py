"""Texts from outside as parts of a sentence: cut, and on one line."""

from __future__ import annotations


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
