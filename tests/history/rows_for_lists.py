"""Rows of lists for tests that have no history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from trackscope.capture.exchange import Origin
from trackscope.history.rows import Row

_ROW = Row(
    id=1,
    at=1322092800.0,
    origin=Origin.RECEIVED,
    method="GET",
    names=("game",),
    events=1,
    verdict=1,
    predicted=1,
    status=200,
    is_image=False,
    failure="",
    took_ms=1.5,
    target="Built-in collector",
    remark="",
    note="",
    worst=None,
    host="127.0.0.1",
    peer="",
    source="",
    position="",
    page="",
)


def row(id_: int, **fields: Any) -> Row:
    """A row of a received event that was answered 1, but for the fields that are given."""
    return replace(_ROW, id=id_, **fields)
