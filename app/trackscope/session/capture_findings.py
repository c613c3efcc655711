"""The findings on a capture itself: what it lacks of a request, what was changed to read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Finding

INCOMPLETE = "capture.incomplete"
CHANGED = "capture.changed"


def findings_on(
    problem: str, notes: Iterable[str], told: Iterable[Finding], book: RuleBook
) -> Iterator[Finding]:
    """What the capture lacks, the rules' findings, and what was changed to read it.

    That `data` is missing is no fault of a request of which only the capture lacks the rest.
    """
    if problem:
        yield Finding(INCOMPLETE, book.severities[INCOMPLETE], "", problem)
    for finding in told:
        if not (problem and finding.rule == "data.missing"):
            yield finding
    for note in notes:
        yield Finding(CHANGED, book.severities[CHANGED], "", note)
