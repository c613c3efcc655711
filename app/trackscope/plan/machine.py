"""What stands behind the light of an expectation: it is fed the events of a run, one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod

from trackscope.plan.expectation import Expectation
from trackscope.plan.occurrence import Occurrence, Sighting
from trackscope.plan.outcome import Break, Light, Outcome

MAX_BREAKS = 100
"""Breaks of an expectation that are kept with their evidence; the others are counted."""

MAX_EVIDENCE = 10
"""Events that are kept as the evidence of a break."""


class Machine(ABC):
    """Holds one expectation against a run, and counts how often it did and did not hold."""

    def __init__(self, expectation: Expectation) -> None:
        self._of = expectation
        self._held = self._broken = self._unjudged = 0
        self._breaks: list[Break] = []

    @abstractmethod
    def concerns(self, name: str) -> bool:
        """Whether an event of this name may change anything."""

    @abstractmethod
    def feed(self, occurrence: Occurrence) -> None:
        """Take the next event of the run that is of concern."""

    def pass_time(self, at: float) -> None:  # noqa: B027 (time does nothing to most)
        """Take note that it is this late where the events arrive (seconds since 1970)."""

    def close(self) -> None:  # noqa: B027 (nor does the end)
        """Take note that the run is over."""

    @property
    def is_met(self) -> bool:
        """Whether it holds so far, while nothing is broken."""
        return self._held > 0 and not self.open_count

    @property
    def open_count(self) -> int:
        """How much is not decided yet."""
        return 0

    @property
    def mark(self) -> tuple[Light, int]:
        """Its light, and how often it was broken: what a watcher is told the changes of."""
        if self._broken:
            return Light.BROKEN, self._broken
        return Light.MET if self.is_met else Light.WAITING, 0

    @property
    def outcome(self) -> Outcome:
        """What has come of it so far."""
        return Outcome(
            self._of,
            self.mark[0],
            self._held,
            self.open_count,
            self._broken,
            self._unjudged,
            tuple(self._breaks),
        )

    def _break(self, sentence: str, *evidence: Sighting) -> None:
        """Note that it did not hold, and what shows it."""
        self._broken += 1
        if len(self._breaks) < MAX_BREAKS:
            self._breaks.append(Break(sentence, evidence[:MAX_EVIDENCE]))
