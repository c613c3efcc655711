"""What an exchange came to, in words: the headline, why, and whether the rules foresaw it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from math import isfinite

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.capture_findings import CHANGED, INCOMPLETE, findings_on
from trackscope.session.target import COLLECTOR
from trackscope.session.wording import sentence_of
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.era import ERAS, rule_book
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import Meaning, understand
from trackscope.wire.rules import judge
from trackscope.wire.rules.sdk_answer import answer_findings

NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer explained.

    `kind` is that of `Meaning`, or `none` without an answer. `value` is 1, 0 or None (it says
    neither). `reason` is the sentence that says why it is 0, `disagreement` the one that says how
    answer and prediction differ; both may be empty. With `is_predicted` it is no answer, but what
    the rules say: the capture does not hold the answer.
    """

    kind: str
    value: int | None
    headline: str
    sentence: str
    reason: str = ""
    disagreement: str = ""
    is_predicted: bool = False


def explain(exchange: Exchange) -> Explanation:
    """What the exchange came to. The reason for 0 is the built-in collector's own finding; for
    any other server it is what the rules predicted, and said to be that.

    Of what was opened without an answer, or with an answer whose body was left out, it is the
    prediction.
    """
    if exchange.origin is Origin.OPENED and exchange.failure is None and not _is_whole(exchange):
        return _prediction(exchange)
    if exchange.reply is None:
        what, _, next_step = (exchange.failure or "The request was not answered.").partition(". ")
        return Explanation("none", None, NO_ANSWER, what.removesuffix("."), next_step)
    meaning = understand(decode(exchange.request), exchange.reply)
    is_own = exchange.target == COLLECTOR or exchange.origin is Origin.RECEIVED
    error = first_error(exchange.findings)
    value = meaning.value if meaning.value is not None or not is_own else exchange.verdict
    return Explanation(
        meaning.kind,
        value,
        meaning.headline,
        _sentence(meaning, value, is_own=is_own),
        _reason(value, error, is_own=is_own),
        _disagreement(exchange.predicted, value, error),
    )


def _is_whole(exchange: Exchange) -> bool:
    """Whether a capture holds the answer: many have its head, but not its body."""
    reply = exchange.reply
    return reply is not None and (bool(reply.body) or reply.status != HTTPStatus.OK)


def _prediction(exchange: Exchange) -> Explanation:
    """What the rules say of a request whose answer the capture does not hold."""
    value = exchange.predicted
    lacking = "the answer" if exchange.reply is None else "the answer's body"
    if value is None:
        sentence = f"The capture does not hold {lacking}"
        return Explanation("none", None, "?", sentence, is_predicted=True)
    book = ERAS[exchange.era].title if exchange.era in ERAS else exchange.era
    would = "would be logged" if value == 1 else "would not be logged"
    sentence = f"{would}, by {book}"
    if exchange.reply is not None:  # else nobody would expect to see it
        sentence += f" (the capture does not hold {lacking})"
    error = first_error(exchange.findings)
    reason = sentence_of(error.message) if error is not None else ""
    return Explanation("predicted", value, f"{value}?", sentence, reason, is_predicted=True)


def findings_of(exchange: Exchange, decoded: Decoded) -> tuple[Finding, ...]:
    """The exchange's findings in full, with their fixes, which a history does not keep.

    They are judged again, as of the exchange's own time. Of what was sent or received, those that
    the collector added are kept; of what was opened, those on the capture itself. What a known SDK
    makes of the answer comes last.
    """
    if exchange.era not in ERAS or not isfinite(exchange.at):  # a history of others may say so
        return exchange.findings
    told = _on_request(exchange, decoded)
    if exchange.reply is None or exchange.origin is Origin.SENT:  # by this program, not an SDK
        return told
    book = rule_book(exchange.era, exchange.strict)
    known = {each.rule for each in told}
    of_answer = answer_findings(exchange.request, decoded, exchange.reply, book, told)
    return told + tuple(each for each in of_answer if each.rule not in known)


def _on_request(exchange: Exchange, decoded: Decoded) -> tuple[Finding, ...]:
    is_opened = exchange.origin is Origin.OPENED
    if not is_opened and all(each.fix is not None for each in exchange.findings):
        return exchange.findings
    book = rule_book(exchange.era, exchange.strict)
    again = judge(exchange.request, book, exchange.at, decoded).findings
    if is_opened:
        told = again + tuple(each for each in exchange.findings if each.rule in _ON_SEVERAL)
        incomplete, changed = (
            [each.message for each in exchange.findings if each.rule == rule]
            for rule in (INCOMPLETE, CHANGED)
        )
        return tuple(findings_on("".join(incomplete), changed, told, book))
    fixes = {(each.rule, each.at): each.fix for each in again}
    return tuple(
        replace(each, fix=each.fix or fixes.get((each.rule, each.at))) for each in exchange.findings
    )


_ON_SEVERAL = ("event.duplicate", "test.rate")
"""Rules on several requests, which a collector asked when it received them."""


def first_error(findings: tuple[Finding, ...]) -> Finding | None:
    """The finding that makes it 0, if there is one."""
    return next((each for each in findings if each.severity is Severity.ERROR), None)


def _sentence(meaning: Meaning, value: int | None, *, is_own: bool) -> str:
    if meaning.value is None and is_own and meaning.kind in ("pixel", "redirect"):
        known = "Data was logged" if value == 1 else "Data was not logged"
        return f"{known}. {meaning.sentence.split('.')[0]}, good data or bad"
    if meaning.value == 0 and is_own and meaning.kind != "import":
        return "Error, data was not logged"  # the reason stands below, also when verbose has it
    return meaning.sentence


def _reason(value: int | None, error: Finding | None, *, is_own: bool) -> str:
    if value == 1:
        # an era that takes parts: the first of those that were refused
        return sentence_of(f"Not all of it: {error.message}") if error and is_own else ""
    if error is not None:
        return sentence_of(error.message) if is_own else f"Predicted: {error.message}"
    if value == 0:
        return "" if is_own else "The rules see nothing wrong with it: the server knows more"
    return ""


def _disagreement(predicted: int | None, value: int | None, error: Finding | None) -> str:
    if predicted is None or value is None or predicted == value:
        return ""
    if value == 1:
        why = f": {error.message}" if error else ""
        return f"The rules predicted 0{why}. The server took it all the same"
    return "The rules predicted 1, but the server answered 0"
