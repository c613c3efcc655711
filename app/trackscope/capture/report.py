"""What reading a capture came to beside its requests: nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter

NOT_TRACKING = "no tracking request"
"""Why most of a capture is passed over."""

MAX_PROBLEMS = 20
"""Sentences of each kind that are kept; those beyond are counted."""


class Report:
    """Filled while a capture is read.

    `passed_over` counts by reason (a few words) what was read and is no tracking request.
    """

    def __init__(self) -> None:
        self.passed_over: Counter[str] = Counter()
        self._parts: list[str] = []
        self._conclusions: list[str] = []
        self._beyond = 0

    @property
    def problems(self) -> list[str]:
        """Sentences on what could not be read: first on parts, last on the capture as a whole.

        With one of them the capture was not read as a whole.
        """
        beyond = [f"{self._beyond:,} more problems were found."] if self._beyond else []
        return [*self._parts, *beyond, *self._conclusions]

    @property
    def is_whole(self) -> bool:
        """Whether all of the capture was read."""
        return not (self._parts or self._conclusions)

    def pass_over(self, reason: str = NOT_TRACKING, count: int = 1) -> None:
        """Count something that was read and left out."""
        if count:
            self.passed_over[reason] += count

    def tell(self, problem: str) -> None:
        """Add a sentence on a part that could not be read, and where; the same is kept once."""
        self._add(problem, self._parts)

    def conclude(self, problem: str) -> None:
        """Add a sentence on where reading ended, or on what the capture as a whole lacks.

        However many parts had problems, it is kept.
        """
        self._add(problem, self._conclusions)

    def _add(self, problem: str, kept: list[str]) -> None:
        if problem in kept:
            return
        if len(kept) < MAX_PROBLEMS:
            kept.append(problem)
        else:
            self._beyond += 1
