"""Keeps the index of a history: filled in short steps by who reads, never by who records.

Exchanges are read and decoded before a transaction begins, so that no writer waits for that; what
was changed meanwhile is done again in a later step.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trackscope.capture.exchange import Exchange
from trackscope.errors import DamagedHistoryError
from trackscope.history import rows, tally, vocabulary
from trackscope.history.facts import Facts, Term, facts_of, mark_of, number_of, term_of
from trackscope.history.query import Field
from trackscope.history.statements import for_each, insert_many, transaction

BLOCK = 1024
"""Ids that `span` keeps the times of together."""

STEP_BYTES = 16 * 1024 * 1024
"""Bytes of exchanges that are read for one step."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """The ids from `first` to `last` are next, but for the ranges that are `unfinished`.

    `end` is the last id of the row in `todo`, if the plan is one.
    """

    first: int
    last: int
    end: int | None
    unfinished: tuple[int, ...]


def unindexed(connection: sqlite3.Connection) -> int:
    """How many exchanges are not indexed yet; those of unfinished imports do not count."""
    (count,) = connection.execute(_UNINDEXED).fetchone()
    return int(count)


_UNINDEXED = """
SELECT (SELECT last_id FROM state) - (SELECT indexed_id FROM progress)
    + (SELECT coalesce(sum(last_id - first_id + 1), 0) FROM todo)
    - (SELECT coalesce(sum(max(0, last_id - max(first_id - 1, indexed_id))), 0)
        FROM unfinished, progress)
    - (SELECT coalesce(sum(max(0, last_id - max(first_id - 1, indexed_id))), 0)
        FROM gap, progress)
"""


def step(connection: sqlite3.Connection, limit: int, begin: str) -> int:
    """Index some exchanges, up to `limit`, in a transaction begun by `begin`; 0 when all are."""
    while (plan := _plan(connection)) is not None:
        found, last = _read(connection, plan, limit)
        derived = {
            exchange.id: (exchange.note, exchange.stored is None, facts_of(exchange))
            for exchange in found
            if exchange.id is not None
        }
        with transaction(connection, begin):
            if not _is_next(connection, plan):
                continue  # another process was faster
            _write(connection, derived)
            _advance(connection, plan, last)
        if derived:
            return len(derived)
    return 0


def refresh(connection: sqlite3.Connection, exchange: Exchange) -> None:
    """Index an exchange anew inside a transaction, if it is indexed already."""
    if exchange.id is not None and _known(connection, [exchange.id]):
        facts = facts_of(exchange)
        _write(connection, {exchange.id: (exchange.note, exchange.stored is None, facts)})


def forget(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Take exchanges out of the index, inside a transaction; what is counted is left alone."""
    uses: Counter[int] = Counter()
    texts: list[str] = []
    for _, *columns, marks in for_each(
        connection, "SELECT rowid, * FROM words WHERE rowid IN {ids}", ids
    ):
        texts += columns
        uses.update(number for mark in marks.split() if (number := number_of(mark)) is not None)
    if uses:
        _release_terms(connection, uses)
    for_each(connection, "DELETE FROM words WHERE rowid IN {ids}", ids)
    vocabulary.forget(connection, texts)
    for_each(connection, "DELETE FROM fact WHERE exchange_id IN {ids}", ids)


def _release_terms(connection: sqlite3.Connection, uses: Counter[int]) -> None:
    for count in set(uses.values()):
        ids = [id_ for id_, used in uses.items() if used == count]
        for_each(connection, f"UPDATE term SET uses = uses - {count} WHERE id IN {{ids}}", ids)
    for_each(connection, "DELETE FROM term WHERE uses <= 0 AND id IN {ids}", list(uses))


def _plan(connection: sqlite3.Connection) -> _Plan | None:
    # These two first: what is committed while the rest is read has higher ids.
    (last_id,) = connection.execute("SELECT last_id FROM state").fetchone()
    unfinished = _unfinished(connection, last_id)
    found = connection.execute("SELECT first_id, last_id FROM todo LIMIT 1").fetchone()
    if found is not None:
        return _Plan(found[0], found[1], found[1], unfinished)
    (indexed_id,) = connection.execute("SELECT indexed_id FROM progress").fetchone()
    return _Plan(indexed_id + 1, last_id, None, unfinished) if indexed_id < last_id else None


def _unfinished(connection: sqlite3.Connection, upto_id: int) -> tuple[int, ...]:
    query = "SELECT first_id FROM unfinished WHERE first_id <= ? ORDER BY first_id"
    return tuple(first for (first,) in connection.execute(query, (upto_id,)))


def _is_next(connection: sqlite3.Connection, plan: _Plan) -> bool:
    """Whether the plan still holds, inside the transaction that carries it out."""
    known = tuple(first for first in plan.unfinished if first <= plan.last)
    if _unfinished(connection, plan.last) != known:
        return False  # an import that was left out is finished by now
    if plan.end is not None:
        query = "SELECT 1 FROM todo WHERE first_id = ? AND last_id = ?"
        return connection.execute(query, (plan.first, plan.end)).fetchone() is not None
    (indexed_id,) = connection.execute("SELECT indexed_id FROM progress").fetchone()
    return bool(indexed_id == plan.first - 1)


