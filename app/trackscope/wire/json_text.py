"""JSON text with the place of every value: reading it.

`parse` is the fast way to the value (the standard library's parser); `scan` walks the text again
only when a place is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isinf
from typing import Any

MAX_DEPTH = 200
"""Levels of nesting that are read (decisions, "Receiving")."""

MAX_DIGITS = 4300
"""Digits of an integer that are read: Python's own limit (decisions, "Receiving")."""

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])")
_WORD = re.compile(r"true|false|null|NaN|-?Infinity")
_LONG_INTEGER = re.compile(rf"\d{{{MAX_DIGITS + 1},}}")
_HUGE = re.compile(r"\d[eE]\+?\d{3}|\d{309}")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of characters, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a JSON text: its pointer, the range of its key (with quotes) and of itself."""

    pointer: str
    key: Span | None
    value: Span


@dataclass(frozen=True, slots=True)
class JsonDefect:
    """Why a text is not the JSON we accept: a `json.*` rule, a sentence, a place."""

    rule: str
    message: str
    offset: int
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The value of a JSON text, or the defect that prevents it; warnings either way.

    `notices` are defects that leave a value: duplicate keys, NaN, Infinity.
    """

    value: Any = None
    defect: JsonDefect | None = None
    notices: tuple[JsonDefect, ...] = ()


def parse(text: str) -> Parsed:
    """The value of a JSON text (RFC 8259), bounded in depth and in digits.

    >>> parse('{"a": [1, 2]}').value
    {'a': [1, 2]}
    >>> parse('{"a": 1,}').defect.offset
    8
    """
    is_odd = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal is_odd
        found = dict(pairs)
        if len(found) != len(pairs):
            is_odd = True
        return found

    def not_finite(word: str) -> float:
        nonlocal is_odd
        is_odd = True
        return float(word)

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=not_finite)
    except json.JSONDecodeError as problem:
        return Parsed(defect=_syntax_defect(text, problem))
    except RecursionError:
        return Parsed(defect=_depth_defect(text))
    except ValueError:  # Python's limit on the digits of an integer
        return Parsed(defect=_digits_defect(text))
    if text.count("{") + text.count("[") > MAX_DEPTH and depth_of(value) > MAX_DEPTH:
        return Parsed(defect=_depth_defect(text))
    is_odd = is_odd or bool(_HUGE.search(text))
    return Parsed(value, notices=tuple(_notices(text)) if is_odd else ())


def depth_of(value: Any) -> int:
    """Levels of objects and arrays, 0 for a scalar; without recursion."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, (dict, list))]:
        depth += 1
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def scan(text: str) -> Iterator[Node]:
    """Every value in the order of its end, as far as the text is well-formed.

    Linear in the text and without recursion. NaN and Infinity count as values.
    """
    place = _BLANK.match(text, 0).end()  # type: ignore[union-attr]  # the pattern matches always
    stack: list[_Open] = []
    key: Span | None = None
    while place < len(text):
        character = text[place]
        pointer = stack[-1].child(text, key) if stack else ""
        if character in "{[":
            stack.append(_Open(character, place, pointer, key))
            place, key = skip_blank(text, place + 1), None
            if text[place : place + 1] != ("}" if character == "{" else "]"):
                if character == "{":
                    key, place = _key(text, place)
                    if key is None:
                        return
                continue
        else:
            end = _scalar_end(text, place)
            if end < 0:
                return
            yield Node(pointer, key, Span(place, end))
            place = end
        place = skip_blank(text, place)
        while stack and text[place : place + 1] == stack[-1].closing:
            top = stack.pop()
            place += 1
            yield Node(top.pointer, top.key, Span(top.start, place))
            place = skip_blank(text, place)
        if not stack or text[place : place + 1] != ",":
            return
        place, key = skip_blank(text, place + 1), None
        stack[-1].index += 1
        if stack[-1].opening == "{":
            key, place = _key(text, place)
            if key is None:
                return


class _Open:
    """An object or array that the scan has entered."""

    __slots__ = ("index", "key", "opening", "pointer", "start")

    def __init__(self, opening: str, start: int, pointer: str, key: Span | None) -> None:
        self.opening, self.start, self.pointer, self.key = opening, start, pointer, key
        self.index = 0

    @property
    def closing(self) -> str:
        return "}" if self.opening == "{" else "]"

    def child(self, text: str, key: Span | None) -> str:
        if self.opening == "[" or key is None:
            return f"{self.pointer}/{self.index}"
        return f"{self.pointer}/{escape_pointer(unquoted(text[key.start : key.end]))}"


def skip_blank(text: str, place: int) -> int:
    """The place of the next character that is no blank."""
    return _BLANK.match(text, place).end()  # type: ignore[union-attr]  # matches always


def _key(text: str, place: int) -> tuple[Span | None, int]:
    """The key at a place and where its value begins; None where there is no key."""
    found = _STRING.match(text, place)
    if not found:
        return None, place
    colon = skip_blank(text, found.end())
    if text[colon : colon + 1] != ":":
        return None, place
    return Span(place, found.end()), skip_blank(text, colon + 1)


def _scalar_end(text: str, place: int) -> int:
    pattern = _STRING if text[place] == '"' else _SCALAR
    found = pattern.match(text, place) or _WORD.match(text, place)
    return found.end() if found else -1


def unquoted(literal: str) -> str:
    """The string that a JSON string literal stands for."""
    return str(json.loads(literal))


def quoted(value: str) -> str:
    """A JSON string literal with non-ASCII as it is; halves of pairs are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    if value.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text)


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON text of a value: compact, or indented; non-ASCII as it is, halves escaped."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    if text.isascii():
        return text
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text)


