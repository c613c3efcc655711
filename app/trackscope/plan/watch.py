"""Watches a run: events are fed as they come, and every expectation has its light.

It is the same for live traffic and for captures. The order is that in which events arrive. How
far two events are apart is told by their own `time` where both have one, as SDKs send in batches,
and otherwise by when they arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from trackscope.plan.counting import Count, Possession
from trackscope.plan.expectation import (
    Counting,
    Differing,
    Expectation,
    Following,
    Having,
    Preceding,
)
from trackscope.plan.machine import Machine
from trackscope.plan.occurrence import Occurrence
from trackscope.plan.outcome import Light, Outcome
from trackscope.plan.recalling import Distinctness, Precedence
from trackscope.plan.stretches import PATIENCE_S, Stretches

MAX_NAMES = 10_000
"""Names of events for which it is remembered whom they concern."""


class Watch:
    """The expectations of a run; a further run needs a new one.

    Memory is bounded however long the run is: what had to be forgotten is counted as `unjudged`.
    """

    def __init__(self, expectations: Sequence[Expectation], patience_s: float = PATIENCE_S) -> None:
        self._machines = [_machine(each, patience_s) for each in expectations]
        self._timed = [each for each in self._machines if isinstance(each, Stretches)]
        self._concerned: dict[str, list[Machine]] = {}

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What has come of each expectation so far, in their order."""
        return tuple(each.outcome for each in self._machines)

    def feed(self, occurrence: Occurrence) -> tuple[Outcome, ...]:
        """Take the next event; the outcomes whose light or breaks it changed."""
        late = self.pass_time(occurrence.sighting.at)
        concerned = self._concerned_by(occurrence.name)
        before = [each.mark for each in concerned]
        for machine in concerned:
            machine.feed(occurrence)
        return late + _changed(concerned, before)

    def pass_time(self, at: float) -> tuple[Outcome, ...]:
        """Take note that it is this late (seconds since 1970); the outcomes that it changed.

        Whoever watches live traffic tells it now and then, as nothing may come any more.
        """
        due = [each for each in self._timed if each.due_at < at]
        before = [each.mark for each in due]
        for machine in due:
            machine.pass_time(at)
        return _changed(due, before)

    def close(self) -> tuple[Outcome, ...]:
        """Take note that the run is over; the outcomes that it changed. Nothing is fed then."""
        before = [each.mark for each in self._machines]
        for machine in self._machines:
            machine.close()
        return _changed(self._machines, before)

    def _concerned_by(self, name: str) -> list[Machine]:
        concerned = self._concerned.get(name)
        if concerned is None:
            concerned = [each for each in self._machines if each.concerns(name)]
            if len(self._concerned) < MAX_NAMES:
                self._concerned[name] = concerned
        return concerned


def _changed(
    machines: Sequence[Machine], before: Sequence[tuple[Light, int]]
) -> tuple[Outcome, ...]:
    pairs = zip(machines, before, strict=True)
    return tuple(each.outcome for each, light in pairs if each.mark != light)


def _machine(expectation: Expectation, patience_s: float) -> Machine:
    match expectation:
        case Following():
            return Stretches(expectation, patience_s)
        case Preceding():
            return Precedence(expectation)
        case Counting():
            return Count(expectation)
        case Having():
            return Possession(expectation)
        case Differing():
            return Distinctness(expectation)
    assert_never(expectation)
