"""The rules: a list of small functions from a decoded request to findings.

`judge` asks them all. A rule yields `Raw` findings; the rule book gives them their severity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.endpoint import Kind, kind_of
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules.case import Case, Raw
from trackscope.wire.rules.event import event_rules
from trackscope.wire.rules.parameter import parameter_rules
from trackscope.wire.rules.payload import payload_rules
from trackscope.wire.rules.profile import profile_rules
from trackscope.wire.rules.sdk import sdk_rules
from trackscope.wire.shown import printable

MAX_FINDINGS = 10_000
"""Findings of a kind (payload, events, parameters) that are told: no one reads more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a request deserves: 1 or 0, the findings in reading order, what they were made from.

    Of a request with more faults than anyone reads, not all are told; the first error always is.
    """

    value: int
    findings: tuple[Finding, ...]
    decoded: Decoded

    @property
    def reason(self) -> Finding | None:
        """The first error: why it is 0."""
        return next((each for each in self.findings if each.severity is Severity.ERROR), None)


def judge(
    request: TrackRequest, book: RuleBook, now: float, decoded: Decoded | None = None
) -> Verdict:
    """The verdict of a rule book on a request that arrives at `now` (seconds since 1970).

    Any error makes the whole request 0 (decisions, "Judging").
    """
    case = Case(request, decoded or decode(request), book, now)
    findings = tuple(_findings(case))
    is_bad = any(each.severity is Severity.ERROR for each in findings)
    return Verdict(0 if is_bad else 1, findings, case.decoded)


def _findings(case: Case) -> Iterator[Finding]:
    for rules in (payload_rules, _record_rules, sdk_rules, parameter_rules):
        yield from _bounded(_finding(raw, case) for raw in rules(case))


def _record_rules(case: Case) -> Iterator[Raw]:
    kind = kind_of(case.request, case.decoded.events or ())
    return event_rules(case) if kind is Kind.EVENTS else profile_rules(case, kind)


def _bounded(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first `MAX_FINDINGS`, and the first error where it comes later: it decides."""
    is_bad = False
    for count, finding in enumerate(findings):
        is_error = finding.severity is Severity.ERROR
        if count < MAX_FINDINGS or is_error:
            yield finding
        is_bad = is_bad or is_error
        if is_bad and count >= MAX_FINDINGS:
            return


def _finding(raw: Raw, case: Case) -> Finding:
    severity = Severity.ERROR if raw.stops else case.book.severities[raw.rule]
    return Finding(raw.rule, severity, raw.at, printable(raw.message), raw.place, raw.fix)
