"""The recorded requests of real SDKs as exchanges, where they are at hand."""

from __future__ import annotations

import base64
import json
import os
from functools import cache
from pathlib import Path

import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.wire.era import rule_book
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

ROOT = Path(__file__).parents[2]
REQUESTS = (
    Path(os.environ.get("TRACKSCOPE_CAPTURES", ROOT.parent / "shared" / "captures"))
    / "requests.jsonl"
)
HERE = pytest.mark.skipif(
    not REQUESTS.exists(), reason=f"the corpus of recorded requests is not at {REQUESTS}"
)

NO_RECORDS = {"decide", "flags", "settings"}
"""Endpoints that ask something and carry no event."""


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Every recorded request that carries events or means to, with what it was answered."""
    found: list[Exchange] = []
    for line in REQUESTS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["method"] == "OPTIONS" or record["expected"]["endpoint"] in NO_RECORDS:
            continue
        headers = tuple((name, value) for name, value in record["headers"])
        url = f"{record['listener']}://{dict(headers).get('Host', 'h')}{record['target']}"
        body = base64.b64decode(record["body_b64"])
        request = TrackRequest(record["method"], url, headers, body)
        at = 1_795_444_000 + record["t"]
        verdict = judge(request, rule_book(), at)
        answered = record["answered"] or {}
        reply = Reply(answered.get("status", 0), (), str(answered.get("body", "")).encode())
        found.append(
            Exchange(
                request,
                Origin.RECEIVED,
                at,
                reply,
                id=len(found) + 1,
                verdict=verdict.value,
                findings=verdict.findings,
            )
        )
    return tuple(found)
