"""The lines that the command line prints and exports: one JSON object a request.

The keys are a contract: `decode` prints those of `request_line`, whatever comes out of a history
those of `exchange_line`, from which the exchange can be read again byte for byte.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.session.explanation import findings_of
from trackscope.wire.decoding import Decoded, decode, text_pointer
from trackscope.wire.era import RULES
from trackscope.wire.finding import Face, Finding, Place
from trackscope.wire.json_text import scan
from trackscope.wire.place import offsets
from trackscope.wire.reply import Reply, understand
from trackscope.wire.request import TrackRequest, endpoint_of, host_of

Line = dict[str, Any]

MAX_WALKED = 20_000_000
"""Characters that are walked to place the findings of one request: each takes one walk through
the text, and those beyond this get their pointer only."""


def request_line(
    request: TrackRequest,
    decoded: Decoded,
    verdict: int | None,
    findings: Sequence[Finding],
    *,
    source: str = "",
    position: str = "",
    era: str = "2011",
) -> Line:
    """A request with what it carries and what is said of it.

    `era` is the one that judged it: what its rules rest on stands beside the findings.
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
        "findings": _findings(request, decoded, findings, era),
        "repairs": [repair.sentence for repair in decoded.repairs],
    }


def exchange_line(exchange: Exchange) -> Line:
    """An exchange: its request's line with `id`, `at` (seconds since 1970), `origin`, `answer`.

    `verdict` is what was answered, and stays known where the answer itself does not say it (a
    pixel of the built-in collector); `predicted` is what the rules said before sending.
    `failure` is the sentence for a request that got no answer. `url`, `headers` (pairs) and
    `body` (`body_base64` where it is no UTF-8) are the literal request.
    """
    request, decoded = exchange.request, decode(exchange.request)
    line = request_line(
        request,
        decoded,
        exchange.verdict,
        findings_of(exchange, decoded),
        source=exchange.source,
        position=exchange.position,
        era=exchange.era,
    )
    line["id"] = exchange.id
    line["at"] = exchange.at if isfinite(exchange.at) else None
    line["origin"] = str(exchange.origin)
    line["answer"] = _answer(decoded, exchange.reply, exchange.took_ms)
    line["predicted"] = exchange.predicted
    line["failure"] = exchange.failure
    line["note"] = exchange.note
    line["page"] = exchange.page
    line["url"] = request.url
    line["headers"] = [list(header) for header in request.headers]
    return line | _body(request.body)


def _body(body: bytes) -> Line:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def _findings(
    request: TrackRequest, decoded: Decoded, findings: Sequence[Finding], era: str
) -> list[Line]:
    if not findings:
        return []
    starts = _starts(decoded)
    walk = len(decoded.data or "") + len(decoded.json_text or "") + 1
    lines = []
    for index, finding in enumerate(findings):
        places = {}
        if index * walk <= MAX_WALKED:
            start = starts.get(text_pointer(finding.at, is_batch=decoded.is_batch))
            is_known = finding.place is None and start is not None
            placed = replace(finding, place=Place(Face.JSON, start or 0)) if is_known else finding
            places = offsets(request, decoded, placed)
        lines.append(_finding(finding, places, era))
    return lines


def _starts(decoded: Decoded) -> dict[str, int]:
    """Where each value, or its key, begins in the JSON: one scan for all findings.

    Of a repeated key the last stands for its pointer, since that one counts.
    """
    if decoded.json_text is None or decoded.events is None:
        return {}
    return {node.pointer: (node.key or node.value).start for node in scan(decoded.json_text)}


def _finding(finding: Finding, places: Mapping[str, int], era: str) -> Line:
    rule = RULES.get(finding.rule)
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "at": finding.at,
        "offset": _offset(finding, places),
        "message": finding.message,
        "source": rule.source_in(era) if rule else "",
        "fix": finding.fix.label if finding.fix else None,
        "offsets": dict(places),
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
        "took_ms": _finite(took_ms and round(took_ms, 3)),
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
