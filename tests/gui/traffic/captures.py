"""Captures for the tests of Traffic: small files of the kinds that are opened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trackscope.wire.encoding import to_base64

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"


def url_of(event: str, **properties: Any) -> str:
    """The URL of an event that is good but for the properties that are given."""
    payload = {"event": event, "properties": {"token": TOKEN, "distinct_id": "u"} | properties}
    return f"http://api.mixpanel.com/track/?data={quote(to_base64(json.dumps(payload)))}"


def urls(folder: Path, *events: str, name: str = "urls.txt") -> Path:
    """A list of URLs, one an event."""
    path = folder / name
    path.write_text("\n".join(map(url_of, events)))
    return path


def har(folder: Path, entries: Sequence[tuple[str, str, int]], name: str = "shop.har") -> Path:
    """A HAR of (event, page, seconds after noon), each answered 1."""
    pages = dict.fromkeys(page for _, page, _ in entries)
    log = {
        "version": "1.2",
        "creator": {"name": "test", "version": "1"},
        "pages": [
            {"id": page, "title": page, "startedDateTime": _moment(0), "pageTimings": {}}
            for page in pages
        ],
        "entries": [_entry(*entry) for entry in entries],
    }
    path = folder / name
    path.write_text(json.dumps({"log": log}))
    return path


def _entry(event: str, page: str, seconds: int) -> dict[str, Any]:
    return {
        "pageref": page,
        "startedDateTime": _moment(seconds),
        "time": 12,
        "request": {
            "method": "GET",
            "url": url_of(event, time=1322139600 + seconds, plan=" pro", level=seconds),
            "httpVersion": "HTTP/1.1",
            "headers": [],
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "httpVersion": "HTTP/1.1",
            "headers": [],
            "cookies": [],
            "content": {"size": 1, "mimeType": "text/plain", "text": "1"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 12, "receive": 0},
    }


def _moment(seconds: int) -> str:
    return f"2011-11-24T13:00:{seconds:02}.000Z"
