"""The lines that the command line prints and exports: one JSON object a request.

The keys are a contract: `decode` prints those of `request_line`, whatever comes out of a history
those of `exchange_line`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.era import RULES
from trackscope.wire.finding import Finding
from trackscope.wire.place import offsets
from trackscope.wire.reply import Reply, understand
from trackscope.wire.request import TrackRequest, endpoint_of, host_of

Line = dict[str, Any]

MAX_PLACED = 200
"""Findings of one request that get their offsets: each asks for a walk through the text."""


def request_line(
    request: TrackRequest,
    decoded: Decoded,
    verdict: int | None,
    findings: Sequence[Finding],
    *,
    source: str = "",
    position: str = "",
) -> Line:
    """A request with what it carries and what is said of it.

    `params` has the value that counts of every parameter but `data`. `events` is None where the
    payload cannot be decoded; numbers that JSON does not have (NaN, Infinity) are None too, and
    a finding says so.
    """
    params: dict[str, str] = {}
    for param in decoded.params:
        params.setdefault(param.name, param.value)
    params.pop("data", None)
    return {
        "source": source,
        "position": position,
        "method": request.method,
        "host": host_of(request),
        "endpoint": endpoint_of(request),
        "params": params,
        "transport": decoded.transport,
        "events": None if decoded.events is None else _finite(list(decoded.events)),
        "verdict": verdict,
        "findings": [
            _finding(request, decoded, finding, has_place=index < MAX_PLACED)
            for index, finding in enumerate(findings)
        ],
        "repairs": [repair.sentence for repair in decoded.repairs],
    }


def exchange_line(exchange: Exchange) -> Line:
    """An exchange: its request's line with `id`, `at` (seconds since 1970), `origin`, `answer`.

    `verdict` is what was answered, and stays known where the answer itself does not say it (a
    pixel of the built-in collector); `predicted` is what the rules said before sending.
    `failure` is the sentence for a request that got no answer.
    """
    request, decoded = exchange.request, decode(exchange.request)
    line = request_line(
        request,
        decoded,
        exchange.verdict,
        exchange.findings,
        source=exchange.source,
        position=exchange.position,
    )
    line["id"] = exchange.id
    line["at"] = exchange.at
    line["origin"] = str(exchange.origin)
    line["answer"] = _answer(decoded, exchange.reply, exchange.took_ms)
    line["predicted"] = exchange.predicted
    line["failure"] = exchange.failure
    return line


def _finding(request: TrackRequest, decoded: Decoded, finding: Finding, *, has_place: bool) -> Line:
    rule = RULES.get(finding.rule)
    places = offsets(request, decoded, finding) if has_place else {}
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "at": finding.at,
        "offset": _offset(finding, places),
        "message": finding.message,
        "source": rule.source if rule else "",
        "fix": finding.fix.label if finding.fix else None,
        "offsets": places,
    }


def _offset(finding: Finding, places: Mapping[str, int]) -> int | None:
    """The offset in the text in which the defect lies."""
    if finding.place is not None:
        return finding.place.offset
    return next((places[face] for face in ("json", "data", "url", "body") if face in places), None)


def _answer(decoded: Decoded, reply: Reply | None, took_ms: float | None) -> Line | None:
    if reply is None:
        return None
    meaning = understand(decoded, reply)
    answer: Line = {
        "status": reply.status,
        "value": meaning.value,
        "headline": meaning.headline,
        "sentence": meaning.sentence,
        "headers": [list(header) for header in reply.headers],
        "body": None,
        "took_ms": None if took_ms is None else round(took_ms, 3),
    }
    try:
        answer["body"] = reply.body.decode("utf-8")
    except UnicodeDecodeError:
        answer["body_hex"] = reply.body.hex()
    return answer


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return value
