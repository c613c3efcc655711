"""Which parts of a text have which colour role, found for one stretch of it at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Span = tuple[int, int, str]
"""Start and end offset, and the colour role between them."""

_JSON = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"?)
      | (?P<number>-?\d[\d.eE+-]*)
      | (?P<literal>[A-Za-z]+)
      | (?P<punctuation>[{}\[\],:]+)""",
    re.VERBOSE,
)
_STRING_REST = re.compile(r'(?:[^"\\]|\\.)*"?')
_COLON = re.compile(r"\s{0,64}:")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(:)")
_STATUS = re.compile(r"(HTTP/[\d.]+)(?: (\d{3}))?")

_STRING_ENDS_WITHIN = 4_000
"""How far ahead the end of a string is looked for, to tell a key from a value."""


def json_spans(text: str, start: int, end: int, line_start: int) -> Iterator[Span]:
    """The tokens that show between `start` and `end`; `line_start` is where their line starts.

    A string of JSON has no newline, so only the part of the line before matters.
    """
    at = start
    if _is_in_string(text, line_start, start):
        # A backslash just before escapes the first character here.
        head = text[max(line_start, start - 64) : start]
        skip = (len(head) - len(head.rstrip("\\"))) % 2
        match = _STRING_REST.match(text, min(start + skip, end), end)
        at = match.end() if match else end
        yield start, at, _role_of_string(text, at, end)
    for match in _JSON.finditer(text, at, end):
        kind = match.lastgroup or "punctuation"
        role = _role_of_string(text, match.end(), end) if kind == "string" else kind
        yield match.start(), match.end(), role


def _is_in_string(text: str, line_start: int, at: int) -> bool:
    """Whether an odd number of quotes, not counting escaped ones, stands before."""
    if at == line_start:
        return False
    before = text[line_start:at]
    if "\\" in before:
        before = before.replace("\\\\", "").replace('\\"', "")
    return before.count('"') % 2 == 1


def _role_of_string(text: str, at: int, end: int) -> str:
    """A string before a colon is a key; one that goes on behind `end` is looked after."""
    if text[at - 1 : at] != '"' or (at == end and not _COLON.match(text, at)):
        rest = _STRING_REST.match(text, at, at + _STRING_ENDS_WITHIN)
        at = rest.end() if rest and text[at - 1 : at] != '"' else at
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
    if padding < end:
        yield max(start, padding), end, "punctuation"


def no_spans(text: str, start: int, end: int, line_start: int) -> Iterator[Span]:
    """Text without colours."""
    return iter(())


SYNTAX: dict[str, Callable[[str, int, int, int], Iterator[Span]]] = {
    "json": json_spans,
    "http": http_spans,
    "base64": base64_spans,
    "plain": no_spans,
}
