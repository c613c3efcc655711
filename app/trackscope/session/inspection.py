"""An exchange opened up: decoded, judged as of its own time, its answer or prediction in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trackscope.capture.exchange import Exchange
from trackscope.session.explanation import Explanation, explain, findings_of
from trackscope.wire.decoding import Decoded, decode
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
    `ends` as in `json_extent`; `tone` gives the colours of the `explanation`.
    """

    exchange: Exchange
    decoded: Decoded
    findings: tuple[Finding, ...]
    marks: tuple[tuple[Finding, Places], ...]
    top: Node | None
    ends: dict[int, int]
    explanation: Explanation
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
    words = explain(in_full)
    ends = container_ends(decoded.json_text or "")
    return Inspection(
        exchange,
        decoded,
        findings,
        tuple(zip(marked, places, strict=True)),
        _top(decoded, ends),
        ends,
        words,
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
