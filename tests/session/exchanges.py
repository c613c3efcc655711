"""Exchanges to open, compare and send again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.wire.encoding import to_base64
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules import judge

NOW = 1_322_092_800.0
"""24 November 2011, midnight in UTC."""


def event(name: str = "game", **properties: Any) -> dict[str, Any]:
    """An event of NOW."""
    known = {"token": "t", "distinct_id": "d", "time": int(NOW)}
    return {"event": name, "properties": known | properties}


def request_of(
    payload: Any, *, is_post: bool = False, url: str = "http://h/track/"
) -> TrackRequest:
    """The payload, or the JSON text of one, as the specification wants it sent."""
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    data = f"data={form_encode(to_base64(text))}"
    if is_post:
        return TrackRequest("POST", url, (), data.encode())
    return TrackRequest("GET", f"{url}?{data}&ip=1")


def exchange_of(request: TrackRequest, era: str = "2011", **known: Any) -> Exchange:
    """An opened exchange, judged at NOW."""
    verdict = judge(request, rule_book(era), NOW)
    exchange = Exchange(request, Origin.OPENED, NOW, findings=verdict.findings, era=era)
    return replace(exchange, predicted=verdict.value, **known)
