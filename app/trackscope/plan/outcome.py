"""What has come of an expectation so far: a light with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trackscope.plan.expectation import Expectation
from trackscope.plan.occurrence import Sighting


class Light(StrEnum):
    """The light of an expectation."""

    WAITING = "waiting"
    """Nothing tells yet, or something is still to come; after the run: nothing came to tell."""
    MET = "met"
    """It holds, so far as the run went."""
    BROKEN = "broken"
    """It did not hold at least once."""


@dataclass(frozen=True, slots=True)
class Break:
    """That an expectation did not hold once: why, and the events that show it, in order."""

    sentence: str
    evidence: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An expectation at a moment of the run.

    `held` and `broken` count how often it did and did not hold, `open` what is not decided yet,
    and `unjudged` what never will be, as too much was open at once or too long ago. `breaks` are
    the first of the broken ones.
    """

    expectation: Expectation
    light: Light
    held: int = 0
    open: int = 0
    broken: int = 0
    unjudged: int = 0
    breaks: tuple[Break, ...] = ()

    @property
    def label(self) -> str:
        """What the light is called: the title that was given, or the expectation in words."""
        return self.expectation.title or self.expectation.text
