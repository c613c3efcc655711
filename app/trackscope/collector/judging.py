"""What the collector makes of a request: at a glance where that is enough, with care elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from trackscope.wire.answering import answer, answer_in_form
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Finding
from trackscope.wire.glance import glance
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import Verdict, judge
from trackscope.wire.rules.noted import noted
from trackscope.wire.rules.quick import has_quick_verdicts, quick_verdict


class Logged(NamedTuple):
    """The records of a request, the indexes of those that were logged, and its flags."""

    records: Sequence[Any]
    indexes: Sequence[int]
    is_test: bool = False
    has_ip: bool = False

    @classmethod
    def of(cls, verdict: Verdict) -> Logged:
        """What a verdict says was logged."""
        decoded = verdict.decoded
        records = decoded.events or ()
        return cls(records, verdict.logged, decoded.is_on("test"), decoded.is_on("ip"))


class Judgement(NamedTuple):
    """A verdict, the answer that it deserves, and what is to be processed after that.

    `names` are those of the events, each once, in order of appearance. `refused` gives the answer
    to the same request where it was not logged, for the reason it is given.
    """

    value: int
    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    reply: Reply
    refused: Callable[[str], Reply]
    logged: Logged


def judgement(request: TrackRequest, book: RuleBook, now: float) -> Judgement:
    """The judgement of a rule book on a request that arrives at `now` (seconds since 1970)."""
    return at_a_glance(request, book, now) or with_care(request, book, now)


def at_a_glance(request: TrackRequest, book: RuleBook, now: float) -> Judgement | None:
    """The same as `with_care` for what is well-formed and good, as most requests are; else None."""
    seen = glance(request) if has_quick_verdicts(book) else None
    quick = quick_verdict(request.url, seen, book, now) if seen else None
    findings = noted(request, seen, quick, book, now) if seen and quick and quick.value else None
    if seen is None or findings is None:
        return None
    values = dict(reversed(seen.params))  # the first of a name counts
    return Judgement(
        1,
        findings,
        _each_once(seen.names),
        answer_in_form(values.get, book, 1),
        partial(answer_in_form, values.get, book, 0),
        Logged(
            seen.events,
            range(len(seen.events)),
            values.get("test") == "1",
            values.get("ip") == "1",
        ),
    )


def with_care(request: TrackRequest, book: RuleBook, now: float) -> Judgement:
    """The judgement with every finding in full."""
    verdict = judge(request, book, now)
    records = verdict.decoded.events or ()
    found = (record.get("event") for record in records if isinstance(record, dict))
    return Judgement(
        verdict.value,
        verdict.findings,
        _each_once(name for name in found if isinstance(name, str)),
        answer(request, verdict, book),
        partial(answer, request, verdict, book),
        Logged.of(verdict),
    )


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
