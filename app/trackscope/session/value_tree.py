"""JSON as a tree of rows that are made when they are looked at, each with its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from trackscope.session.form import Type, type_of
from trackscope.wire import json_text
from trackscope.wire.finding import Finding, Place, Severity
from trackscope.wire.json_text import Span
from trackscope.wire.request import Param

MAX_CELL = 2_000
"""Characters of a value that a row holds; the whole is made on demand."""

MILLISECONDS_FROM = 1e11
"""A time of this size and more is read as milliseconds, as the eras do."""

_TIME_NAMES = ("time", "timestamp", "_at", " at", "_ms")
_EARLIEST_S = 1e8  # 1973: smaller numbers are durations
_TYPES = {"{": Type.OBJECT, "[": Type.LIST, "t": Type.BOOLEAN, "f": Type.BOOLEAN, "n": Type.NULL}

PointsAt = Span | Param | Finding | Place | None
"""What a row stands for in the request's texts: a range of the JSON, a parameter, a finding, or
a character."""


@dataclass(frozen=True, slots=True)
class Node:
    """One row of a decoded request.

    `value` is its text, cut at `MAX_CELL`; `type` one of `Type`, or empty where it is no value;
    `hint` says more about it. `at` is as in `Finding` (`?`
    and `/` for all parameters and all events), `points_at` its place in the texts.
    `severity` is that of the worst finding on it or within it. `name` is that of a property of an
    event, else empty. `size` is the number of its children as far as it is known; they are made
    by `children()`. `whole` gives the value uncut, `json` its JSON text.
    """

    label: str
    value: str = ""
    type: str = ""
    hint: str = ""
    at: str = ""
    points_at: PointsAt = None
    severity: Severity | None = None
    name: str = ""
    is_missing: bool = False
    size: int = 0
    whole: Callable[[], str] | None = field(default=None, compare=False)
    json: Callable[[], str] | None = field(default=None, compare=False)
    grow: Callable[[], Iterator[Node]] | None = field(default=None, compare=False)

    def children(self) -> Iterator[Node]:
        """The rows beneath, one by one, from the first."""
        return self.grow() if self.grow is not None else iter(())

    @property
    def whole_value(self) -> str:
        """The value uncut."""
        return self.whole() if self.whole is not None else self.value

    @property
    def json_text(self) -> str:
        """The value as JSON text: as it was written, or a string for what is no JSON."""
        return self.json() if self.json is not None else json_text.quoted(self.whole_value)


@dataclass(frozen=True, slots=True)
class JsonSource:
    """A JSON text to make rows of.

    `ends` is as in `json_text.children`; `severities` has the worst severity by pointer.
    `is_sent` tells that places in the text are places in the request.
    """

    text: str
    ends: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    is_sent: bool = True


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a source: its node there, the parsed value (for sizes), and its pointer."""

    source: JsonSource
    node: json_text.Node
    parsed: Any
    at: str

    @property
    def literal(self) -> str:
        """Its JSON text as it was written."""
        return self.source.text[self.node.value.start : self.node.value.end]

    @property
    def starts_with(self) -> str:
        """The first character, which tells what kind of value it is."""
        return self.source.text[self.node.value.start]

    @property
    def span(self) -> Span:
        """The range of its key, if it has one, and itself."""
        return Span((self.node.key or self.node.value).start, self.node.value.end)

    def members(self) -> Iterator[Value]:
        """The values in an object or a list; none in others."""
        for node in json_text.children(self.source.text, self.node, self.source.ends):
            step = json_text.escape_pointer(node.step)
            yield Value(self.source, node, _member(self.parsed, node), f"{self.at}/{step}")


def _member(parsed: Any, node: json_text.Node) -> Any:
    if isinstance(parsed, dict):
        return parsed.get(node.step)
    if isinstance(parsed, list) and int(node.step) < len(parsed):
        return parsed[int(node.step)]
    return None


def value_node(value: Value, label: str, *, is_property: bool = False) -> Node:
    """The row of a value, with the rows of what it holds."""
    first = value.starts_with
    text, type_, whole = _shown(value, first)
    is_container = first in "{["
    return Node(
        label,
        text,
        type_,
        "" if is_container else time_hint(value.node.step, text),
        value.at if value.source.is_sent else "",
        value.span if value.source.is_sent else None,
        value.source.severities.get(value.at),
        value.node.step if is_property else "",
        size=len(value.parsed) if isinstance(value.parsed, (dict, list)) else int(is_container),
        whole=whole,
        json=lambda: value.literal,
        grow=partial(_member_nodes, value) if is_container and _has_members(value) else None,
    )


def _has_members(value: Value) -> bool:
    text, place = value.source.text, value.node.value.start + 1
    return text[json_text.skip_blank(text, place)] not in "]}"


def _member_nodes(value: Value) -> Iterator[Node]:
    for member in value.members():
        yield value_node(member, member.node.step)


def _shown(value: Value, first: str) -> tuple[str, str, Callable[[], str]]:
    """The text of a value, its type, and how to get its text uncut."""
    span = value.node.value
    if first == '"':
        text = json_text.unquoted(value.literal)
        return text[: MAX_CELL + 1], type_of(text[:64]), lambda: json_text.unquoted(value.literal)
    cut = value.source.text[span.start : min(span.end, span.start + MAX_CELL + 1)]
    return cut, _TYPES.get(first, Type.NUMBER), lambda: value.literal


def time_hint(name: str, text: str) -> str:
    """How a time reads, for a number or a text of digits under the name of a time; else empty.

    >>> time_hint("time", "1322092800"), time_hint("created_at", "1322092800500")
    ('2011-11-24 00:00:00 UTC', '2011-11-24 00:00:00.500 UTC, in milliseconds')
    >>> time_hint("level", "1322092800")
    ''
    """
    if not name.lower().endswith(_TIME_NAMES) or len(text) > 24:
        return ""
    try:
        number = float(text)
        is_milliseconds = number >= MILLISECONDS_FROM
        seconds = number / 1000 if is_milliseconds else number
        moment = datetime.fromtimestamp(seconds, UTC) if seconds >= _EARLIEST_S else None
    except (ValueError, OverflowError, OSError):
        return ""
    if moment is None:
        return ""
    fraction = f".{moment.microsecond // 1000:03d}" if moment.microsecond else ""
    unit = ", in milliseconds" if is_milliseconds else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} UTC{unit}"
