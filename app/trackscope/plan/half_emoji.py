"""Halves of emoji: JSON can hold one (`\\ud83d`), Unicode and the validator cannot."""

from __future__ import annotations

from typing import Any


def mended(value: Any) -> Any:
    """A value of JSON with halves of emoji replaced, as a question mark each.

    >>> mended({"a\\ud83d": ["b"]})
    {'a?': ['b']}
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {mended(key): mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mended(inner) for inner in value]
    return value
