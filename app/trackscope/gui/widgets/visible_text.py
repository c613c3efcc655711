"""A value on one row with its stray blanks and invisible characters made visible."""

from __future__ import annotations

import re

from trackscope.gui.widgets.soft_text import SPECIAL

LIMIT = 300
"""Characters of a value that a cell draws."""

_BLANK = "␣"
_SIGNS = {"\n": "↵", "\t": "⇥", "\r": "␍"}
_STRAY = re.compile(
    r"\A +| +\Z| {2,}|[\t\n\r]|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|" + SPECIAL.pattern
)


def visible_runs(text: str, limit: int = LIMIT) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it stands for something that cannot be seen.

    Blanks at either end and more than one in a row show as ␣, tabs and line ends as arrows, other
    kinds of blanks and invisible characters by their code.

    >>> visible_runs("free  plan ")
    [('free', False), ('␣␣', True), ('plan', False), ('␣', True)]
    >>> visible_runs("a" + chr(0xA0) + "b")
    [('a', False), ('⟨00A0⟩', True), ('b', False)]
    """
    shown = text[:limit]
    runs = []
    place = 0
    for found in _STRAY.finditer(shown):
        if found.start() > place:
            runs.append((shown[place : found.start()], False))
        runs.append((_sign(found[0]), True))
        place = found.end()
    if place < len(shown):
        runs.append((shown[place:], False))
    if len(text) > limit:
        runs.append(("…", False))
    return runs


def _sign(stray: str) -> str:
    if stray.startswith(" "):
        return _BLANK * len(stray)
    return _SIGNS.get(stray) or f"⟨{ord(stray):04X}⟩"
