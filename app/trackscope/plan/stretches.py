"""Holds "after this, so much of that" against a run: each trigger opens a stretch of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from math import inf

from trackscope.plan.expectation import Following, duration, listed
from trackscope.plan.machine import MAX_EVIDENCE, Machine
from trackscope.plan.occurrence import Occurrence, Sighting, described, elapsed_s, key_of

MAX_OPEN = 10_000
"""Stretches that may be open at once; for one more, the oldest is left unjudged."""

PATIENCE_S = 10.0
"""How much later than `within` allows an event may arrive: SDKs send in batches."""


@dataclass(slots=True)
class _Stretch:
    """The part of the run after a trigger, as long as what follows it counts.

    `near` is the last event that would have counted, but for the reason behind it.
    """

    trigger: Sighting
    count: int = 0
    found: list[Sighting] = field(default_factory=list)
    near: tuple[Sighting, str] | None = None


class Stretches(Machine):
    """Counts what comes after each trigger, by the values that are the same.

    A stretch ends when an event of these values comes too late by its own time, when nothing can
    arrive in time any more (`patience_s` after that), with the next trigger, or with the run.
    """

    def __init__(
        self, expectation: Following, patience_s: float = PATIENCE_S, limit: int = MAX_OPEN
    ) -> None:
        super().__init__(expectation)
        self._expectation = expectation
        self._limit = limit
        self._lasting_s = (
            None if expectation.within_s is None else expectation.within_s + patience_s
        )
        self._open: OrderedDict[Hashable, _Stretch] = OrderedDict()
        self.due_at = inf
        """When `pass_time` may have something to end, at the earliest."""

    def concerns(self, name: str) -> bool:
        return name in self._expectation.trigger or name in self._expectation.wanted.names

    def feed(self, occurrence: Occurrence) -> None:
        key = key_of(occurrence.properties, self._expectation.same)
        if occurrence.name in self._expectation.wanted.names:
            self._count(occurrence, key)
        if occurrence.name in self._expectation.trigger:
            self._begin(occurrence.sighting, key)

    def pass_time(self, at: float) -> None:
        while self._open and self._lasting_s is not None:
            key, stretch = next(iter(self._open.items()))
            self.due_at = stretch.trigger.at + self._lasting_s
            if at <= self.due_at:
                return
            self._end(key, "")
        self.due_at = inf

    def close(self) -> None:
        for key in list(self._open):
            self._end(key, "before the end of the run")

    @property
    def open_count(self) -> int:
        return len(self._open)

    def _begin(self, trigger: Sighting, key: Hashable | None) -> None:
        if key is None:
            lacking = listed(self._expectation.same)
            self._break(f"{described(trigger)} lacks {lacking}", trigger)
            return
        if key in self._open:
            self._end(key, f"before {described(trigger)}", trigger)
        if len(self._open) >= self._limit:
            self._open.popitem(last=False)
            self._unjudged += 1
        self._open[key] = _Stretch(trigger)
        if self._lasting_s is not None:
            self.due_at = min(self.due_at, trigger.at + self._lasting_s)

    def _count(self, occurrence: Occurrence, key: Hashable | None) -> None:
        stretch = None if key is None else self._open.get(key)
        if key is None or stretch is None:
            self._note_near(occurrence)
            return
        objection = self._expectation.wanted.objection(occurrence)
        after_s = elapsed_s(stretch.trigger, occurrence.sighting)
        within_s = self._expectation.within_s
        if objection:
            stretch.near = (occurrence.sighting, f"in {described(occurrence.sighting)} {objection}")
        elif within_s is not None and abs(after_s) > within_s:
            far = f"{duration(abs(after_s))} {'after' if after_s > 0 else 'before'} it"
            stretch.near = (occurrence.sighting, f"{described(occurrence.sighting)} was {far}")
            self._end(key, "")
        else:
            self._add(stretch, occurrence.sighting, key)

    def _add(self, stretch: _Stretch, sighting: Sighting, key: Hashable) -> None:
        stretch.count += 1
        if len(stretch.found) < MAX_EVIDENCE:
            stretch.found.append(sighting)
        quantity = self._expectation.quantity
        is_too_many = quantity.most is not None and stretch.count > quantity.most
        is_enough = quantity.most is None and stretch.count >= quantity.least
        if is_too_many or is_enough:
            self._end(key, "")

    def _note_near(self, occurrence: Occurrence) -> None:
        """Tell the last trigger of an event that has not its values, where it waits for one."""
        stretch = next(reversed(self._open.values()), None)
        if stretch is not None and not stretch.count and stretch.near is None:
            other = f"{described(occurrence.sighting)} has another {listed(self._expectation.same)}"
            stretch.near = (occurrence.sighting, other)

    def _end(self, key: Hashable, until: str, *further: Sighting) -> None:
        """Judge a stretch; `until` says what ended it, where it was not the time."""
        stretch = self._open.pop(key)
        quantity, wanted = self._expectation.quantity, self._expectation.wanted
        if stretch.count in quantity:
            self._held += 1
            return
        limit = self._expectation.within_s
        within = "" if limit is None else f" within {duration(limit)}"
        count = f"{stretch.count:,}" if stretch.count else "no"
        sentence = f"{count} {wanted.text} came{within} after {described(stretch.trigger)}"
        if until and stretch.count < quantity.least:
            sentence = f"{sentence} {'and ' if within else ''}{until}"
        if stretch.count or quantity.least != 1:
            sentence = f"{sentence}: expected {quantity.text}"
        evidence = [stretch.trigger, *stretch.found]
        if stretch.near is not None and stretch.count < quantity.least:
            sighting, remark = stretch.near
            sentence = f"{sentence}; {remark}"
            evidence.append(sighting)
        self._break(sentence, *evidence, *further)
