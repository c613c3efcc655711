"""JSON text laid out anew: indented or compact, every literal as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s"\[\]{},:]+')


def compact(text: str) -> str:
    """The text of well-formed JSON without blanks between its tokens.

    >>> compact('{ "a": [1.10, 2] }')
    '{"a":[1.10,2]}'
    """
    return "".join(_TOKEN.findall(text))


def indented(text: str, indent: int = 2) -> str:
    """The text of well-formed JSON with a member a line; empty brackets stay together.

    >>> print(indented('{"a":[1.10,{}]}'))
    {
      "a": [
        1.10,
        {}
      ]
    }
    """
    return "".join(_laid_out(_TOKEN.findall(text), " " * indent))


def _laid_out(tokens: list[str], step: str) -> Iterator[str]:
    depth = 0
    for index, token in enumerate(tokens):
        if token in ("{", "["):
            yield token
            if tokens[index + 1 : index + 2] not in (["}"], ["]"]):
                depth += 1
                yield "\n" + step * depth
        elif token in ("}", "]"):
            if tokens[index - 1] not in ("{", "["):
                depth -= 1
                yield "\n" + step * depth
            yield token
        elif token == ",":
            yield ",\n" + step * depth
        elif token == ":":
            yield ": "
        else:
            yield token
