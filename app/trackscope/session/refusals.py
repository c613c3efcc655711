"""Which of the requests that the collector received it answered with 0, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from trackscope.capture.exchange import Origin
from trackscope.history.history import History
from trackscope.history.query import Query
from trackscope.history.rows import Row

MOST = 1_000
"""Exchanges that are looked at for one message; of more, the newest."""


def newest_id(history: History) -> int:
    """The newest exchange's id; 0 where there is none. It blocks."""
    found = history.ids(Query(), None, 1, newest_first=True).ids
    return found[0] if found else 0


def refused_since(history: History, last_id: int) -> tuple[list[Row], int]:
    """The received requests newer than `last_id` that were answered 0, and the newest id there is.

    The newest comes first. It blocks.
    """
    ids = history.ids(Query(), None, MOST, newest_first=True).ids
    newer = [id_ for id_ in ids if id_ > last_id]
    found = [row for row in history.rows(newer) if _is_refused(row)]
    return found, max([last_id, *newer])


def _is_refused(row: Row) -> bool:
    return row.origin is Origin.RECEIVED and row.verdict == 0


def refusal_text(refused: Sequence[Row]) -> str:
    """What was refused, and why the newest was: one sentence or two."""
    newest = refused[0]
    name = newest.names[0] if newest.names else "a request that cannot be read"
    reason = f": {newest.remark}" if newest.remark else ""
    if len(refused) == 1:
        return f"{name}{reason}"
    return f"{len(refused):,} requests. The newest is {name}{reason}"
