"""The outcomes of expectations as text for people, as JSON, and as JUnit's sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from trackscope.plan.occurrence import Sighting
from trackscope.plan.outcome import Light, Outcome
from trackscope.wire.shown import short

MAX_TOLD = 5
"""Breaks of an expectation that the text tells; the JSON has more."""

MAX_LABEL = 200
"""Characters of an expectation that are shown."""


def outcomes_text(outcomes: Sequence[Outcome]) -> str:
    """A line for each expectation with its light, and beneath it why it is broken."""
    counts = Counter(each.light for each in outcomes)
    summed = ", ".join(f"{counts[light]:,} {light}" for light in Light if counts[light])
    lines = [f"Expectations: {summed or 'none'}."]
    for outcome in outcomes:
        lines.append(f"  {outcome.light:7}  {short(outcome.label, MAX_LABEL)}")
        lines += [f"{'':11}{sentence}" for sentence in told(outcome)]
    return "\n".join(lines)


def told(outcome: Outcome) -> Iterator[str]:
    """What is to be said of an outcome beside its light."""
    for each in outcome.breaks[:MAX_TOLD]:
        yield each.sentence
    if outcome.broken > MAX_TOLD:
        yield f"and {outcome.broken - MAX_TOLD:,} more times"
    if outcome.light is Light.WAITING:
        yield "nothing came that tells"
    if outcome.unjudged:
        yield f"{outcome.unjudged:,} could not be judged: too much came at once or between"


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """The outcome as a record for JSON, with the evidence of the first breaks."""
    return {
        "expectation": outcome.expectation.text,
        "title": outcome.expectation.title,
        "light": outcome.light.value,
        "held": outcome.held,
        "open": outcome.open,
        "broken": outcome.broken,
        "unjudged": outcome.unjudged,
        "breaks": [
            {"message": each.sentence, "events": [_sighting(event) for event in each.evidence]}
            for each in outcome.breaks
        ],
    }


def _sighting(sighting: Sighting) -> dict[str, Any]:
    return {
        "number": sighting.number,
        "event": sighting.name,
        "source": sighting.source,
        "position": sighting.place,
        "exchange": sighting.exchange,
        "at": sighting.at,
        "time": sighting.time,
    }
