"""The recorded requests of real SDKs, each labelled with the SDK that sent it."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

ROOT = Path(__file__).parents[2]
REQUESTS = (
    Path(os.environ.get("TRACKSCOPE_CAPTURES", ROOT.parent / "shared" / "captures"))
    / "requests.jsonl"
)
HERE = pytest.mark.skipif(
    not REQUESTS.exists(), reason=f"the corpus of recorded requests is not at {REQUESTS}"
)

BY_HAND = "html-chromium"
"""What the corpus calls pages that use no SDK."""


@dataclass(frozen=True)
class Record:
    """A request, the SDK and version that sent it and on what occasion, and what it was answered.

    The recorder kept of the answer its status and body.
    """

    id: str
    sdk: str
    version: str
    scenario: str
    request: TrackRequest
    reply: Reply


@cache
def records() -> tuple[Record, ...]:
    """Every recorded request, in the order of the recording."""
    return tuple(map(_record, REQUESTS.read_text(encoding="utf-8").splitlines()))


def recorded(id_: str) -> Record:
    """The record of that id; the test is skipped where this corpus has none."""
    found = next((each for each in records() if each.id == id_), None)
    if found is None:
        pytest.skip(f"{REQUESTS} has no request {id_}")
    return found


def _record(line: str) -> Record:
    read = json.loads(line)
    headers = tuple((name, value) for name, value in read["headers"])
    url = f"{read['listener']}://{dict(headers).get('Host', 'h')}{read['target']}"
    request = TrackRequest(read["method"], url, headers, base64.b64decode(read["body_b64"]))
    answered = read["answered"] or {}
    reply = Reply(answered.get("status", 0), (), str(answered.get("body", "")).encode())
    version = read["version"].partition("-")[0]  # 2.65.0-firefox153
    return Record(read["id"], read["sdk"], version, read["scenario"], request, reply)
