"""Logs of JSON lines, of whatever shape: an object a line, in it somewhere a request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from trackscope.capture import accesslog, logfields
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logfields import MAX_NAME, Fields, plain
from trackscope.capture.loglines import BLOCK, NO_REQUEST, candidates, first_lines
from trackscope.capture.rebuilt import is_export
from trackscope.capture.report import Report
from trackscope.capture.shape import IN_BODY
from trackscope.capture.stream import Stream
from trackscope.wire.encoding import raw_bytes

MAX_LEVELS = 6
"""Objects within objects that are looked into for a field."""

MAX_FIELDS = 500
"""Fields of a line that are looked at."""

_MAX_PREFIX = 300
"""Bytes before the object, as syslog, Docker and Kubernetes write them."""

_BYTE_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_IN_QUOTES = re.compile(r'"[A-Z]{3,7} [^"]* HTTP/\d|\] "[A-Z]{3,7} ')


def is_it(head: bytes) -> bool:
    """Whether most of the first lines are objects, and one of them tells of a request."""
    values = [_object(line) for line in first_lines(head)]
    if any(value is not None and is_export(value) for value in values):
        return False  # what this program wrote says more than a log
    if 2 * sum(value is not None for value in values) <= len(values):
        return False
    return any(value is not None and _tells_of_request(value) for value in values)


def _tells_of_request(value: dict[str, Any]) -> bool:
    found = _captured(1, value)
    return found is not None and (found.reply is not None or found.at is not None)


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    for number, line in candidates(stream.blocks(BLOCK), report, IN_BODY):
        value = _object(line)
        found = None if value is None else _captured(number, value)
        if found is None:
            report.pass_over(NO_REQUEST if value is not None else "a line that is no JSON object")
        else:
            yield found


def _object(line: bytes) -> dict[str, Any] | None:
    """The object that a line holds, perhaps behind something short; None where there is none."""
    start = line.find(b"{", 0, _MAX_PREFIX)
    if start < 0:
        return None
    line = line[start:].rstrip(b"\0\r \t,")
    try:
        value = orjson.loads(line)
    except ValueError:
        value = _leniently(line)
    return value if isinstance(value, dict) else None


def _leniently(line: bytes) -> Any:
    """JSON as logs have it: bytes that are no UTF-8, controls in strings, nginx's `\\x22`."""
    if b"\\x" in line:
        line = _BYTE_ESCAPE.sub(_byte, line)
    try:
        return json.loads(line.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return None


def _byte(escape: re.Match[bytes]) -> bytes:
    code = int(escape[2], 16)
    return escape[1] + (b"\\u%04x" % code if code < 0x80 else bytes((code,)))


def _captured(number: int, value: dict[str, Any]) -> Captured | None:
    """The request that an object tells of, or that stands in it as a line of another log."""
    if ("event" in value and "properties" in value) or "$token" in value:
        return None  # itself what is tracked, not a log of it
    fields = _fields(value)
    found = logfields.captured(number, fields)
    if found is not None:
        return found
    for text in fields.values():
        if not isinstance(text, str):
            continue
        inner = _object(raw_bytes(text)) if text.startswith("{") else None
        if inner is not None:  # Docker writes what a program prints so
            return logfields.captured(number, _fields(inner))
        if _IN_QUOTES.search(text):
            return accesslog.read_line(number, raw_bytes(text))
    return None


def _fields(value: dict[str, Any]) -> Fields:
    """The fields of an object and of those within it, the outermost first.

    Of what was answered only what is asked for by its full name: its body is not the request's.
    """
    fields: dict[str, Any] = {}
    level = [("", value)]
    for _ in range(MAX_LEVELS):
        inner = []
        for parent, each in level:
            for key, item in each.items():
                if len(key) > MAX_NAME or len(fields) > MAX_FIELDS:
                    continue
                name = plain(key)
                if parent:
                    fields.setdefault(f"{parent}.{name}", item)
                if not parent.startswith("resp"):
                    fields.setdefault(name, item)
                if isinstance(item, dict):
                    inner.append((parent if parent.startswith("resp") else name, item))
        level = inner
    return fields


JSONLOG = Format("jsonlog", "a log of JSON lines", is_it, read)
