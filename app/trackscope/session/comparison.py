"""Two exchanges side by side, property by property."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.json_text import Span, dumps, escape_pointer, steps
from trackscope.wire.request import TrackRequest, endpoint_of, host_of

MAX_ROWS = 20_000
"""Rows that are made of two exchanges; `Comparison.is_cut` tells that there are more."""

_MISSING = object()
_VOLATILE = frozenset(("time", "$time", "$insert_id", "$mp_metadata", "_", "date"))


class Change(StrEnum):
    """What became of a value from A to B."""

    SAME = "same"
    CHANGED = "changed"
    ONLY_A = "only in A"
    ONLY_B = "only in B"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of A beside that of B, each as JSON text (empty where there is none).

    `section` is what it belongs to ("Event 2 · game"), `pointer` leads to it there.
    """

    section: str
    pointer: str
    change: Change
    a: str
    b: str

    @property
    def label(self) -> str:
        """The way to the value in words: `cart › 0 › price`."""
        way = steps(self.pointer)
        return " › ".join(way[1:] if way[0] == "properties" and len(way) > 1 else way)

    @property
    def is_volatile(self) -> bool:
        """Whether it is another each time by its nature: a time, an id, the SDK's own fields."""
        way = steps(self.pointer)
        name = way[1] if way[0] == "properties" and len(way) > 1 else way[0]
        return name.lower() in _VOLATILE or name.startswith(("mp_", "$mp_"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was compared, in the order of A, what only B has behind it."""

    rows: tuple[Difference, ...]
    is_cut: bool = False

    @property
    def sentence(self) -> str:
        """The counts in words: `3 changed, 1 only in A · 14 the same`."""
        counts = {change: sum(row.change is change for row in self.rows) for change in Change}
        same = counts.pop(Change.SAME)
        parts = [f"{count:,} {change}" for change, count in counts.items() if count]
        text = f"{', '.join(parts) or 'No difference'} · {same:,} the same"
        return f"{text} · the first {MAX_ROWS:,} values" if self.is_cut else text


def compare(a: Exchange, b: Exchange) -> Comparison:
    """Compare request, parameters, events, answer and headers of two exchanges.

    Events are paired by `$insert_id` where both have it, else by name and order. Types count:
    1 and "1" are a change; 1 and 1.0 are the same number.
    """
    rows = tuple(islice(_rows(a, b), MAX_ROWS + 1))
    return Comparison(rows[:MAX_ROWS], len(rows) > MAX_ROWS)


def compare_values(a: Any, b: Any, section: str = "") -> list[Difference]:
    """Every leaf of two values, paired by pointer; at most `MAX_ROWS` of them."""
    return list(islice(_values(a, b, section, ""), MAX_ROWS))


def changed_parts(a: str, b: str) -> tuple[Span, Span]:
    """The range in each text that is not the same, after the same beginning and before the same
    end.

    >>> changed_parts("user-42", "user-7")
    (Span(start=5, end=7), Span(start=5, end=6))
    """
    least = min(len(a), len(b))
    start = next((place for place in range(least) if a[place] != b[place]), least)
    rest = least - start
    tail = next((back for back in range(rest) if a[-1 - back] != b[-1 - back]), rest)
    return Span(start, len(a) - tail), Span(start, len(b) - tail)


def _rows(a: Exchange, b: Exchange) -> Iterator[Difference]:
    one, other = decode(a.request), decode(b.request)
    yield from _values(_line(a.request), _line(b.request), "Request", "")
    yield from _values(_params(one), _params(other), "Parameters", "")
    yield from _events(one, other)
    for section, of_a, of_b in (
        ("Answer", _answer(a), _answer(b)),
        ("Headers", _headers(a.request.headers), _headers(b.request.headers)),
    ):
        if of_a or of_b:
            yield from _values(of_a, of_b, section, "")


def _line(request: TrackRequest) -> dict[str, Any]:
    return {
        "method": request.method,
        "host": host_of(request),
        "endpoint": endpoint_of(request),
    }


def _params(decoded: Decoded) -> dict[str, Any]:
    found: dict[str, Any] = {"transport": decoded.transport}
    for param in decoded.params:
        if param.name != "data":
            found.setdefault(param.name, param.value)
    return found


def _answer(exchange: Exchange) -> dict[str, Any]:
    if exchange.reply is None:
        return {"verdict": exchange.predicted} if exchange.failure is None else {}
    body = exchange.reply.body.decode("utf-8", "backslashreplace")
    return {"verdict": exchange.verdict, "status": exchange.reply.status, "body": body}


def _headers(headers: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in headers:
        found.setdefault(name.lower(), value)
    return found


def _events(one: Decoded, other: Decoded) -> Iterator[Difference]:
    if one.events is None or other.events is None:
        yield from _values({"data": one.data}, {"data": other.data}, "Payload", "")
        return
    for a, b in paired(one.events, other.events):
        index = a if a is not None else b
        assert index is not None
        events = one.events if a is not None else other.events
        name = _name(events[index])
        is_alone = len(one.events) == len(other.events) == 1
        section = f"Event · {name}" if is_alone else f"Event {index + 1:,} · {name}"
        yield from _values(
            _MISSING if a is None else one.events[a],
            _MISSING if b is None else other.events[b],
            section,
            "",
        )


def paired(a: Sequence[Any], b: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """The places of events that belong together: those of A in order, then what only B has.

    Two single events belong together whatever their names.
    """
    if len(a) == len(b) == 1:
        return [(0, 0)]
    partner: dict[int, int] = {}
    free = set(range(len(b)))
    for key in (_insert_id, _name):
        waiting: defaultdict[str, deque[int]] = defaultdict(deque)
        for index in sorted(free):
            if key(b[index]):
                waiting[key(b[index])].append(index)
        for index, event in enumerate(a):
            if index not in partner and waiting.get(key(event)):
                partner[index] = waiting[key(event)].popleft()
                free.discard(partner[index])
    pairs: list[tuple[int | None, int | None]] = [(at, partner.get(at)) for at in range(len(a))]
    return pairs + [(None, index) for index in sorted(free)]


def _name(event: Any) -> str:
    name = event.get("event") if isinstance(event, dict) else None
    return name if isinstance(name, str) else "no name"


def _insert_id(event: Any) -> str:
    properties = event.get("properties") if isinstance(event, dict) else None
    found = properties.get("$insert_id") if isinstance(properties, dict) else None
    return found if isinstance(found, str) else ""


def _values(a: Any, b: Any, section: str, pointer: str) -> Iterator[Difference]:
    """The leaves of two values; a value that one side does not have is taken apart all the same."""
    both = [each for each in (a, b) if each is not _MISSING]
    is_alike = all(isinstance(each, dict) for each in both) or all(
        isinstance(each, list) for each in both
    )
    if not is_alike or not any(both):  # an empty object or list is a leaf
        yield Difference(section, pointer or "/", _change(a, b), _text(a), _text(b))
        return
    one, other = _members(a), _members(b)
    for key in [*one, *(key for key in other if key not in one)]:
        inner = one.get(key, _MISSING), other.get(key, _MISSING)
        yield from _values(*inner, section, f"{pointer}/{escape_pointer(key)}")


def _members(value: Any) -> dict[str, Any]:
    """What an object or a list holds, by key or by number; nothing where there is no value."""
    if isinstance(value, dict):
        return value
    return {str(index): each for index, each in enumerate(value)} if value is not _MISSING else {}


def _change(a: Any, b: Any) -> Change:
    if a is _MISSING:
        return Change.ONLY_B
    if b is _MISSING:
        return Change.ONLY_A
    is_same = a == b and isinstance(a, bool) == isinstance(b, bool)
    # NaN is not equal to itself, but written the same.
    return Change.SAME if is_same or _text(a) == _text(b) else Change.CHANGED


def _text(value: Any) -> str:
    return "" if value is _MISSING else dumps(value)
