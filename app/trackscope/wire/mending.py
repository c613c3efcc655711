"""JSON that people and programs nearly wrote: what it was meant to be."""

from __future__ import annotations

import re
from collections.abc import Callable

from trackscope.wire.json_text import parse, quoted

MAX_MENDED = 256 * 1024
"""Characters of a text that is tried to be mended."""

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]++|\\.)*+")|(?P<single>u?'(?:[^'\\]++|\\.)*+')"""
    r"""|(?P<open>"(?:[^"\\]++|\\.)*+\\?\Z)|(?P<punct>[\[\]{},:])"""
    r"""|(?P<blank>\s+)|(?P<other>[^\s"\[\]{},:]+)""",
    re.DOTALL,
)
_FOREIGN = re.compile(
    r"\\x([0-9a-fA-F]{2})|\\U000([0-9a-fA-F]{5})|\\(')|\\.|\"|[\x00-\x1f]", re.DOTALL
)
_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}


def mended(text: str) -> str | None:
    """The JSON that the text was meant to be, or None where that cannot be told.

    >>> mended('{"event": "a",}')
    '{"event": "a"}'
    >>> mended("{'event': True}")
    '{"event": true}'
    >>> mended('[{"event": "a"')
    '[{"event": "a"}]'
    """
    if len(text) > MAX_MENDED:
        return None
    ways: tuple[Callable[[str], str | None], ...] = (_by_tokens, _by_first_value)
    for way in ways:
        candidate = way(text)
        is_payload = candidate is not None and candidate.lstrip()[:1] in ("{", "[")
        if candidate is not None and is_payload and parse(candidate).defect is None:
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
        elif token.lastgroup in ("string", "single"):
            piece = _as_json_string(piece)
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


def _as_json_string(literal: str) -> str:
    """A string as Python or JavaScript write it, single quotes and `\\x41` too, as JSON."""
    inner = literal.removeprefix("u")[1:-1]
    if literal[0] == '"' and "\\" not in inner and inner.isprintable():
        return literal

    def put_right(found: re.Match[str]) -> str:
        byte, code, quote = found.groups()
        if byte:
            return f"\\u00{byte}"
        if code or found.group() < " " or found.group() == '"':
            return quoted(chr(int(code, 16)) if code else found.group())[1:-1]
        return quote or found.group()

    return f'"{_FOREIGN.sub(put_right, inner)}"'


def _by_first_value(text: str) -> str | None:
    """The first value, where more text follows it."""
    defect = parse(text).defect
    if defect is None or not defect.message.startswith("the JSON ends here"):
        return None
    return text[: defect.offset].rstrip()
