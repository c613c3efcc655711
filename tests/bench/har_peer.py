"""Reads one HAR file in one way, and prints what it took as JSON; run in a process of its own.

python tests/bench/har_peer.py ours|read|json|orjson|ijson FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

CHUNK = 1 << 20
MARK = "mixpanel.com/track/"

Way = Callable[[str], Iterator[Any]]
"""Finds the tracking requests of a file; made first, so that imports are not measured."""


def ours() -> Way:
    """The requests, through the reader that every capture goes through."""
    from trackscope.capture.opening import Reading
    from trackscope.capture.stream import Stream

    def way(path: str) -> Iterator[Any]:
        with open(path, "rb") as file:
            yield from Reading(Stream(file))

    return way


def plainly() -> Way:
    """Nothing: the file is only read."""

    def way(path: str) -> Iterator[Any]:
        with open(path, "rb", buffering=0) as file:
            while file.read(CHUNK):
                pass
        yield from ()

    return way


def with_json() -> Way:
    """The entries of which the URL is the one that is tracked to."""

    def way(path: str) -> Iterator[Any]:
        with open(path, "rb") as file:
            yield from filter(_is_tracking, json.load(file)["log"]["entries"])

    return way


def with_orjson() -> Way:
    """The same, by the fastest parser there is."""
    import orjson

    def way(path: str) -> Iterator[Any]:
        with open(path, "rb") as file:
            yield from filter(_is_tracking, orjson.loads(file.read())["log"]["entries"])

    return way


def with_ijson() -> Way:
    """The same, by the streaming parser that people use, with its fastest backend."""
    import ijson  # type: ignore[import-not-found]  # installed apart, by the benchmark

    def way(path: str) -> Iterator[Any]:
        with open(path, "rb") as file:
            entries = ijson.items(file, "log.entries.item", use_float=True)
            yield from filter(_is_tracking, entries)

    return way


def _is_tracking(entry: Any) -> bool:
    return MARK in entry["request"]["url"]


WAYS: dict[str, Callable[[], Way]] = {
    "ours": ours,
    "read": plainly,
    "json": with_json,
    "orjson": with_orjson,
    "ijson": with_ijson,
}


def peak_mb() -> float:
    """The most memory that this process had in RAM at once, in MB.

    getrusage would count what its parent had when it was started.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def main() -> None:
    """Read, and print."""
    way, path = WAYS[sys.argv[1]](), sys.argv[2]
    started, cpu = perf_counter(), process_time()
    first_ms = 0.0
    count = 0
    for _ in way(path):
        first_ms = first_ms or (perf_counter() - started) * 1000
        count += 1
    took = {
        "wall_s": perf_counter() - started,
        "cpu_s": process_time() - cpu,
        "peak_mb": peak_mb(),
        "first_ms": first_ms,
        "count": count,
    }
    print(json.dumps(took))


if __name__ == "__main__":
    main()
