"""Exchanges over time: how many of each outcome in equal steps, and that in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trackscope.history.overview import Bucket, Timeline
from trackscope.session.progress import counted

_INSTANT_S = 0.001
"""How long the last exchange of a time line lasts: it is on it."""


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Steps of `step_s` seconds from `start_s` (seconds since 1970) on; none without exchanges."""

    start_s: float = 0.0
    step_s: float = 1.0
    steps: tuple[Bucket, ...] = ()

    @classmethod
    def of(cls, line: Timeline) -> TimeLine:
        """What a history tells; one step where all happened at one moment."""
        length = line.to_at - line.from_at
        if not line.buckets or not length > 0:
            return cls(line.from_at, 1.0, line.buckets[:1])
        return cls(line.from_at, (length + _INSTANT_S) / len(line.buckets), line.buckets)

    @property
    def end_s(self) -> float:
        """Where the last step ends."""
        return self.start_s + self.step_s * len(self.steps)

    def time_of(self, number: int) -> float:
        """When a step begins."""
        return self.start_s + self.step_s * number

    def between(self, first: int, last: int) -> Bucket:
        """What is in the steps from `first` to `last`, both included."""
        found = self.steps[first : last + 1]
        return Bucket(
            sum(step.ones for step in found),
            sum(step.zeros for step in found),
            sum(step.others for step in found),
        )


def described(line: TimeLine) -> str:
    """The whole time line in a sentence, for those who do not see it."""
    if not line.steps:
        return "No exchanges."
    whole = line.between(0, len(line.steps) - 1)
    return f"{range_text(line, 0, len(line.steps) - 1)}: {counts_text(whole)}."


def range_text(line: TimeLine, first: int, last: int) -> str:
    """From when to when the steps reach, in local time, as exactly as the steps are.

    >>> line = TimeLine(0.0, 60.0, (Bucket(1),) * 3)
    >>> range_text(line, 0, 0).count(":")
    2
    """
    start, end = line.time_of(first), line.time_of(last + 1)
    day = moment_text(start, "%Y-%m-%d ") if line.end_s - line.start_s > 86_400 else ""
    pattern = "%H:%M" if line.step_s >= 60 else "%H:%M:%S"
    until = moment_text(end, "%Y-%m-%d ") if day else ""
    return f"{day}{moment_text(start, pattern)} to {until}{moment_text(end, pattern)}"


def counts_text(step: Bucket) -> str:
    """Counts by outcome; outcomes that there are none of are left out.

    >>> counts_text(Bucket(1200, 3))
    '1,203 requests, 1,200 with 1, 3 with 0'
    """
    parts = [counted(total(step), "request")]
    for count, words in ((step.ones, "with 1"), (step.zeros, "with 0"), (step.others, "neither")):
        if count:
            parts.append(f"{count:,} {words}")
    return ", ".join(parts)


def total(step: Bucket) -> int:
    """All exchanges of a step."""
    return step.ones + step.zeros + step.others


def moment_text(at: float, pattern: str) -> str:
    """A moment in local time; a question mark where it is none that a calendar has."""
    try:
        return datetime.fromtimestamp(at).strftime(pattern)
    except (OverflowError, ValueError, OSError):
        return "?"
