"""What the collector reads out of records, be they events or profiles."""

from __future__ import annotations

from math import isfinite
from typing import Any


def token_of(record: Any) -> str:
    """The project's token: in an event's properties, or a profile's `$token`; empty for none.

    >>> token_of({"event": "a", "properties": {"token": "t"}}), token_of({"$token": "t"})
    ('t', 't')
    """
    if not isinstance(record, dict):
        return ""
    properties = record.get("properties")
    token = properties.get("token") if isinstance(properties, dict) else record.get("$token")
    return token if isinstance(token, str) else ""


def insert_id_of(record: Any) -> str:
    """An event's `$insert_id`, by which its sender means it to be one; empty for none."""
    properties = record.get("properties") if isinstance(record, dict) else None
    insert_id = properties.get("$insert_id") if isinstance(properties, dict) else None
    return insert_id if isinstance(insert_id, str) else ""


def finite(value: Any) -> Any:
    """The value with None for each number that JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return list(map(finite, value))
    return None if isinstance(value, float) and not isfinite(value) else value
