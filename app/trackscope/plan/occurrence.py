"""Events as they happened in a run: what expectations are held against."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.wire.decoding import decode
from trackscope.wire.endpoint import Kind, kind_of
from trackscope.wire.glance import glance
from trackscope.wire.json_text import dumps
from trackscope.wire.request import TrackRequest
from trackscope.wire.shown import short

MILLISECONDS_FROM = 1e11
"""From here on a `time` is in milliseconds: as seconds it would be after the year 5000."""

MAX_KEY = 100
"""Characters of a value that are kept to tell it from others; of a longer one it is a hash."""

FAR = 1e15
"""From here on a `time` is nonsense, even in milliseconds."""

_DIGITS = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sighting:
    """That an event came: enough to find it again, and small.

    `number` counts the events of the run from 1. `at` is when its request was sent or received,
    `time` what the event itself says (both in seconds since 1970); None where it says nothing that
    can be read. `place` leads to it in words ("entry 3, event 2"), in the capture `source`; it is
    of the exchange with this id in a history.
    """

    number: int
    name: str
    at: float
    time: float | None = None
    place: str = ""
    source: str = ""
    exchange: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event of a run: that it came, and what it carried."""

    sighting: Sighting
    properties: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The event's name; what is said of it is about its `sighting`."""
        return self.sighting.name


def occurrences(exchange: Exchange, first: int = 1) -> Iterator[Occurrence]:
    """The events that an exchange carries, numbered from `first`, whatever was answered.

    Profiles and groups are no events, and neither is a record without a name; a payload that
    cannot be read has none.
    """
    request = exchange.request
    if request.method == "OPTIONS":  # it only asks whether they may come
        return
    events = _records(request)
    if kind_of(request, events) is not Kind.EVENTS:
        return
    number = first
    for index, event in enumerate(events):
        name = event.get("event") if isinstance(event, dict) else None
        if not isinstance(name, str):
            continue
        place = exchange.position or (f"exchange {exchange.id}" if exchange.id else "")
        if len(events) > 1:
            place = f"{place}, event {index + 1}".removeprefix(", ")
        found = event.get("properties")
        properties = found if isinstance(found, dict) else {}
        time = seconds(properties.get("time"))
        sighting = Sighting(number, name, exchange.at, time, place, exchange.source, exchange.id)
        yield Occurrence(sighting, properties)
        number += 1


def elapsed_s(earlier: Sighting, later: Sighting) -> float:
    """Seconds from one event to the next; less than 0 where that claims to be the earlier.

    Where both say their `time`, it is by that, as events of a batch arrive together; otherwise by
    arrival. One clock is never held against the other.
    """
    if earlier.time is not None and later.time is not None:
        return later.time - earlier.time
    return later.at - earlier.at


def is_given(value: Any) -> bool:
    """Whether a property with this value says anything: null and an empty text do not."""
    return value is not None and value != ""


def key_of(properties: Mapping[str, Any], names: tuple[str, ...]) -> Hashable | None:
    """What events with the same values of these properties have in common; None if one lacks any.

    Types count: 1 and "1" are two values. 1 and 1.0 are one number.
    """
    key: list[Hashable] = []
    for name in names:
        value = properties.get(name)
        if not is_given(value):
            return None
        is_plain = type(value) is int or (type(value) is str and len(value) <= MAX_KEY)
        key.append(value if is_plain else _key(value))
    return tuple(key)


def _key(value: Any) -> Hashable:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    text = dumps(value)
    return text if len(text) <= MAX_KEY else hash(text), type(value).__name__


def seconds(time: Any) -> float | None:
    """A property `time` in seconds since 1970; None for what is no number.

    >>> seconds(1322092800), seconds("1322092800"), seconds(1322092800500), seconds("today")
    (1322092800.0, 1322092800.0, 1322092800.5, None)
    """
    is_number = isinstance(time, int | float) and not isinstance(time, bool)
    if not (is_number and abs(time) < FAR) and not (isinstance(time, str) and _DIGITS.match(time)):
        return None
    number = float(time)
    return number / 1000 if number >= MILLISECONDS_FROM else number


def described(sighting: Sighting) -> str:
    """The event in a sentence: `Checkout (shop.har, entry 3)`, by its number if it has no place."""
    place = sighting.place or f"event {sighting.number:,}"
    source = f"{short(sighting.source)}, " if sighting.source else ""
    return f"{short(sighting.name)} ({source}{place})"


def _records(request: TrackRequest) -> tuple[Any, ...]:
    seen = glance(request)
    return tuple(seen.events) if seen is not None else decode(request).events or ()
