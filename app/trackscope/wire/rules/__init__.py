"""The rules: a list of small functions from a decoded request to findings.

`judge` asks them all. A rule yields `Raw` findings; the rule book gives them their severity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.endpoint import Kind, asks_validation, is_import, kind_of
from trackscope.wire.era import Era, RuleBook, rule_book
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

    `logged` are the indexes of the records that are logged: all of them or none, but where the
    era takes a request in parts. Of a request with more faults than anyone reads, not all are
    told; the first error of all that is not logged always is.
    """

    value: int
    findings: tuple[Finding, ...]
    decoded: Decoded
    logged: tuple[int, ...] = ()

    @property
    def reason(self) -> Finding | None:
        """The first error: why it is 0, or why not all of it is logged."""
        return next((each for each in self.findings if each.severity is Severity.ERROR), None)


def judge(
    request: TrackRequest, book: RuleBook, now: float, decoded: Decoded | None = None
) -> Verdict:
    """The verdict of a rule book on a request that arrives at `now` (seconds since 1970).

    Any error makes the whole request 0 (decisions, "Judging"); in an era that takes parts, only
    errors on the request as a whole, or on each of its records. Who asks for validation in such
    an era is judged strictly, and gets 0 for any error, though what is good is logged.
    """
    decoded = decoded or decode(request)
    is_validated = book.era.validates and asks_validation(request, decoded.value("strict"))
    if is_validated:
        book = rule_book(book.era.name, strict=True)
    case = Case(request, decoded, book, now, is_import(request))
    findings = tuple(_findings(case))
    logged = logged_records(findings, len(decoded.events or ()), book.era)
    is_bad = is_validated and any(each.severity is Severity.ERROR for each in findings)
    return Verdict(1 if logged and not is_bad else 0, findings, decoded, logged)


def logged_records(findings: Iterable[Finding], count: int, era: Era) -> tuple[int, ...]:
    """The indexes of those of `count` records that are logged, given what was found in them."""
    refused = {record_of(each.at) for each in findings if each.severity is Severity.ERROR}
    if refused and (None in refused or not era.takes_parts):
        return ()
    return tuple(index for index in range(count) if index not in refused)


def record_of(at: str) -> int | None:
    """The index of the record that a finding is about; None for the request as a whole.

    >>> record_of("/12/properties/time"), record_of("?data"), record_of("")
    (12, None, None)
    """
    index = at.removeprefix("/").partition("/")[0]
    is_index = at.startswith("/") and index.isascii() and index.isdecimal() and len(index) < 10
    return int(index) if is_index else None


def _findings(case: Case) -> Iterator[Finding]:
    for rules in (payload_rules, _record_rules, sdk_rules, parameter_rules):
        yield from _bounded(weighed(rules(case), case.book), case.book.era)


def _record_rules(case: Case) -> Iterator[Raw]:
    kind = kind_of(case.request, case.decoded.events or ())
    return event_rules(case) if kind is Kind.EVENTS else profile_rules(case, kind)


def _bounded(findings: Iterator[Finding], era: Era) -> Iterator[Finding]:
    """The first `MAX_FINDINGS`, and of what comes later what decides.

    That is the first error; where the era takes parts, the first of each record.
    """
    refused: set[int | None] = set()
    for count, finding in enumerate(findings):
        decides = False
        if finding.severity is Severity.ERROR:
            record = record_of(finding.at) if era.takes_parts else None
            decides = record not in refused
            refused.add(record)
        if count < MAX_FINDINGS or decides:
            yield finding
        if count >= MAX_FINDINGS and None in refused:
            return


def weighed(found: Iterable[Raw], book: RuleBook) -> Iterator[Finding]:
    """The findings of the rules that the book has, each as severe as it says."""
    for raw in found:
        severity = Severity.ERROR if raw.stops else book.severities.get(raw.rule)
        if severity is not None:
            yield Finding(raw.rule, severity, raw.at, printable(raw.message), raw.place, raw.fix)
