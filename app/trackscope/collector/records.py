"""What the collector reads out of records, be they events or profiles."""

from __future__ import annotations

from math import isfinite
from typing import Any


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
