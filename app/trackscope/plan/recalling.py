"""Holds expectations against a run that look back: at what came before, and what came twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from trackscope.plan.expectation import Differing, Preceding, duration, listed
from trackscope.plan.machine import Machine
from trackscope.plan.occurrence import Occurrence, Sighting, described, elapsed_s, key_of
from trackscope.plan.wording import SECRETS
from trackscope.wire.json_text import dumps
from trackscope.wire.shown import short

MAX_REMEMBERED = 200_000
"""Different values of `same` and `never twice` that are remembered, the last ones."""


class Precedence(Machine):
    """Whether what is to come before an event has come, by the values that are the same."""

    def __init__(self, expectation: Preceding, remembered: int = MAX_REMEMBERED) -> None:
        super().__init__(expectation)
        self._expectation = expectation
        self._seen = _Last(remembered)

    def concerns(self, name: str) -> bool:
        return name in self._expectation.trigger or name in self._expectation.wanted.names

    def feed(self, occurrence: Occurrence) -> None:
        expectation = self._expectation
        key = key_of(occurrence.properties, expectation.same)
        if occurrence.name in expectation.trigger:
            self._judge(occurrence.sighting, key)
        if key is None or occurrence.name not in expectation.wanted.names:
            return
        if not expectation.wanted.objection(occurrence):
            self._seen.put(key, occurrence.sighting)

    def _judge(self, trigger: Sighting, key: Hashable | None) -> None:
        what = self._expectation.wanted.text
        if key is None:
            self._break(f"{described(trigger)} lacks {listed(self._expectation.same)}", trigger)
            return
        seen = self._seen.get(key)
        within_s = self._expectation.within_s
        if seen is None and self._seen.has_forgotten:
            self._unjudged += 1
        elif seen is None:
            self._break(f"no {what} came before {described(trigger)}", trigger)
        elif within_s is not None and abs(early_s := elapsed_s(seen, trigger)) > within_s:
            far = f"{duration(abs(early_s))} {'before' if early_s > 0 else 'after'}"
            self._break(f"the last {what} was {far} {described(trigger)}", seen, trigger)
        else:
            self._held += 1


class Distinctness(Machine):
    """Whether values that are to differ from event to event do."""

    def __init__(self, expectation: Differing, remembered: int = MAX_REMEMBERED) -> None:
        super().__init__(expectation)
        self._expectation = expectation
        self._seen = _Last(remembered)

    def concerns(self, name: str) -> bool:
        return name in self._expectation.names

    def feed(self, occurrence: Occurrence) -> None:
        names = self._expectation.properties
        key = key_of(occurrence.properties, names)
        if key is None:
            return
        seen = self._seen.get(key)
        if seen is None:
            self._held += 1
            self._unjudged += self._seen.has_forgotten
            self._seen.put(key, occurrence.sighting)
            return
        values = listed(tuple(_shown(name, occurrence.properties[name]) for name in names))
        sentence = f"{described(occurrence.sighting)} has the same {values}"
        self._break(f"{sentence} as {described(seen)}", seen, occurrence.sighting)


def _shown(name: str, value: Any) -> str:
    """A property with its value, but for a secret one."""
    return name if name.lower() in SECRETS else f"{name} {short(dumps(value))}"


class _Last:
    """The last sightings, by key; where there are too many, the oldest is forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sightings: OrderedDict[Hashable, Sighting] = OrderedDict()
        self.has_forgotten = False

    def get(self, key: Hashable) -> Sighting | None:
        """The last sighting with the key, if it is remembered."""
        return self._sightings.get(key)

    def put(self, key: Hashable, sighting: Sighting) -> None:
        """Remember the sighting as the last one with the key."""
        self._sightings[key] = sighting
        self._sightings.move_to_end(key)
        if len(self._sightings) > self._limit:
            self._sightings.popitem(last=False)
            self.has_forgotten = True
