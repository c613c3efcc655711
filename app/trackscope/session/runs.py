"""Runs of a test: each begins where somebody started over, and has a number and a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trackscope.session.row_map import Divider
from trackscope.session.time_line import moment_text


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its number from 1, the first id that can be of it, and when it began (UTC s)."""

    number: int
    first_id: int
    at: float

    @property
    def title(self) -> str:
        """What it is called: its number, and the time of day when it began."""
        return f"Run {self.number} began at {moment_text(self.at, '%H:%M:%S')}"


def begun(runs: Sequence[Run], last_id: int, at: float) -> tuple[Run, ...]:
    """The runs with a new one, which what is newer than `last_id` belongs to.

    One that nothing has come to is begun again, not kept beside it.

    >>> [run.number for run in begun(begun((), 7, 0.0), 9, 1.0)]
    [1, 2]
    """
    kept = tuple(run for run in runs if run.first_id <= last_id)
    return (*kept, Run(len(kept) + 1, last_id + 1, at))


def dividers_of(runs: Sequence[Run]) -> list[Divider]:
    """The lines that divide the runs in a list."""
    return [Divider(run.first_id, run.title) for run in runs]
