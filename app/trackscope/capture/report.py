"""What reading a capture came to beside its requests: nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter

NOT_TRACKING = "no tracking request"
"""Why most of a capture is passed over."""

MAX_PROBLEMS = 20
"""Sentences that are kept; what they are about is counted further."""


class Report:
    """Filled while a capture is read.

    `passed_over` counts by reason (a few words) what was read and is no tracking request.
    `problems` are sentences for the user about what could not be read: with one of them the
    capture was not read as a whole.
    """

    def __init__(self) -> None:
        self.passed_over: Counter[str] = Counter()
        self.problems: list[str] = []

    @property
    def is_whole(self) -> bool:
        """Whether all of the capture was read."""
        return not self.problems

    def pass_over(self, reason: str = NOT_TRACKING, count: int = 1) -> None:
        """Count something that was read and left out."""
        if count:
            self.passed_over[reason] += count

    def tell(self, problem: str) -> None:
        """Add a sentence: what could not be read, and where; the same is kept once."""
        if problem not in self.problems and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