def escape_pointer(key: str) -> str:
    """A key as a step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def steps(pointer: str) -> list[str]:
    """The keys of a JSON pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def resolve(value: Any, pointer: str) -> Any:
    """The value at a pointer; LookupError where there is none."""
    for step in steps(pointer):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def find(text: str, pointer: str) -> Node | None:
    """The node at the pointer: the last one where a key is repeated, since that one counts."""
    found = None
    for node in scan(text):
        if node.pointer == pointer:
            found = node
    return found


def _syntax_defect(text: str, problem: json.JSONDecodeError) -> JsonDefect:
    if not text.strip():
        return JsonDefect("json.syntax", "the payload is empty: an event is expected", 0)
    offset = problem.pos
    if problem.msg.startswith("Illegal trailing comma"):  # since Python 3.13, at the comma
        offset = skip_blank(text, offset + 1)
    message = _SYNTAX.get(problem.msg.partition(" before")[0], "this is not JSON")
    if offset >= len(text):
        message = "the JSON ends too early: a bracket or a value is missing"
    elif text[offset] in "}]" and text[:offset].rstrip().endswith(","):
        message = f"a comma stands before {text[offset]}: remove it"
    elif text[offset] == "'":
        message = "JSON strings stand in double quotes, not in single ones"
    return JsonDefect("json.syntax", message, offset)


_SYNTAX = {
    "Expecting value": "a value is expected here",
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected here",
    "Illegal trailing comma": "a comma stands before the closing bracket: remove it",
    "Expecting ':' delimiter": "a colon is expected here",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected here",
    "Extra data": "the JSON ends here, but more text follows",
    "Unterminated string starting at": "the string that begins here has no closing quote",
    "Invalid control character at": "a line break or control character stands in a string: write \\n",
    "Invalid \\escape: ": "this is no escape that JSON knows",
    "Invalid \\escape": "this is no escape that JSON knows",
    "Invalid \\uXXXX escape": "four hexadecimal digits are expected after \\u",
}


def _depth_defect(text: str) -> JsonDefect:
    depth = 0
    for bracket in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', text):
        if bracket.group() in ("{", "["):
            depth += 1
            if depth > MAX_DEPTH:
                break
        elif bracket.group() in ("}", "]"):
            depth -= 1
    message = f"the JSON is nested deeper than {MAX_DEPTH} levels"
    return JsonDefect("json.depth", message, bracket.start())


def _digits_defect(text: str) -> JsonDefect:
    found = _LONG_INTEGER.search(text)
    message = f"the number has more than {MAX_DIGITS:,} digits"
    return JsonDefect("json.number", message, found.start() if found else 0)


def _notices(text: str) -> Iterator[JsonDefect]:
    seen: set[str] = set()
    for node in scan(text):
        if node.pointer in seen and node.key is not None:
            name = text[node.key.start : node.key.end]
            message = f"the key {name} stands twice: the last one counts"
            yield JsonDefect("json.duplicate-key", message, node.key.start, node.pointer)
        seen.add(node.pointer)
        word = text[node.value.start : node.value.end]
        if _is_not_finite(word):
            message = f"{word[:20]} is no number that JSON and every reader can hold"
            yield JsonDefect("json.not-finite", message, node.value.start, node.pointer)


def _is_not_finite(word: str) -> bool:
    if word[:1] not in "-0123456789NI" or not word:
        return False
    # An integer of any length is exact in Python; only fractions and exponents overflow.
    return word.lstrip("-")[:1] in "NI" or (not word.lstrip("-").isdigit() and isinf(float(word)))
