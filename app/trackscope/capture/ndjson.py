"""NDJSON: what this program exports, events one a line, and any JSON objects that hold requests.

orjson reads the lines; one that it refuses (NaN, halves of surrogate pairs, broken JSON) is read
again by the careful parser, which says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from trackscope.capture import described, field, payload
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.lines import lines
from trackscope.capture.rebuilt import from_export, is_export
from trackscope.capture.report import Report
from trackscope.capture.stream import HEAD, Stream
from trackscope.wire import json_text
from trackscope.wire.json_defect import JsonDefect

BROKEN = "a line that is no JSON"
"""Why a line is passed over that cannot be read."""

_LOOKED_AT = 20
"""Lines at the beginning by which the format is recognised."""

_FIRST_KEYS = (b'"event"', b'"properties"', b'"$token"', b'"source"', b'"sdk"', b'"id"')
"""What a line begins with that is longer than what is looked at."""

_MARKS = (b"://", b":\\/\\/", b'"method"', b'"event"', b'"$token"', b"data=", b"eyJ")
"""One of these stands in every line with a request somewhere within; the others are not walked."""

_LOG_KEYS = frozenset(("request", "req", "request_uri", "uri", "request_line", "RequestPath"))
"""Keys of access logs in JSON: those are another format."""


def is_it(head: bytes) -> bool:
    """Whether the first line that can be read is an object of ours, an event, or has a URL."""
    found = head.split(b"\n", _LOOKED_AT)
    if len(found) == 1 and len(head) >= HEAD:
        start = head.lstrip()
        return start[:1] == b"{" and start[1:].lstrip().startswith(_FIRST_KEYS)
    written = [line for line in found[:_LOOKED_AT] if line.strip()]
    for line in written:
        if line.lstrip()[:1] != b"{":
            return False
        value = _value(line)
        if not isinstance(value, JsonDefect):  # one object alone is JSON like any other
            return is_export(value) or (len(written) > 1 and _holds_request(value))
    return False


def _holds_request(value: Any) -> bool:
    if field.is_record(value) or described.is_request(value):
        return True
    if _LOG_KEYS & value.keys():
        return False
    return any(next(field.read(each), None) for each in value.values() if isinstance(each, str))


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests of every line, in order; lines that are no JSON are counted and told."""
    for number, line in lines(stream, report):
        if not line.strip():
            continue
        count = 0
        for captured in _requests(line, number, report):
            yield replace(captured, position=f"line {number}")
            count += 1
        if not count:
            report.pass_over()


def _requests(line: bytes, number: int, report: Report) -> Iterator[Captured]:
    value = _value(line)
    if isinstance(value, JsonDefect):
        yield from _broken(line, value, number, report)
    elif isinstance(value, dict) and is_export(value):
        yield from_export(value, _text(line))
    elif field.are_records(value):
        yield field.from_records(value, _text(line))
    elif captured := described.request_of(value):
        yield captured
    elif any(mark in line for mark in _MARKS):
        yield from described.found_in(_exact(value, line))


def _value(line: bytes) -> Any:
    """The line's value, or the JsonDefect that prevents it."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        if line.lstrip()[:1] not in (b"{", b"["):  # not worth a second look
            return JsonDefect("json.syntax", "an object is expected", 0)
        parsed = json_text.parse(_text(line))
        return parsed.defect or parsed.value


def _text(line: bytes) -> str:
    return line.strip().decode("utf-8", "surrogateescape")


def _exact(value: Any, line: bytes) -> Any:
    """The value with integers of any length, where there are events that have to be written out."""
    if b'"event"' not in line and b'"$token"' not in line:
        return value
    return json_text.parse(_text(line)).value


def _broken(line: bytes, defect: JsonDefect, number: int, report: Report) -> Iterator[Captured]:
    """An event that is broken is a payload all the same; the rules say what is wrong with it."""
    if b'"event"' in line and payload.holds_records(_text(line)):
        yield from payload.read_json(_text(line), payload.DEFAULT_BASE)
        return
    report.pass_over(BROKEN)
    report.tell(f"Line {number} is no JSON ({defect.message}): it was passed over.")


NDJSON = Format("ndjson", "NDJSON", is_it, read)
