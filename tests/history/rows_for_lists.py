"""Rows of lists for tests that have no history."""

from __future__ import annotations

from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history import history
from trackscope.history.rows import Row
from trackscope.wire.request import TrackRequest


def row(id_: int, **fields: Any) -> Row:
    """A row of a received event that was answered 1, but for the fields that are given."""
    usual: dict[str, Any] = {}
    return Row(**usual | fields)
