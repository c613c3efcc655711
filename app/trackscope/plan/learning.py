"""Learns a plan from events, or widens one that there is; it accepts all that it learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from trackscope.plan.check import MAX_FINDINGS, Checker
from trackscope.plan.half_emoji import mended
from trackscope.plan.observed import Observed
from trackscope.plan.plan import Entity, Entry, Plan, is_implicit
from trackscope.plan.widening import Breach, Change, Learned, breach_of, widened

MAX_EVENTS = 5_000
"""Names of events that are learned (as many as Lexicon has)."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned: the plan, and how it differs from the one before.

    `is_complete` is False where there were more names of events than are learned.
    """

    plan: Plan
    changes: tuple[Change, ...]
    is_complete: bool


class Learning:
    """Observes events; `lesson` says what a plan for all of them is, at any time.

    What SDKs add (`token`, `$browser`, …) is not learned: it is allowed without.
    """

    def __init__(self, plan: Plan | None = None) -> None:
        self._plan = plan or Plan()
        self._checker = Checker(self._plan)
        self._events: dict[str, Observed] = {}
        self._breaches: dict[str, dict[Breach, None]] = {}
        self._is_complete = True

    def add(self, event: Any) -> None:
        """Observe an event; what is none, or what no plan could hold, is passed over.

        That is a name with half an emoji, and a number that JSON lacks.
        """
        name = event.get("event") if isinstance(event, dict) else None
        if not isinstance(name, str) or not name or is_implicit(name) or mended(name) != name:
            return
        properties = event.get("properties")
        values = mended(properties) if isinstance(properties, dict) else {}
        if not _is_json(values):
            return
        if name not in self._events and len(self._events) >= MAX_EVENTS:
            self._is_complete = False
            return
        observed = self._events.setdefault(name, Observed())
        observed.add({key: value for key, value in values.items() if not is_implicit(key)})
        findings = self._checker.findings({"event": name, "properties": values})
        breaches = self._breaches.setdefault(name, {})
        for finding in findings:
            breaches[breach_of(finding)] = None
        if len(findings) == MAX_FINDINGS:  # there may be more
            breaches[Breach("", "", True)] = None

    def lesson(self) -> Lesson:
        """What was learned so far."""
        changes: list[Change] = []
        entries = []
        for entry in self._plan.entries:
            observed = self._events.get(entry.name)
            if entry.entity is not Entity.EVENT:
                entries.append(entry)
            elif observed is None:
                changes.append(Change(Learned.MISSING, entry.name))
                entries.append(entry)
            else:
                wide, how = widened(entry, observed, self._breaches.get(entry.name, {}))
                entries.append(wide)
                changes += how
        for name in sorted(self._events.keys() - self._plan.events.keys()):
            changes.append(Change(Learned.ADDED, name))
            entries.append(Entry(Entity.EVENT, name, self._events[name].schema()))
        plan = replace(self._plan, entries=tuple(entries))
        return Lesson(plan, tuple(changes), self._is_complete)


def _is_json(value: Any) -> bool:
    """Whether there is no NaN and no Infinity in a value: nothing can be planned that has them."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, dict):
        return all(map(_is_json, value.values()))
    return not isinstance(value, list) or all(map(_is_json, value))
