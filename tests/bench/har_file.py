"""Writes a HAR file as DevTools exports one: mostly noise with large answers, 5 % tracking."""

from __future__ import annotations

import base64
import json
import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

TRACKING_SHARE = 0.05

_STAGE = 1_000_000
_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 "
    "Safari/537.36"
)
_PLACES = ("api/v2/items", "static/app", "img/hero", "fonts/inter", "collect", "graphql")


def write(path: Path, length: int) -> int:
    """Write a file of about so many bytes, the same at each call; how many tracking requests."""
    chance = random.Random(2011)
    code = _code()
    tracking = written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_opening())
        while written < length:
            is_tracking = chance.random() < TRACKING_SHARE
            tracking += is_tracking
            entry = _tracking(chance) if is_tracking else _noise(chance, code)
            text = json.dumps(entry, indent=2, ensure_ascii=False).replace("\n", "\n      ")
            written += file.write((",\n      " if written else "\n      ") + text)
        file.write("\n    ]\n  }\n}")
    return tracking


def _opening() -> str:
    log = {
        "version": "1.2",
        "creator": {"name": "WebInspector", "version": "537.36"},
        "pages": [{"startedDateTime": "2026-11-23T15:05:07.593Z", "id": "page_1", "title": "Shop"}],
        "entries": [],
    }
    return json.dumps({"log": log}, indent=2).rpartition("]")[0]


def _code() -> str:
    """Program text, which answers mostly are: this Python's own library."""
    folder = Path(sysconfig.get_path("stdlib"))
    text = "".join(file.read_text("utf-8", "replace") for file in sorted(folder.glob("[a-p]*.py")))
    return text[: 4 * _STAGE]


def _noise(chance: random.Random, code: str) -> dict[str, object]:
    place = chance.choice(_PLACES)
    url = f"https://cdn.shop.example/{place}/{chance.randrange(10**9)}.js?v={chance.randrange(99)}"
    size = min(int(chance.paretovariate(0.9) * 6000), 400_000)
    if place.startswith("img"):
        content = {
            "size": size,
            "mimeType": "image/webp",
            "text": base64.b64encode(chance.randbytes(size)).decode(),
            "encoding": "base64",
        }
    else:
        start = chance.randrange(len(code) - size)
        text = code[start : start + size]
        content = {"size": size, "mimeType": "text/javascript", "text": text}
    return _entry("GET", url, None, content, chance)


def _tracking(chance: random.Random) -> dict[str, object]:
    properties = {f"property {number}": f"value {chance.random()}" for number in range(12)}
    event = {"event": "Item Viewed", "properties": {"token": "e3bc4100", **properties}}
    post = {
        "mimeType": "application/x-www-form-urlencoded",
        "text": f"data={quote(json.dumps([event] * chance.randint(1, 5)))}",
    }
    url = "https://api-js.mixpanel.com/track/?verbose=1&ip=1"
    content = {"size": 28, "mimeType": "application/json", "text": '{"status":1,"error":null}'}
    return _entry("POST", url, post, content, chance)


def _entry(
    method: str, url: str, post: object, content: object, chance: random.Random
) -> dict[str, object]:
    frames = [
        {"functionName": f"f{n}", "scriptId": "9", "url": url, "lineNumber": n, "columnNumber": 1}
        for n in range(chance.randint(0, 8))
    ]
    return {
        "_initiator": {"type": "script", "stack": {"callFrames": frames}},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": str(chance.randrange(1000)),
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "h2",
            "headers": list(_headers(url)),
            "queryString": [{"name": "v", "value": "1"}],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
            **({"postData": post} if post else {}),
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "h2",
            "headers": list(_headers(url)),
            "cookies": [],
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": None,
        },
        "serverIPAddress": "192.0.2.7",
        "startedDateTime": "2026-11-23T15:04:13.755Z",
        "time": chance.random() * 100,
        "timings": {"blocked": 1.2, "dns": -1, "send": 0.1, "wait": 20.5, "receive": 3.1},
        "pageref": "page_1",
    }


def _headers(url: str) -> Iterator[dict[str, str]]:
    yield {"name": ":authority", "value": url.split("/")[2]}
    yield {"name": "accept", "value": "*/*"}
    yield {"name": "accept-encoding", "value": "gzip, deflate, br, zstd"}
    yield {"name": "referer", "value": "https://www.shop.example/?utm_source=mail"}
    yield {"name": "sec-ch-ua", "value": '"Chromium";v="156", "Not_A Brand";v="24"'}
    yield {"name": "user-agent", "value": _AGENT}
