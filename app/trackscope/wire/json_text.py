"""JSON text with the place of every value: reading it.

`parse` is the fast way to the value (the standard library's parser); `scan` walks the text again
only when a place is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite, isinf
from types import MappingProxyType
from typing import Any

from trackscope.wire.json_defect import JsonDefect, syntax_defect

MAX_DEPTH = 200
"""Levels of nesting that are read (decisions, "Receiving")."""

MAX_DIGITS = 4300
"""Digits of an integer that are read: Python's own limit (decisions, "Receiving")."""

MAX_NOTICES = 100
"""Places of duplicate keys, and of numbers that are not finite, that are told of one text."""

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{\]}]', re.DOTALL)
_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])")
_WORD = re.compile(r"true|false|null|NaN|-?Infinity")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_NO_ENDS: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Span:
    """A range of characters, end exclusive."""

    start: int
    end: int


class Container:
    """An object or array that has been entered; `pointer` is joined when it is asked for."""

    __slots__ = ("_pointer", "index", "is_object", "key", "outer", "start", "step")

    def __init__(
        self, text: str, start: int, step: str, outer: Container | None, key: Span | None
    ) -> None:
        self.is_object = text[start] == "{"
        self.start, self.step, self.outer, self.key = start, step, outer, key
        self.index = -1
        self._pointer: str | None = None

    @property
    def closing(self) -> str:
        """The bracket that ends it."""
        return "}" if self.is_object else "]"

    @property
    def pointer(self) -> str:
        """Where it stands: a pointer, empty for the top."""
        if self._pointer is None:
            self._pointer = pointer_to(self.outer, self.step)
        return self._pointer


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a JSON text: the range of its key (with quotes) and of itself.

    `step` is its key or index within the container; the top has neither.
    """

    key: Span | None
    value: Span
    step: str
    container: Container | None

    @property
    def pointer(self) -> str:
        """Where it stands in the text's value (RFC 6901)."""
        return pointer_to(self.container, self.step)


def pointer_to(container: Container | None, step: str) -> str:
    """The pointer to a container's member or element; empty where there is no container."""
    return "" if container is None else f"{container.pointer}/{escape_pointer(step)}"


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
    try:
        value, is_odd = _value(text)
    except json.JSONDecodeError as problem:
        return Parsed(defect=syntax_defect(text, problem))
    except RecursionError:
        return Parsed(defect=_depth_defect(text))
    except ValueError:  # Python's limit on the digits of an integer
        return Parsed(defect=_digits_defect(text))
    if text.count("{") + text.count("[") > MAX_DEPTH and depth_of(value) > MAX_DEPTH:
        return Parsed(defect=_depth_defect(text))
    return Parsed(value, notices=tuple(_notices(text)) if is_odd else ())


