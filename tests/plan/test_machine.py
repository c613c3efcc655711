"""What all machines behind a light have in common."""

from __future__ import annotations

from tests.plan.runs import judged, run

from trackscope.plan.machine import MAX_BREAKS, MAX_EVIDENCE
from trackscope.plan.outcome import Light


def test_the_first_breaks_are_kept_and_all_are_counted() -> None:
    outcome = judged({"never": "A"}, run(*["A"] * (MAX_BREAKS + 7)))
    assert outcome.broken == MAX_BREAKS + 7
    assert [each.evidence[0].number for each in outcome.breaks] == [*range(1, MAX_BREAKS + 1)]


def test_the_evidence_of_a_break_is_bounded() -> None:
    run_ = run("A", *["B"] * 50, "A")
    (found,) = judged({"after": "A", "at most": 40, "event": "B"}, run_).breaks
    assert len(found.evidence) == MAX_EVIDENCE


def test_what_holds_later_does_not_mend_what_was_broken() -> None:
    outcome = judged({"after": "A", "event": "B"}, run("A", "A", "B"))
    assert (outcome.light, outcome.held, outcome.broken) == (Light.BROKEN, 1, 1)
