"""An exchange judged again, by another rule book or as of another moment, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from trackscope.capture.exchange import Exchange
from trackscope.wire.era import RuleBook, era_named, rule_book
from trackscope.wire.finding import Finding
from trackscope.wire.rules import Verdict, judge


@dataclass(frozen=True, slots=True)
class Rejudged:
    """An exchange as `book` judges it when it arrives at `at` (seconds since 1970).

    `before` is the verdict of its own rule book as of its own time, `after` the new one. `come`
    are the findings that only the new one has, `gone` those that only the old one had, `weighed`
    those of both that are not as severe as they were, the old one first.
    """

    book: RuleBook
    at: float
    before: Verdict
    after: Verdict
    come: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    weighed: tuple[tuple[Finding, Finding], ...]

    @property
    def is_other(self) -> bool:
        """Whether the verdict is another one, or on other records of the request."""
        before, after = self.before, self.after
        return (before.value, before.logged) != (after.value, after.logged)


def rejudge(exchange: Exchange, book: RuleBook, at: float) -> Rejudged:
    """Judge an exchange by a rule book as if it arrived at `at`; nothing of it is changed.

    What was found when several requests were received (`event.duplicate`, `test.rate`) is no
    part of it: another rule book would have met other requests.
    """
    own = rule_book(era_named(exchange.era).name, exchange.strict)
    own_at = exchange.at if isfinite(exchange.at) else at
    before = judge(exchange.request, own, own_at)
    after = judge(exchange.request, book, at, before.decoded)
    earlier = {_key(each): each for each in before.findings}
    weighed = (
        (earlier[_key(each)], each)
        for each in after.findings
        if _key(each) in earlier and earlier[_key(each)].severity is not each.severity
    )
    return Rejudged(
        book,
        at,
        before,
        after,
        _only(after.findings, before.findings),
        _only(before.findings, after.findings),
        tuple(weighed),
    )


def difference(judged: Rejudged) -> str:
    """How the new verdict differs from the old one, in a sentence.

    >>> from trackscope.capture.exchange import Exchange, Origin
    >>> from trackscope.wire.request import TrackRequest
    >>> exchange = Exchange(TrackRequest("GET", "http://h/track"), Origin.RECEIVED, 0)
    >>> difference(rejudge(exchange, rule_book("current"), 0))
    "By the service's reference of today it would be 0 as well."
    """
    before, after = judged.before, judged.after
    strict = ", strictly," if judged.book.is_strict else ""
    start = f"By {judged.book.era.title}{strict} it would be"
    if before.value == after.value:
        if not judged.is_other:
            return f"{start} {after.value} as well."
        of = len(after.decoded.events or ())
        return f"{start} {after.value} as well, but {len(after.logged)} of {of} would be logged."
    reason = after.reason
    why = f": {reason.message}" if reason is not None and not after.value else ""
    return f"{start} {after.value}, not {before.value}{why}."


def _only(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    keys = {_key(each) for each in others}
    return tuple(each for each in findings if _key(each) not in keys)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.at
