"""Watches the exchanges of a run, live or of captures, for what is expected of their events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trackscope.capture.exchange import Exchange
from trackscope.plan.expectation import Expectation
from trackscope.plan.occurrence import occurrences
from trackscope.plan.outcome import Outcome
from trackscope.plan.watch import Watch
from trackscope.session.target import COLLECTOR


class RunWatch:
    """The lights of a run; for the next run, make a new one.

    What this program sent to its own collector counts where it was received. Events count
    whatever they were answered.
    """

    def __init__(self, expectations: Sequence[Expectation]) -> None:
        self._watch = Watch(expectations)
        self.events = 0
        """Events that came so far."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What has come of each expectation so far, in their order."""
        return self._watch.outcomes

    def add_all(self, exchanges: Iterable[Exchange]) -> None:
        """Take these exchanges, in the order in which they arrived."""
        for exchange in exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> tuple[Outcome, ...]:
        """Take the next exchange; the outcomes that it changed, the latest of each."""
        if exchange.target == COLLECTOR:
            return ()
        changed: dict[Expectation, Outcome] = {}
        for occurrence in occurrences(exchange, self.events + 1):
            self.events += 1
            changed |= {each.expectation: each for each in self._watch.feed(occurrence)}
        return tuple(changed.values())

    def pass_time(self, at: float) -> tuple[Outcome, ...]:
        """Take note that it is this late (seconds since 1970); the outcomes that it changed.

        Live, it is to be called about once a second.
        """
        return self._watch.pass_time(at)

    def close(self) -> tuple[Outcome, ...]:
        """End the run; the outcomes that this changed."""
        return self._watch.close()
