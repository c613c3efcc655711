"""Counts of what the list shows, and of what each deletion took from it, kept and not counted."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from trackscope.history.facts import term_of
from trackscope.history.statements import for_each, insert_many

SHOWN = 0
"""The deletion under which is counted what is not deleted."""

NO_VERDICT = -1
"""How a missing verdict is counted."""

VERDICT = f"""coalesce(exchange.verdict, CASE WHEN exchange.origin = 'opened'
    AND (exchange.status IS NULL OR exchange.status = 200 AND length(exchange.reply_body) = 0)
    THEN exchange.predicted END, {NO_VERDICT})"""
"""The verdict of a row of `exchange` that is counted and filtered by, in SQL."""

DELETION = f"""coalesce(
    (SELECT deletion FROM hidden WHERE exchange_id = exchange.id),
    (SELECT min(id) FROM deletion WHERE upto_id >= exchange.id), {SHOWN})"""
"""The deletion that a row of `exchange` is counted under: the first that took it."""

_ADD = "ON CONFLICT DO UPDATE SET count = count + excluded.count"


def add_rows(connection: sqlite3.Connection, first_id: int, deletion: int = SHOWN) -> None:
    """Count the exchanges from that id on, twins apart."""
    connection.execute(
        f"""INSERT INTO tally SELECT ?, origin, {VERDICT}, count(*)
        FROM exchange WHERE id >= ? AND twin = 0 GROUP BY 2, 3 {_ADD}""",
        (deletion, first_id),
    )


def add_events(
    connection: sqlite3.Connection, counted: Iterable[tuple[int, Counter[str]]], sign: int = 1
) -> None:
    """Count events of exchanges, each with the deletion that it is counted under."""
    sums: Counter[tuple[int, str]] = Counter()
    for deletion, events in counted:
        for event, count in events.items():
            sums[deletion, term_of(event)] += count
    rows = [(*key, sign * count) for key, count in sums.items()]
    insert_many(connection, "INSERT INTO event_tally", rows, _ADD)


def take(connection: sqlite3.Connection, ids: Sequence[int], deletion: int) -> None:
    """Count exchanges that are shown, twins apart, as deleted."""
    _add(connection, ids, SHOWN, -1)
    _add(connection, ids, deletion, 1)


def take_off(connection: sqlite3.Connection, exchange_id: int, deletion: int) -> None:
    """Count an exchange no more that is counted under a deletion."""
    _add(connection, [exchange_id], deletion, -1)


def _add(connection: sqlite3.Connection, ids: Sequence[int], deletion: int, sign: int) -> None:
    add_events(connection, [(deletion, each) for each in _events_of(connection, ids)], sign)
    statement = f"""INSERT INTO tally SELECT {deletion}, origin, {VERDICT}, {sign} * count(*)
        FROM exchange WHERE id IN {{ids}} GROUP BY 2, 3 {_ADD}"""
    for_each(connection, statement, ids)


def _events_of(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Counter[str]]:
    """The events of those of the exchanges that are indexed, and so counted."""
    found = for_each(connection, _NAMES, ids)
    return [Counter(json.loads(names)) for (names,) in found]


_NAMES = """
SELECT CAST(exchange.names AS BLOB) FROM exchange JOIN fact ON fact.exchange_id = exchange.id
WHERE exchange.id IN {ids}
"""


def move(connection: sqlite3.Connection, source: int, target: int) -> None:
    """Count under `target` what was counted under `source`."""
    connection.execute(
        f"INSERT INTO tally SELECT ?, origin, verdict, count FROM tally WHERE deletion = ? {_ADD}",
        (target, source),
    )
    connection.execute(
        "INSERT INTO event_tally SELECT ?, event, count FROM event_tally "
        f"WHERE deletion = ? {_ADD}",
        (target, source),
    )
    drop(connection, source, source)


def drop(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Forget what was counted under these deletions."""
    for table in ("tally", "event_tally"):
        connection.execute(f"DELETE FROM {table} WHERE deletion BETWEEN ? AND ?", (first, last))


def total(connection: sqlite3.Connection, deletion: int = SHOWN) -> int:
    """How many exchanges are counted under a deletion."""
    query = "SELECT coalesce(sum(count), 0) FROM tally WHERE deletion = ?"
    (count,) = connection.execute(query, (deletion,)).fetchone()
    return int(count)
