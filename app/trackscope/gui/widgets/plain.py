"""The one way in which text from outside becomes words on the screen."""

from __future__ import annotations

import html

from trackscope.gui.widgets.soft_text import SPECIAL

LIMIT = 2_000
"""Characters of a cell or a label; Qt needs a second to paint a megabyte."""
_ESCAPES = {"\n": "↵", "\t": "⇥", "\r": "␍"}


def plain(text: object, limit: int = LIMIT) -> str:
    """The text on one row, at most `limit` characters of it, with nothing hidden in it.

    Characters that are invisible or turn the direction of writing are named; lone surrogates,
    which Qt would drop, too.

    >>> plain("user" + chr(0x202E) + "gpj")
    'user⟨202E⟩gpj'
    >>> plain("abcdef", limit=4)
    'abc…'
    """
    raw = text if isinstance(text, str) else str(text)
    shown = raw[: limit + 1]
    if not shown.isprintable():
        for character, sign in _ESCAPES.items():
            shown = shown.replace(character, sign)
        shown = SPECIAL.sub(lambda match: f"⟨{ord(match[0]):04X}⟩", shown)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def plain_tooltip(text: object, limit: int = LIMIT) -> str:
    """The text for a tool tip: Qt would take it for markup if it looks like that."""
    shown = plain(text, limit)
    return f"<qt>{html.escape(shown)}</qt>" if shown else ""
