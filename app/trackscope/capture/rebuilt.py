"""Requests put together again from a line that tells what they carried, not how they were sent."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

from trackscope.capture.described import request_of
from trackscope.capture.found import SECRET_HEADERS, Captured
from trackscope.wire import json_text
from trackscope.wire.encoding import raw_bytes, to_base64
from trackscope.wire.request import FORM_TYPE, TrackRequest, form_encode

NOTE = "rebuilt from its events: the line does not say how they were written"

_KEYS = frozenset(("method", "endpoint", "params", "transport", "events"))
_JSON_TYPE = "application/json"


def is_export(line: dict[str, Any]) -> bool:
    """Whether an object is a line that this program exports or `decode` prints."""
    return line.keys() >= _KEYS and isinstance(line["method"], str)


def from_export(line: dict[str, Any], text: str) -> Captured:
    """The request of such a line, without its position.

    `text` is the line itself: where it has no URL, the events are taken from it as they are
    written there, big numbers and repeated keys too.
    """
    literal = request_of(line)
    if literal is not None and isinstance(line.get("url"), str):
        request = replace(literal.request, method=line["method"], headers=_headers(line))
        return replace(literal, request=request)
    events = _events(line, text)
    known = request_of({**line, "url": _address(line)})
    assert known is not None  # a line of ours has a method, and so it has a URL
    problem = "" if events else "its events could not be read when it was exported"
    request = _request(line, known.request.url, events)
    return replace(known, request=request, notes=(*known.notes, NOTE), problem=problem)


def _headers(line: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """All headers as they were exported, those of the connection too; secrets are not read."""
    written = line.get("headers")
    pairs = filter(_is_pair, written) if isinstance(written, list) else ()
    return tuple((name, value) for name, value in pairs if name.lower() not in SECRET_HEADERS)


def _is_pair(header: Any) -> bool:
    is_list = isinstance(header, list) and len(header) == 2
    return is_list and all(isinstance(each, str) for each in header)


def _events(line: dict[str, Any], text: str) -> str:
    """The JSON of the events as it stands in the line; empty where they are unknown."""
    events = line["events"]
    if not isinstance(events, list):
        return ""
    node = json_text.find(text, "/events/0" if len(events) == 1 else "/events")
    return text[node.value.start : node.value.end] if node else ""


def _address(line: dict[str, Any]) -> str:
    host = line.get("host")
    return f"http://{host if isinstance(host, str) else ''}{line['endpoint']}"


def _request(line: dict[str, Any], url: str, events: str) -> TrackRequest:
    """The request in the transport the line names, its parameters beside the data."""
    carrier, _, form = str(line["transport"]).partition("-")
    pairs = list(line["params"].items()) if isinstance(line["params"], dict) else []
    data = [("data", to_base64(events) if form.startswith("base64") else events)] if events else []
    method = str(line["method"]).upper()
    if carrier == "query":
        return TrackRequest(method, _with_query(url, [*data, *pairs]))
    if carrier == "form":
        body, kind = _query([*data, *pairs]).encode(), FORM_TYPE
    else:
        url, body, kind = _with_query(url, pairs), raw_bytes(events), _JSON_TYPE
    headers = [("Content-Type", kind)] if body else []
    if form.endswith("-gzip"):
        headers.append(("Content-Encoding", "gzip"))
        body = gzip.compress(body, mtime=0)
    return TrackRequest(method, url, tuple(headers), body)


def _with_query(url: str, pairs: list[tuple[str, Any]]) -> str:
    return f"{url}?{_query(pairs)}" if pairs else url


def _query(pairs: list[tuple[str, Any]]) -> str:
    return "&".join(f"{form_encode(name)}={form_encode(str(value))}" for name, value in pairs)
