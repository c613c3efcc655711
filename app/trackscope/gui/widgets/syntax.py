"""Which parts of a text have which colour role, found for one stretch of it at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Span = tuple[int, int, str]
"""Start and end offset, and the colour role between them."""

_JSON = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*(?:(?P<close>")|\\?))
      | (?P<number>-?\d[\d.eE+-]*)
      | (?P<literal>[A-Za-z]+)
      | (?P<punctuation>[{}\[\],:]+)""",
    re.VERBOSE,
)
_STRING_REST = re.compile(r'(?:[^"\\]|\\.)*(?:(?P<close>")|\\?)')
_WORD_END = re.compile(r"[\w.+-]*\Z")
_COLON = re.compile(r"\s{0,64}:")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(:)")
_STATUS = re.compile(r"(HTTP/[\d.]+)(?: (\d{3}))?")

_WORD_MAX = 64
"""How far around a break a number or a word is looked for."""
_STRING_ENDS_WITHIN = 4_000
"""How far ahead the end of a string is looked for, to tell a key from a value."""


def json_spans(text: str, start: int, end: int, line_start: int) -> Iterator[Span]:
    """The tokens that show between `start` and `end`; `line_start` is where their line starts.

    A string of JSON has no newline, so only the part of the line before matters.
    """
    if start == end:
        return
    at = start
    limit = min(len(text), end + _WORD_MAX)
    if _is_in_string(text, line_start, start):
        # A backslash just before escapes the first character here.
        before = text[line_start:start]
        is_escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
        match = _STRING_REST.match(text, start + is_escaped, limit)
        at = match.end() if match else end
        yield start, min(at, end), _role_of_string(text, at, match)
    elif start > line_start:
        word = _WORD_END.search(text, max(line_start, start - _WORD_MAX), start)
        at = word.start() if word else start
    for match in _JSON.finditer(text, at, limit):
        if match.start() >= end:
            return
        kind = match.lastgroup or "punctuation"
        role = _role_of_string(text, match.end(), match) if kind == "string" else kind
        low = max(match.start(), start)
        if low < match.end():
            yield low, min(match.end(), end), role


def _is_in_string(text: str, line_start: int, at: int) -> bool:
    """Whether an odd number of quotes, not counting escaped ones, stands before."""
    if at == line_start:
        return False
    before = text[line_start:at]
    if "\\" in before:
        before = before.replace("\\\\", "").replace('\\"', "")
    return before.count('"') % 2 == 1


def _role_of_string(text: str, at: int, match: re.Match[str] | None) -> str:
    """A string before a colon is a key; the end of one that is cut at `at` is looked for."""
    if match and not match["close"]:
        is_cut_in_escape = match[0].endswith("\\") and at < len(text)
        at += is_cut_in_escape
        rest = _STRING_REST.match(text, at, at + _STRING_ENDS_WITHIN)
        at = rest.end() if rest else at
    return "key" if _COLON.match(text, at) else "string"


def http_spans(text: str, start: int, end: int, line_start: int) -> Iterator[Span]:
    """The status line, and the names of header fields up to the empty line before the body."""
    if start != line_start:
        return
    head_end = text.find("\n\n", 0, 65_536)
    if 0 <= head_end < start:
        return
    status = _STATUS.match(text, start, end)
    if status:
        yield status.start(1), status.end(1), "punctuation"
        if status[2]:
            yield status.start(2), status.end(2), "number"
        return
    header = _HEADER.match(text, start, end)
    if header:
        yield header.start(1), header.end(1), "key"
        yield header.start(2), header.end(2), "punctuation"


def base64_spans(text: str, start: int, end: int, line_start: int) -> Iterator[Span]:
    """The padding."""
    tail = text[-8:]
    padding = len(text) - len(tail) + len(tail.rstrip("="))
    low = max(start, padding)
    if low < end:
        yield low, end, "punctuation"


def no_spans(text: str, start: int, end: int, line_start: int) -> Iterator[Span]:
    """Text without colours."""
    return iter(())


SYNTAX: dict[str, Callable[[str, int, int, int], Iterator[Span]]] = {
    "json": json_spans,
    "http": http_spans,
    "base64": base64_spans,
    "plain": no_spans,
}
