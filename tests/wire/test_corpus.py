from __future__ import annotations

import base64
import hashlib
import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.request import TrackRequest

ROOT = Path(__file__).parents[2]
CAPTURES = Path(os.environ.get("TRACKSCOPE_CAPTURES", ROOT.parent / "shared" / "captures"))
REQUESTS = CAPTURES / "requests.jsonl"

LONG = 4096
"""Code points from which on the corpus has a string's hash in its stead."""

NO_RECORDS = {"decide", "flags"}
"""Endpoints that ask something: a body of theirs is JSON, but no event."""

pytestmark = pytest.mark.skipif(
    not REQUESTS.exists(), reason=f"the corpus of recorded requests is not at {REQUESTS}"
)


def _comparable(value: Any) -> Any:
    """The value as the corpus writes it: long strings as hashes, NaN equal to itself."""
    if isinstance(value, str) and len(value) > LONG:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        return {"$long": {"sha256_utf8": digest, "code_points": len(value)}}
    if isinstance(value, list):
        return [_comparable(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _comparable(inner) for key, inner in value.items()}
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _request(record: dict[str, Any]) -> TrackRequest:
    headers = tuple((name, value) for name, value in record["headers"])
    url = f"{record['listener']}://{dict(headers).get('Host', 'h')}{record['target']}"
    return TrackRequest(record["method"], url, headers, base64.b64decode(record["body_b64"]))


def _records() -> list[dict[str, Any]]:
    with REQUESTS.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _params(decoded: Decoded) -> dict[str, str]:
    """The parameters that count, without data."""
    return {each.name: each.value for each in reversed(decoded.params) if each.name != "data"}


def test_every_recorded_request_gives_the_events_that_its_sdk_was_asked_to_send() -> None:
    matched: Counter[str] = Counter()
    for record in _records():
        expected = record["expected"]
        if expected["endpoint"] is None:
            continue
        decoded = decode(_request(record))
        assert _params(decoded) == expected["params"], record["id"]
        if expected["endpoint"] not in NO_RECORDS:
            events = _comparable(list(decoded.events or ()))
            assert events == _comparable(expected["events"]), record["id"]
        matched[expected["endpoint"]] += 1
    assert sum(matched.values()) >= 900, matched


REPAIRS = {"gzip": "data.gzip", "cesu8": "data.cesu8", "space-for-plus": "data.space"}


@pytest.mark.parametrize("how", REPAIRS)
def test_what_decoding_took_is_named_as_the_recorder_named_it(how: str) -> None:
    rule = REPAIRS[how]
    for record in _records():
        expected = record["expected"]
        if expected["endpoint"] is None or not expected["events"]:
            continue
        rules = {repair.rule for repair in decode(_request(record)).repairs}
        assert (rule in rules) == (how in expected["how"]), record["id"]
