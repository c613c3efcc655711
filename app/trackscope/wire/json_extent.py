"""Where the large objects and arrays of a JSON text end, so that a walk can step over them."""

from __future__ import annotations

import re

_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{\]}]', re.DOTALL)


def container_ends(text: str, least: int = 2_048) -> dict[int, int]:
    """The end of every object and array of at least so many characters, by its start.

    One pass over the text; nothing of what does not end.

    >>> container_ends('{"a": [1, 2]}', least=4)
    {6: 12, 0: 13}
    """
    ends = {}
    begun: list[int] = []
    for found in _BRACKET.finditer(text):
        bracket = text[found.start()]
        if bracket in "{[":
            begun.append(found.start())
        elif bracket in "}]" and begun:
            start = begun.pop()
            if found.end() - start >= least:
                ends[start] = found.end()
    return ends
