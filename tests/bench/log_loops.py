"""Reads an access log in one of several ways, and prints what that took.

Arguments: the way (`trackscope`, `loop` or `piped`), the file, and the bytes it reads: from, to.
The work begins when a line comes in on standard input: so that several begin at once.
"""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import BinaryIO, cast
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
import pybase64

from trackscope.capture.opening import Reading
from trackscope.capture.stream import Stream
from trackscope.wire.era import rule_book
from trackscope.wire.rules import judge
from trackscope.wire.rules.quick import quick_verdict

PATTERN = "/(track|engage|groups|import)|data="
BOOK = rule_book()

_ENTRY = re.compile(
    r"(?P<peer>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]+)\] "
    r'"(?P<method>[A-Z]+) (?P<target>\S+)[^"]*" (?P<status>\d+) (?P<size>\S+) '
    r'"(?P<referrer>[^"]*)" "(?P<agent>[^"]*)"'
)


class Part(io.RawIOBase):
    """A part of a file, from one byte to another."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        super().__init__()
        self._file, self._left = file, end - start
        file.seek(start)

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of the part."""
        piece = self._file.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(piece)
        return piece


def with_trackscope(path: str, start: int, end: int) -> int:
    """As an import does it: every request with its events and its verdict."""
    count = 0
    with open(path, "rb") as file:
        reading = Reading(Stream(cast(BinaryIO, Part(file, start, end))))
        for captured, recognised in reading.recognised():
            request, at, seen = captured.request, captured.at or 0.0, recognised.seen
            quick = quick_verdict(request.url, seen, BOOK, at) if seen else None
            if quick is None:
                judge(request, BOOK, at, recognised.decoded)
            count += 1
    return count


def loop(path: str) -> int:
    """Line by line with a pattern, and the standard library."""
    count = 0
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            entry = _ENTRY.match(line)
            data = parse_qs(urlsplit(entry["target"]).query).get("data") if entry else None
            if data:
                count += _decodes_standard(data[0])
    return count


def _decodes_standard(data: str) -> bool:
    try:
        return bool(json.loads(base64.b64decode(data)))
    except ValueError:
        return False


def piped(path: str) -> int:
    """ripgrep finds the lines, a bare loop decodes them."""
    command = ["rg", "--no-line-number", "--text", PATTERN, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as finder:
        assert finder.stdout is not None
        return sum(map(_decodes_bare, cast(Iterable[bytes], finder.stdout)))


def _decodes_bare(line: bytes) -> bool:
    target = line.split(b" ", 7)[6]
    for piece in target.partition(b"?")[2].split(b"&"):
        name, _, value = piece.partition(b"=")
        if name == b"data":
            data = unquote(value.decode()) if b"%" in value else value
            try:
                return bool(orjson.loads(pybase64.b64decode(data, validate=True)))
            except ValueError:
                return False
    return False


def main() -> None:
    """Wait for the word, measure, print seconds on the clock and of the processor."""
    way, path, start, end = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    print("ready", flush=True)
    sys.stdin.readline()
    started, cpu_before = time.perf_counter(), time.process_time()
    if way == "trackscope":
        count = with_trackscope(path, start, end)
    else:
        count = loop(path) if way == "loop" else piped(path)
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu_before
    print(json.dumps({"took_s": took_s, "cpu_s": cpu_s, "count": count}))


if __name__ == "__main__":
    main()
