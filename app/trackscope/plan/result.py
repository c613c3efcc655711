"""What traffic came to against a plan: every event with its state, and the findings in groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trackscope.plan.finding import PlanFinding


class State(StrEnum):
    """What became of an event of the plan, or of one that is not in it."""

    WRONG = "wrong"
    """It came, and not always as planned."""
    UNPLANNED = "unplanned"
    MISSING = "missing"
    SEEN = "seen"
    """It came, always as planned."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen first: the exchange, and which of its events.

    `position` is where in its source a capture's exchange stands; `exchange` is the number of one
    in a history.
    """

    source: str = ""
    position: str = ""
    index: int = 0
    exchange: int | None = None

    def __str__(self) -> str:
        """The place in words: `shop.har, entry 3, event 2`."""
        where = self.position or (f"exchange {self.exchange}" if self.exchange else "")
        return ", ".join(filter(None, (self.source, where, f"event {self.index + 1}")))


@dataclass(frozen=True, slots=True)
class EventResult:
    """An event by its name: how often it came, and how often not as planned."""

    name: str
    state: State
    count: int = 0
    wrong: int = 0
    first: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one rule on one property of one event: how many, and the first of them."""

    finding: PlanFinding
    count: int
    first: Evidence

    @property
    def sentence(self) -> str:
        """The rule, what is wrong, how often, and where first."""
        return f"{self.finding.rule}: {self.finding.message} {_seen(self.count, self.first)}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Requests that were answered 0 or deserve it, by the rule that says why."""

    rule: str
    message: str
    count: int
    first: Evidence

    @property
    def sentence(self) -> str:
        """The rule, what is wrong, how often, and where first."""
        return f"{self.rule}: {self.message} {_seen(self.count, self.first)}"


@dataclass(frozen=True, slots=True)
class Result:
    """What all that was checked came to.

    `events` are those of the plan in its order, then the unplanned ones as they came; `groups` the
    findings as they came first. `records` are the events that were checked, `unreadable` the
    requests whose payload could not be read. `is_complete` is False where so many different names
    or findings came that some share a line.
    """

    events: tuple[EventResult, ...] = ()
    groups: tuple[Group, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    records: int = 0
    unreadable: int = 0
    is_complete: bool = True

    def in_state(self, state: State) -> tuple[EventResult, ...]:
        """The events in one state."""
        return tuple(each for each in self.events if each.state is state)

    @property
    def has_finding(self) -> bool:
        """Whether something was wrong, unplanned, refused or unreadable: missing is no finding."""
        return bool(self.groups or self.refusals or self.unreadable)


def _seen(count: int, first: Evidence) -> str:
    times = "" if count == 1 else f"{count:,} times, first "
    return f"({times}{first})"
