"""Runs for tests: events in short, and what a watch makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trackscope.plan.expectation_reading import read_expectations
from trackscope.plan.occurrence import Occurrence, Sighting, seconds
from trackscope.plan.outcome import Outcome
from trackscope.plan.watch import Watch


def occurrence(number: int, name: str, at: float = 0.0, /, **properties: Any) -> Occurrence:
    """The event of that number, which arrived `at` in an entry of the same number."""
    time = seconds(properties.get("time"))
    return Occurrence(Sighting(number, name, at, time, f"entry {number}"), properties)


def run(*events: str | tuple[Any, ...]) -> list[Occurrence]:
    """A run of events: a name, or a name with when it arrived and its properties."""
    return [
        occurrence(number, event)
        if isinstance(event, str)
        else occurrence(number, *event[:2], **(event[2] if len(event) > 2 else {}))
        for number, event in enumerate(events, 1)
    ]


def watch(*items: dict[str, Any]) -> Watch:
    """A watch over expectations that are written without a mistake."""
    written = read_expectations(list(items))
    assert written.mistakes == ()
    return Watch(written.expectations)


def judged(item: dict[str, Any], events: Iterable[Occurrence]) -> Outcome:
    """What has come of an expectation at the end of a run."""
    watching = watch(item)
    for each in events:
        watching.feed(each)
    watching.close()
    return watching.outcomes[0]


def sentences(outcome: Outcome) -> list[str]:
    """What is said of each break that is kept."""
    return [each.sentence for each in outcome.breaks]
