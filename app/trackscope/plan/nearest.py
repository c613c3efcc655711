"""Finds the name that was likely meant when another one was written."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

MAX_SEARCHES = 2_000
"""Different names that are compared one by one in a checker's life: hostile traffic has more."""

MAX_LENGTH = 100
"""Characters of a name that is compared."""

MAX_CANDIDATES = 2_000
"""Names that one is compared with."""

_CUTOFF = 0.75
_NOT_A_LETTER = re.compile(r"[\W_]+")


class Nearest:
    """Answers which of some names is nearest to another, and remembers what it found."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, frozenset[str]], str] = {}

    def of(self, name: str, candidates: Collection[str]) -> str:
        """The candidate that differs only in case and separators, or in few letters; else empty.

        >>> Nearest().of("checkout_started", ["Checkout Started", "Checkout"])
        'Checkout Started'
        >>> Nearest().of("amuont", ["amount", "plan"]), Nearest().of("x", ["amount"])
        ('amount', '')
        """
        if len(name) > MAX_LENGTH or not 0 < len(candidates) <= MAX_CANDIDATES:
            return ""
        key = (name, frozenset(candidates))
        if key not in self._known:
            if len(self._known) >= MAX_SEARCHES:
                return ""
            self._known[key] = _nearest(name, candidates)
        return self._known[key]


def _nearest(name: str, candidates: Collection[str]) -> str:
    plain = _plain(name)
    short = [each for each in candidates if len(each) <= MAX_LENGTH and each != name]
    for each in short:
        if plain and _plain(each) == plain:
            return each
    return next(iter(get_close_matches(name, short, 1, _CUTOFF)), "")


def _plain(name: str) -> str:
    return _NOT_A_LETTER.sub("", name).casefold()
