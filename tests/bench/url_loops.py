"""Decodes a file of URLs in one of several ways, and prints what that took.

Arguments: the way (`trackscope`, `bare` or `standard`), the file, the first URL and how many. The
work begins when a line comes in on standard input: so that several begin at once.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson
import pybase64

from trackscope.wire.decoding import decode
from trackscope.wire.era import rule_book
from trackscope.wire.glance import glance_at_url
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge
from trackscope.wire.rules.quick import quick_verdict

NOW = 1_795_447_342.0
WINDOW_S = 48 * 3600
WARM_UP = 2_000
BOOK = rule_book()


def with_trackscope(url: str) -> Any:
    """Parameters in order, names, and the verdict with all its rules; odd ones with care."""
    seen = glance_at_url(url)
    quick = quick_verdict(url, seen, BOOK, NOW) if seen else None
    if seen is not None and quick is not None:
        return seen.params, seen.names, quick.value
    request = TrackRequest("GET", url)
    verdict = judge(request, BOOK, NOW, decode(request))
    names = [each.get("event") for each in verdict.decoded.events or () if isinstance(each, dict)]
    return verdict.decoded.params, names, verdict.value


def bare(url: str) -> Any:
    """The fewest steps to parameters, names and a verdict: what is odd is skipped."""
    pairs = [piece.partition("=")[::2] for piece in url.partition("?")[2].split("&")]
    data = dict(pairs)["data"]
    if "%" in data:
        data = unquote(data)
    try:
        value = orjson.loads(pybase64.b64decode(data, validate=True))
    except ValueError:
        return pairs, (), 0
    return _summary(pairs, value)


def standard(url: str) -> Any:
    """The same with the standard library."""
    pairs = parse_qsl(urlsplit(url).query)
    try:
        value = json.loads(base64.b64decode(dict(pairs)["data"]))
    except ValueError:
        return pairs, (), 0
    return _summary(pairs, value)


def _summary(pairs: Any, value: Any) -> Any:
    events = value if isinstance(value, list) else [value]
    is_good = all(
        event.get("event")
        and event["properties"].get("token")
        and 0 <= NOW - event["properties"].get("time", NOW) <= WINDOW_S
        for event in events
    )
    return pairs, [event.get("event") for event in events], int(is_good)


WAYS: dict[str, Callable[[str], Any]] = {
    "trackscope": with_trackscope,
    "bare": bare,
    "standard": standard,
}


def main() -> None:
    """Warm up, wait for the word, measure, print seconds on the clock and of the processor."""
    way = WAYS[sys.argv[1]]
    start, count = int(sys.argv[3]), int(sys.argv[4])
    urls = Path(sys.argv[2]).read_text("utf-8").split("\n")[start : start + count]
    for url in urls[:WARM_UP]:
        way(url)
    print("ready", flush=True)
    sys.stdin.readline()
    started, cpu_before = time.perf_counter(), time.process_time()
    for url in urls:
        way(url)
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu_before
    print(json.dumps({"took_s": took_s, "cpu_s": cpu_s}))


if __name__ == "__main__":
    main()
