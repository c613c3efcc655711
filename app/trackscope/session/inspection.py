"""An exchange opened up: decoded, judged as of its own time, its answer or prediction in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.explanation import Explanation, explain, findings_of, first_error
from trackscope.session.wording import sentence_of
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.era import ERAS
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.json_extent import container_ends
from trackscope.wire.json_text import Node, Span, find, skip_blank
from trackscope.wire.place import Places, places_of_all
from trackscope.wire.request import TrackRequest

MOST_MARKED = 50
"""Findings that are pointed at in the texts."""

LARGE = 50_000
"""Characters of URL and body from which on reading a request takes longer than a frame."""

TONES = {1: "success", 0: "danger", None: "info"}


@dataclass(frozen=True, slots=True)
class Inspection:
    """What there is to see of an exchange.

    `findings` are the worst first, with their fixes; `marks` the places of the first of them that
    are worth pointing at. `top` is the payload as a node of its JSON text, where it can be read,
    `ends` as in `json_extent`. `explanation` is of the answer, or of
    what the rules predict where an opened request has none (`is_predicted`); `tone` its colours.
    """

    exchange: Exchange
    decoded: Decoded
    findings: tuple[Finding, ...]
    marks: tuple[tuple[Finding, Places], ...]
    top: Node | None
    ends: dict[int, int]
    explanation: Explanation
    is_predicted: bool
    tone: str

    @property
    def request(self) -> TrackRequest:
        """The request as it was sent."""
        return self.exchange.request


def inspect(exchange: Exchange) -> Inspection:
    """Open up an exchange; takes time in proportion to its size."""
    decoded = decode(exchange.request)
    order = list(Severity)
    found = findings_of(exchange, decoded)
    findings = tuple(sorted(found, key=lambda each: order.index(each.severity)))
    marked = [each for each in findings if each.severity is not Severity.NOTE][:MOST_MARKED]
    places = places_of_all(exchange.request, decoded, marked)
    in_full = replace(exchange, findings=findings)
    is_predicted = exchange.failure is None and not _is_answer_known(exchange)
    words = _prediction(in_full) if is_predicted else explain(in_full)
    ends = container_ends(decoded.json_text or "")
    return Inspection(
        exchange,
        decoded,
        findings,
        tuple(zip(marked, places, strict=True)),
        _top(decoded, ends),
        ends,
        words,
        is_predicted,
        "attention" if words.kind == "none" else TONES[words.value],
    )


def _top(decoded: Decoded, ends: Mapping[int, int]) -> Node | None:
    text = decoded.json_text
    if text is None or decoded.events is None:
        return None
    start = skip_blank(text, 0)
    return Node(None, Span(start, ends[start]), "", None) if start in ends else find(text, "")


def is_large(exchange: Exchange) -> bool:
    """Whether the exchange is better inspected beside the window's own thread."""
    return len(exchange.request.url) + len(exchange.request.body) >= LARGE


def _is_answer_known(exchange: Exchange) -> bool:
    """Whether there is an answer: captures often have its head, but not its body."""
    reply = exchange.reply
    is_bare = reply is not None and not reply.body and reply.status == HTTPStatus.OK
    return reply is not None and not (is_bare and exchange.origin is Origin.OPENED)


def _prediction(exchange: Exchange) -> Explanation:
    """What the rules say of a request whose answer the capture does not hold."""
    book = ERAS[exchange.era].title if exchange.era in ERAS else exchange.era
    value = exchange.predicted
    if value is None:
        return Explanation("none", None, "?", "the capture does not hold the answer")
    error = first_error(exchange.findings)
    sentence = "would be logged" if value == 1 else "would not be logged"
    reason = sentence_of(error.message) if error is not None else ""
    return Explanation("predicted", value, str(value), f"{sentence}, by {book}", reason)
