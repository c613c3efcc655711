"""JSON that people and programs nearly wrote: what it was meant to be."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from trackscope.wire.json_text import dumps, parse

MAX_MENDED = 256 * 1024
"""Characters of a text that is tried to be mended."""

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*")|(?P<open>"(?:[^"\\]|\\.)*$)|(?P<punct>[\[\]{},:])"""
    r"""|(?P<blank>\s+)|(?P<other>[^\s"\[\]{},:]+)""",
    re.DOTALL,
)
_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}


def mended(text: str) -> str | None:
    """The JSON that the text was meant to be, or None where that cannot be told.

    >>> mended('{"event": "a",}')
    '{"event": "a"}'
    >>> mended("{'event': True}")
    '{"event":true}'
    >>> mended('[{"event": "a"')
    '[{"event": "a"}]'
    """
    if len(text) > MAX_MENDED:
        return None
    ways: tuple[Callable[[str], str | None], ...] = (_by_tokens, _by_python, _by_first_value)
    for way in ways:
        candidate = way(text)
        if candidate is not None and parse(candidate).defect is None:
            return candidate
    return None


def _by_tokens(text: str) -> str | None:
    """Without commas before a closing bracket, with foreign words put right and all closed."""
    pieces: list[str] = []
    closing: list[str] = []
    for token in _TOKEN.finditer(text):
        piece = token.group()
        if piece in ("{", "["):
            closing.append("}" if piece == "{" else "]")
        elif piece in ("}", "]"):
            if not closing or closing.pop() != piece:
                return None
            _drop_comma(pieces)
        elif token.lastgroup == "open":
            piece = piece.rstrip("\\") + '"'
        elif token.lastgroup == "other":
            piece = _WORDS.get(piece, piece)
            if piece.isidentifier() and piece not in ("true", "false", "null"):
                piece = f'"{piece}"'  # a key without quotes
        pieces.append(piece)
    if closing:
        _drop_comma(pieces)
    return "".join(pieces) + "".join(reversed(closing))


def _drop_comma(pieces: list[str]) -> None:
    place = len(pieces) - 1
    while place >= 0 and pieces[place].isspace():
        place -= 1
    if place >= 0 and pieces[place] == ",":
        del pieces[place]


def _by_python(text: str) -> str | None:
    """A printed Python value: single quotes, True, None."""
    try:
        value = ast.literal_eval(text.strip())
        return dumps(value) if isinstance(value, (dict, list)) else None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _by_first_value(text: str) -> str | None:
    """The first value, where more text follows it."""
    defect = parse(text).defect
    if defect is None or not defect.message.startswith("the JSON ends here"):
        return None
    return text[: defect.offset].rstrip()
