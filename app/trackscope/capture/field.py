"""What one field holds (a cell of a table, a string in JSON): URLs, a payload, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from trackscope.capture import payload
from trackscope.capture import text as prose
from trackscope.capture.found import Captured
from trackscope.capture.payload import DEFAULT_BASE
from trackscope.wire import json_text
from trackscope.wire.encoding import to_base64

_MAY_HOLD_URL = ("://", ":\\/", "/?")
"""What stands in every URL that `text` finds, with or without its scheme."""


def read(value: str) -> Iterator[Captured]:
    """The requests in a field, without their place in it: every URL, or the payload it is.

    >>> [each.request.url for each in read("http://h/track?data=e30")]
    ['http://h/track?data=e30']
    """
    return (replace(found, span=None) for found in _read(value))


def _read(value: str) -> Iterator[Captured]:
    if value.lstrip()[:1] in ("{", "[") and payload.holds_records(value):
        yield from payload.read_json(value, base_for(json_text.parse(value).value))
    elif any(mark in value for mark in _MAY_HOLD_URL) and prose.looks_like(value):
        yield from prose.read(value, DEFAULT_BASE)
    elif "data=" in value and payload.looks_like_form(value):
        yield from payload.read_form(value, DEFAULT_BASE)
    elif payload.is_data(value):
        yield from payload.read_base64(value, DEFAULT_BASE)


def is_record(value: Any) -> bool:
    """Whether a JSON value is an event or a profile, whatever else stands around it."""
    if not isinstance(value, dict):
        return False
    return "$token" in value or ("event" in value and isinstance(value.get("properties"), dict))


def are_records(value: Any) -> bool:
    """Whether a JSON value is such an object, or a list with one in it."""
    return any(map(is_record, value)) if isinstance(value, list) else is_record(value)


def base_for(value: Any) -> str:
    """Where records go that come without a URL: events, profiles and groups each to their own."""
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict) or "$token" not in first:
        return DEFAULT_BASE
    endpoint = "groups" if "$group_key" in first else "engage"
    return DEFAULT_BASE.replace("/track/", f"/{endpoint}/")


def from_records(value: Any, literal: str) -> Captured:
    """A GET with records that came without a URL, as the JSON text that they were written in."""
    return Captured(payload.with_data(base_for(value), to_base64(literal)), "JSON")