class _OddJson(Exception):  # noqa: N818 (it is no error, only the sign to look closer)
    """A key stands twice, or a number is not finite: the text is to be walked for the places."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _OddJson
    return found


def _finite(word: str) -> float:
    number = float(word)
    if not isfinite(number):
        raise _OddJson
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_float=_finite, parse_constant=_finite)


def _value(text: str) -> tuple[Any, bool]:
    """The value, and whether there is something odd about it."""
    try:
        return _DECODER.decode(text), False
    except _OddJson:
        return json.loads(text), True


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
    """Every value in the order of its end, as far as the text is well-formed and not too deep.

    Linear in the text and without recursion. NaN and Infinity count as values.
    """
    place, depth = skip_blank(text, 0), 0
    inside: Container | None = None
    key: Span | None = None
    step = ""
    while place < len(text):
        if text[place] in "{[":
            if depth == MAX_DEPTH:
                return
            inside, depth = Container(text, place, step, inside, key), depth + 1
            place = skip_blank(text, place + 1)
            is_empty = text[place : place + 1] == inside.closing
        else:
            end = _scalar_end(text, place)
            if end < 0:
                return
            yield Node(key, Span(place, end), step, inside)
            place, is_empty = skip_blank(text, end), True
        while is_empty and inside is not None and text[place : place + 1] == inside.closing:
            place, depth = place + 1, depth - 1
            yield Node(inside.key, Span(inside.start, place), inside.step, inside.outer)
            place, inside = skip_blank(text, place), inside.outer
        if inside is None:
            return
        if is_empty:
            if text[place : place + 1] != ",":
                return
            place = skip_blank(text, place + 1)
        key, step, place = _entry(text, place, inside)
        if place < 0:
            return


def children(text: str, parent: Node, ends: Mapping[int, int] = _NO_ENDS) -> Iterator[Node]:
    """The members or elements of an object or array in well-formed JSON; none of a scalar.

    `ends` has the ends of large containers by their start (`json_extent`), to step over them.
    """
    place = parent.value.start
    if text[place : place + 1] not in ("{", "["):
        return
    inside = Container(text, place, parent.step, parent.container, parent.key)
    place = skip_blank(text, place + 1)
    while text[place : place + 1] not in ("", inside.closing):
        key, step, place = _entry(text, place, inside)
        end = (ends.get(place) or _value_end(text, place)) if place >= 0 else -1
        if end < 0:
            return
        yield Node(key, Span(place, end), step, inside)
        place = skip_blank(text, end)
        if text[place : place + 1] == ",":
            place = skip_blank(text, place + 1)


def skip_blank(text: str, place: int) -> int:
    """The place of the next character that is no blank."""
    return _BLANK.match(text, place).end()  # type: ignore[union-attr]  # matches always


def _entry(text: str, place: int, inside: Container) -> tuple[Span | None, str, int]:
    """The key, the step, and the place of the value that begins here; -1 where a key is missing."""
    inside.index += 1
    return _key(text, place) if inside.is_object else (None, str(inside.index), place)


def _key(text: str, place: int) -> tuple[Span | None, str, int]:
    """The key at a place, what it says, and where its value begins; -1 where there is no key."""
    found = _STRING.match(text, place)
    if not found:
        return None, "", -1
    colon = skip_blank(text, found.end())
    if text[colon : colon + 1] != ":":
        return None, "", -1
    return Span(place, found.end()), unquoted(found.group()), skip_blank(text, colon + 1)


def _value_end(text: str, place: int) -> int:
    """The end of the value at a place; -1 where there is none."""
    if text[place : place + 1] not in ("{", "["):
        return _scalar_end(text, place) if place < len(text) else -1
    depth = 0
    for found in _BRACKET.finditer(text, place):
        bracket = found.group()
        depth += (bracket in ("{", "[")) - (bracket in ("}", "]"))
        if depth == 0:
            return found.end()
    return -1


def _scalar_end(text: str, place: int) -> int:
    pattern = _STRING if text[place] == '"' else _SCALAR
    found = pattern.match(text, place) or _WORD.match(text, place)
    return found.end() if found else -1


def unquoted(literal: str) -> str:
    """The string that a JSON string literal stands for."""
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]


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
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, list) and _INDEX.fullmatch(step):
            value = value[int(step)]
        else:
            raise LookupError(f"there is nothing at {pointer}")
    return value


def find(text: str, pointer: str) -> Node | None:
    """The node at the pointer in well-formed JSON; of a repeated key the last, which counts."""
    return find_all(text, [pointer]).get(pointer)


def find_all(text: str, pointers: Collection[str]) -> dict[str, Node]:
    """The nodes at many pointers of well-formed JSON, each as `find` has it.

    Each object or array that a pointer leads through is walked once for all of them.
    """
    found: dict[str, Node] = {}
    start = skip_blank(text, 0)
    top = Node(None, Span(start, _value_end(text, start)), "", None)
    pending = [(top, [(pointer, steps(pointer)) for pointer in set(pointers)])]
    while pending:
        node, wanted = pending.pop()
        deeper: dict[str, list[tuple[str, list[str]]]] = {}
        for pointer, way in wanted:
            if way:
                deeper.setdefault(way[0], []).append((pointer, way[1:]))
            else:
                found[pointer] = node
        if deeper:
            last = {each.step: each for each in children(text, node) if each.step in deeper}
            pending += [(child, deeper[step]) for step, child in last.items()]
    return found


def _depth_defect(text: str) -> JsonDefect:
    depth, offset = 0, 0
    for found in _BRACKET.finditer(text):
        bracket = found.group()
        depth += (bracket in ("{", "[")) - (bracket in ("}", "]"))
        if depth > MAX_DEPTH:
            offset = found.start()
            break
    return JsonDefect("json.depth", f"the JSON is nested deeper than {MAX_DEPTH} levels", offset)


def _digits_defect(text: str) -> JsonDefect:
    numbers = (node.value for node in scan(text) if text[node.value.start] in "-0123456789")
    words = ((span.start, text[span.start : span.end].removeprefix("-")) for span in numbers)
    long = (start for start, word in words if len(word) > MAX_DIGITS and word.isdigit())
    message = f"the number has more than {MAX_DIGITS:,} digits"
    return JsonDefect("json.number", message, next(long, 0))


def _notices(text: str) -> Iterator[JsonDefect]:
    yield from islice(_duplicate_keys(text), MAX_NOTICES)
    yield from islice(_not_finite_numbers(text), MAX_NOTICES)


def _duplicate_keys(text: str) -> Iterator[JsonDefect]:
    for _, node in duplicates(text):
        assert node.key is not None
        name = text[node.key.start : node.key.end]
        shown = name if len(name) <= 60 else f'{name[:59]}…"'
        message = f"the key {shown} stands twice: the last one counts"
        yield JsonDefect("json.duplicate-key", message, node.key.start, node.pointer)


def duplicates(text: str) -> Iterator[tuple[Node, Node]]:
    """Each member whose key stood in the same object before: the one before, and itself."""
    seen: dict[tuple[Container | None, str], Node] = {}
    for node in scan(text):
        if node.key is not None:
            place = (node.container, node.step)
            if place in seen:
                yield seen[place], node
            seen[place] = node


def _not_finite_numbers(text: str) -> Iterator[JsonDefect]:
    for node in scan(text):
        if text[node.value.start] not in "-0123456789NI":
            continue
        word = text[node.value.start : node.value.end]
        if _is_not_finite(word):
            message = f"{word[:20]} is no number that JSON and every reader can hold"
            yield JsonDefect("json.not-finite", message, node.value.start, node.pointer)


def _is_not_finite(word: str) -> bool:
    # An integer of any length is exact in Python; only fractions and exponents overflow.
    digits = word.removeprefix("-")
    return digits[0] in "NI" or (not digits.isdigit() and isinf(float(word)))
