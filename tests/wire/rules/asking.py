"""Requests in every transport, and what the rule book says to them."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from trackscope.wire.decoding import decode
from trackscope.wire.era import rule_book
from trackscope.wire.finding import Finding
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules import Verdict, judge

NOW = 1_322_092_800.0
"""A moment of the specification's days: 24 November 2011, 00:00 UTC."""

FORM_HEADERS = (("Content-Type", "application/x-www-form-urlencoded"),)
TRANSPORTS = (
    "query-base64",
    "query-json",
    "form-base64",
    "form-json",
    "body-json",
    "form-base64-gzip",
    "form-json-gzip",
    "body-json-gzip",
)


def event(name: Any = "game", **properties: Any) -> dict[str, Any]:
    """A good event with these further properties."""
    return {"event": name, "properties": {"token": "e3bc41", "time": int(NOW), **properties}}


def text_of(payload: Any) -> str:
    """A text as it is, anything else as JSON."""
    return payload if isinstance(payload, str) else json.dumps(payload)


def base64_of(payload: Any) -> str:
    text = payload if isinstance(payload, bytes) else text_of(payload).encode()
    return base64.b64encode(text).decode()


def get(payload: Any = None, extra: str = "", data: str | None = None) -> TrackRequest:
    """A GET with the payload (a good event by default), or with this very `data`."""
    value = form_encode(base64_of(event() if payload is None else payload))
    return TrackRequest("GET", f"http://h/track/?data={data if data is not None else value}{extra}")


def carried(payload: Any, transport: str, extra: str = "") -> TrackRequest:
    """The payload in one of `TRANSPORTS`, with further parameters beside it where there is room."""
    text = text_of(payload)
    carrier, _, form = transport.partition("-")
    value = form_encode(text if form.startswith("json") else base64_of(text))
    if carrier == "query":
        return TrackRequest("GET", f"http://h/track/?data={value}{extra}")
    if carrier == "body":
        url, body = f"http://h/track/?_=1{extra}", text.encode()
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    else:
        url, body, headers = "http://h/track/", f"data={value}{extra}".encode(), FORM_HEADERS
    if transport.endswith("-gzip"):
        body, headers = gzip.compress(body, mtime=0), (*headers, ("Content-Encoding", "gzip"))
    return TrackRequest("POST", url, headers, body)


def judged(
    request: TrackRequest, *, strict: bool = False, now: float = NOW, era: str = "2011"
) -> Verdict:
    return judge(request, rule_book(era, strict), now, decode(request))


def rules_of(
    request: TrackRequest, *, strict: bool = False, now: float = NOW, era: str = "2011"
) -> list[str]:
    """The rules that a request breaks, in the order of its findings."""
    return [each.rule for each in judged(request, strict=strict, now=now, era=era).findings]


def found(
    request: TrackRequest, rule: str, *, strict: bool = False, now: float = NOW, era: str = "2011"
) -> list[Finding]:
    """The findings of one rule."""
    findings = judged(request, strict=strict, now=now, era=era).findings
    return [each for each in findings if each.rule == rule]


def the(
    request: TrackRequest, rule: str, *, strict: bool = False, now: float = NOW, era: str = "2011"
) -> Finding:
    """The only finding of a rule."""
    (finding,) = found(request, rule, strict=strict, now=now, era=era)
    return finding