def _read(connection: sqlite3.Connection, plan: _Plan, limit: int) -> tuple[list[Exchange], int]:
    """Exchanges of the plan, and the id up to which these are all."""
    found: list[Exchange] = []
    count, size, last = 0, 0, plan.last
    cursor = connection.execute(_NEXT, (plan.first, plan.last, limit))
    for values in cursor:
        count, last = count + 1, values[0]
        try:
            exchange = rows.to_exchange(values)
        except DamagedHistoryError:
            continue  # whoever loads it is told
        found.append(exchange)
        size += len(exchange.request.url) + len(exchange.request.body)
        if size > STEP_BYTES:
            return found, last
    return found, plan.last if count < limit else last


_NEXT = f"""
SELECT {rows.EXCHANGE_COLUMNS} FROM exchange LEFT JOIN stored ON stored.exchange_id = exchange.id
WHERE exchange.id BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM unfinished
    WHERE exchange.id BETWEEN unfinished.first_id AND unfinished.last_id)
ORDER BY exchange.id LIMIT ?
"""


def _advance(connection: sqlite3.Connection, plan: _Plan, last: int) -> None:
    if plan.end is None:
        connection.execute("UPDATE progress SET indexed_id = ?", (last,))
        return
    connection.execute("DELETE FROM todo WHERE first_id = ?", (plan.first,))
    if last < plan.end:
        add_todo(connection, last + 1, plan.end)


def add_todo(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Let exchanges that were passed already be indexed (again)."""
    connection.execute(
        "INSERT INTO todo VALUES (?, ?) ON CONFLICT DO UPDATE SET last_id = max(last_id, ?)",
        (first, last, last),
    )


Derived = dict[int, tuple[str, bool, Facts]]
"""By id: the note and whether there are no stored events, as they were read, and the facts."""


def _write(connection: sqlite3.Connection, derived: Derived) -> None:
    known = _known(connection, list(derived))
    now = {
        id_: (rows.text_of(note), is_unstored, deletion if not twin else None)
        for id_, note, is_unstored, deletion, twin in for_each(connection, _NOW, list(derived))
    }
    facts = {}
    for id_, (note, is_unstored, each) in derived.items():
        if id_ in now:  # else it was purged meanwhile
            facts[id_] = each
            if now[id_][:2] != (note, is_unstored):
                add_todo(connection, id_, id_)
    if known:
        forget(connection, sorted(known))
    _insert(connection, facts)
    tally.add_events(
        connection,
        (
            (deletion, each.events)
            for id_, each in facts.items()
            if id_ not in known and (deletion := now[id_][2]) is not None
        ),
    )


_NOW = f"""
SELECT exchange.id, exchange.note,
    NOT EXISTS (SELECT 1 FROM stored WHERE stored.exchange_id = exchange.id),
    {tally.DELETION}, exchange.twin
FROM exchange WHERE exchange.id IN {{ids}}
"""


def _known(connection: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    query = "SELECT exchange_id FROM fact WHERE exchange_id IN {ids}"
    return {id_ for (id_,) in for_each(connection, query, ids)}


def _insert(connection: sqlite3.Connection, facts: dict[int, Facts]) -> None:
    found = Counter(term for each in facts.values() for term in each.terms)
    entries = {term: (term[0], term_of(term[1])) for term in found}
    uses: Counter[Term] = Counter()
    for term, count in found.items():
        uses[entries[term]] += count
    returned = insert_many(
        connection,
        "INSERT INTO term (field, value, uses)",
        [(*term, count) for term, count in uses.items()],
        "ON CONFLICT (field, value) DO UPDATE SET uses = uses + excluded.uses "
        "RETURNING field, value, id",
    )
    ids = {(field, value): id_ for field, value, id_ in returned}
    number = {term: ids[entry] for term, entry in entries.items()}
    mark = {term: mark_of(id_) for term, id_ in number.items()}
    words = []
    narrow = []
    for id_, each in facts.items():
        marks = " ".join((*each.flags, *{mark[term] for term in each.terms}))
        words.append((id_, *each.words, marks))
        narrow.append((id_, each.at, each.verdict, number.get((Field.PAGE, each.page))))
    insert_many(
        connection,
        "INSERT INTO words (rowid, event, token, host, source, page, text, marks)",
        words,
    )
    vocabulary.add(connection, {text for each in facts.values() for text in each.words})
    insert_many(connection, "INSERT INTO fact", narrow)
    _widen_spans(connection, ((id_, each.at) for id_, each in facts.items()))


def _widen_spans(connection: sqlite3.Connection, times: Iterable[tuple[int, float]]) -> None:
    spans: dict[int, tuple[float, float]] = {}
    for id_, at in times:
        low, high = spans.get(id_ // BLOCK, (at, at))
        spans[id_ // BLOCK] = min(low, at), max(high, at)
    insert_many(
        connection,
        "INSERT INTO span",
        [(block, *times) for block, times in spans.items()],
        "ON CONFLICT DO UPDATE SET from_at = min(from_at, excluded.from_at), "
        "to_at = max(to_at, excluded.to_at)",
    )
