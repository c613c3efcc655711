"""What of a history is listed, and in which order: by id, page by page, filtered by a query."""

from __future__ import annotations

import heapq
import math
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from trackscope.history import rows, tally
from trackscope.history.index import BLOCK
from trackscope.history.query import Field, Query
from trackscope.history.search import Search, compiled
from trackscope.history.statements import for_each

MAX_CHECKS = 1000
"""Exchanges that are decoded for one page of ids."""

PAGE_IDS = 10_000
"""Ids that are looked for at a time where all are wanted."""

MAX_RANGES = 8
"""Ranges of ids that are searched one by one for a range of time."""


@dataclass(frozen=True, slots=True)
class Ids:
    """A page of the ids that a query finds, in the order that was asked for.

    `after_id` is where the next page goes on, None where this was the last. A page may be empty
    and not be the last: checking values is done in steps.
    """

    ids: array[int]
    after_id: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the ids is wanted: up to `limit` beyond `after_id`, none above `upto_id`."""

    limit: int
    after_id: int | None = None
    upto_id: int | None = None
    is_newest_first: bool = False
    has_twins: bool = False

    @property
    def lowest(self) -> int:
        """The lowest id that can be on the page."""
        return 1 if self.is_newest_first or self.after_id is None else self.after_id + 1

    @property
    def highest(self) -> int:
        """The highest id that can be on the page."""
        highest = 2**62 if self.upto_id is None else self.upto_id
        if self.is_newest_first and self.after_id is not None:
            highest = min(highest, self.after_id - 1)
        return highest


def ids(connection: sqlite3.Connection, query: Query, wanted: Wanted) -> Ids:
    """A page of the ids that a query finds; without terms they are known without looking."""
    if not query.terms:
        return _listed(connection, wanted)
    search = compiled(connection, query)
    limit = min(wanted.limit, MAX_CHECKS) if search.checks else wanted.limit
    order = "DESC" if wanted.is_newest_first else "ASC"
    found: array[int] = array("q")
    for first, last in _id_ranges(connection, search, wanted):
        select = Select.of(connection, search, first, last, has_twins=wanted.has_twins)
        statement = f"SELECT {select.id} {select.sql} ORDER BY 1 {order} LIMIT ?"
        part = connection.execute(statement, (*select.values, limit - len(found)))
        found.extend(id_ for (id_,) in part)
        if len(found) >= limit:
            break
    after_id = found[-1] if len(found) >= limit else None
    if search.checks:
        found = array("q", _checked(connection, search, found))
    return Ids(found, after_id)


@dataclass(frozen=True, slots=True)
class Select:
    """FROM and WHERE for what a search finds, its `checks` apart; `id` is the column of ids."""

    id: str
    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(
        cls,
        connection: sqlite3.Connection,
        search: Search,
        first: int = 1,
        last: int = 2**62,
        *,
        has_twins: bool = False,
        needs_fact: bool = False,
    ) -> Select:
        """What is found among the ids from `first` to `last`; `needs_fact` for its columns."""
        where: list[str] = []
        values: list[Any] = []
        id_, tables = "fact.exchange_id", "fact"
        if search.match is not None:
            id_, tables = "words.rowid", "words"
            where.append("words MATCH ?")
            values.append(search.match)
            if needs_fact or search.after is not None or search.before is not None:
                # CROSS: the words are looked for first, whatever the planner thinks of it
                tables = "words CROSS JOIN fact ON fact.exchange_id = words.rowid"
        where.append(f"{id_} BETWEEN ? AND ?")
        values += [first, last]
        for condition, limit in (("fact.at >= ?", search.after), ("fact.at < ?", search.before)):
            if limit is not None:
                where.append(condition)
                values.append(limit)
        where += _shown(connection, id_, has_twins=has_twins)
        return cls(id_, f"FROM {tables} WHERE {' AND '.join(where)}", tuple(values))


def count(connection: sqlite3.Connection, query: Query) -> int:
    """How many exchanges a query finds; by origin and verdict they are counted already."""
    counted = _tally_of(query)
    if counted is not None:
        statement, values = counted
        return int(connection.execute(statement, values).fetchone()[0])
    search = compiled(connection, query)
    if search.checks:
        return sum(len(page) for page in pages_of_ids(connection, query))
    total = 0
    for first, last in _id_ranges(connection, search, Wanted(0)):
        select = Select.of(connection, search, first, last)
        statement = f"SELECT count(*) {select.sql}"
        total += int(connection.execute(statement, select.values).fetchone()[0])
    return total


def pages_of_ids(connection: sqlite3.Connection, query: Query) -> Iterator[array[int]]:
    """Every id that a query finds, in order, in pages."""
    page = ids(connection, query, Wanted(PAGE_IDS))
    yield page.ids
    while page.after_id is not None:
        page = ids(connection, query, Wanted(PAGE_IDS, page.after_id))
        yield page.ids


def _tally_of(query: Query) -> tuple[str, list[Any]] | None:
    """The statement that adds up counts, if the query asks for nothing but these."""
    where = [f"deletion = {tally.SHOWN}"]
    values: list[Any] = []
    for term in query.terms:
        if term.field is Field.ORIGIN:
            values.append(term.value.casefold())
        elif term.field is Field.VERDICT:
            values.append(int(term.value) if term.value.isdecimal() else tally.NO_VERDICT)
        else:
            return None
        where.append(f"{term.field} {'<>' if term.is_not else '='} ?")
    return f"SELECT coalesce(sum(count), 0) FROM tally WHERE {' AND '.join(where)}", values


def _shown(connection: sqlite3.Connection, id_: str, *, has_twins: bool) -> list[str]:
    """Conditions for ids in the index to be listed; none where nothing is hidden."""
    where = []
    (upto_id,) = connection.execute(_CLEARED).fetchone()
    if upto_id:
        where.append(f"{id_} > {int(upto_id)}")
    if connection.execute("SELECT 1 FROM hidden LIMIT 1").fetchone():
        where.append(f"NOT EXISTS (SELECT 1 FROM hidden WHERE hidden.exchange_id = {id_})")
    if not has_twins and connection.execute(f"SELECT 1 {_TWINS} LIMIT 1").fetchone():
        where.append(f"NOT EXISTS (SELECT 1 {_TWINS} AND exchange.id = {id_})")
    return where


_CLEARED = "SELECT coalesce(max(upto_id), 0) FROM deletion"
_TWINS = "FROM exchange INDEXED BY exchange_twin WHERE exchange.twin"


def _id_ranges(
    connection: sqlite3.Connection, search: Search, wanted: Wanted
) -> list[tuple[int, int]]:
    """Ranges in which all wanted ids lie, in the order that is wanted: few if a time is asked."""
    ranges = [(wanted.lowest, wanted.highest)]
    if search.after is not None or search.before is not None:
        after = -math.inf if search.after is None else search.after
        before = math.inf if search.before is None else search.before
        blocks = [block for (block,) in connection.execute(_BLOCKS, (after, before))]
        found = [(each.start * BLOCK, each.stop * BLOCK - 1) for each in _joined(blocks)]
        ranges = [
            (max(first, wanted.lowest), min(last, wanted.highest))
            for first, last in found
            if first <= wanted.highest and last >= wanted.lowest
        ]
    return ranges[::-1] if wanted.is_newest_first else ranges


_BLOCKS = "SELECT block FROM span WHERE to_at >= ? AND from_at < ? ORDER BY block"


def _joined(numbers: Sequence[int]) -> list[range]:
    """At most MAX_RANGES ranges that hold the ascending numbers, and as few others as possible.

    >>> _joined([1, 2, 5])
    [range(1, 3), range(5, 6)]
    """
    if not numbers:
        return []
    steps = [(after - before, index) for index, (before, after) in enumerate(pairwise(numbers), 1)]
    widest = heapq.nlargest(MAX_RANGES - 1, (each for each in steps if each[0] > 1))
    cuts = [0, *sorted(index for _, index in widest), len(numbers)]
    return [range(numbers[start], numbers[end - 1] + 1) for start, end in pairwise(cuts)]


def _listed(connection: sqlite3.Connection, wanted: Wanted) -> Ids:
    """A page of all ids in the list: those that were given out, and not taken away since."""
    taken = connection.execute(_TAKEN_RANGES).fetchall()
    taken += ((id_, id_) for (id_,) in connection.execute("SELECT exchange_id FROM hidden"))
    if not wanted.has_twins:
        taken += ((id_, id_) for (id_,) in connection.execute(f"SELECT exchange.id {_TWINS}"))
    (last_id,) = connection.execute("SELECT last_id FROM state").fetchone()
    ranges = list(_between(sorted(taken), wanted.lowest, min(last_id, wanted.highest)))
    found: array[int] = array("q")
    for each in reversed(ranges) if wanted.is_newest_first else ranges:
        found.extend((each[::-1] if wanted.is_newest_first else each)[: wanted.limit - len(found)])
        if len(found) >= wanted.limit:
            return Ids(found, found[-1] if found else None)
    return Ids(found, None)


_TAKEN_RANGES = """
SELECT first_id, last_id FROM gap UNION ALL SELECT first_id, last_id FROM unfinished
UNION ALL SELECT 1, max(upto_id) FROM deletion HAVING max(upto_id) > 0
"""


def _between(taken: Iterable[tuple[int, int]], lowest: int, highest: int) -> Iterator[range]:
    """What is left from `lowest` to `highest` without ranges, ordered by their first number.

    >>> list(_between([(2, 3), (3, 3), (7, 9)], 1, 8))
    [range(1, 2), range(4, 7)]
    """
    start = lowest
    for first, last in taken:
        if first > highest:
            break
        if first > start:
            yield range(start, first)
        start = max(start, last + 1)
    if start <= highest:
        yield range(start, highest + 1)


def _checked(connection: sqlite3.Connection, search: Search, found: Sequence[int]) -> Iterator[int]:
    """Those of the ids, in their order, whose exchanges have the values that are asked for."""
    if not found:
        return
    doubtful = [
        (check, _meeting(connection, check.match, min(found), max(found)))
        for check in search.checks
    ]
    for id_ in found:
        checks = [check for check, meeting in doubtful if id_ in meeting]
        if not checks:
            yield id_  # what is not wanted cannot be in it
            continue
        values = connection.execute(LOAD, (id_,)).fetchone()
        if values is None:
            continue  # purged just now
        exchange = rows.to_exchange(values)
        if all(check.holds(exchange) for check in checks):
            yield id_


def _meeting(connection: sqlite3.Connection, match: str, first: int, last: int) -> set[int]:
    query = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
    return {id_ for (id_,) in connection.execute(query, (match, first, last))}


LOAD = (
    f"SELECT {rows.EXCHANGE_COLUMNS} FROM exchange "
    "LEFT JOIN stored ON stored.exchange_id = exchange.id WHERE exchange.id = ?"
)
"""Loads an exchange for `rows.to_exchange`."""


def rows_of(connection: sqlite3.Connection, wanted: Sequence[int]) -> list[rows.Row]:
    """The rows of these exchanges, in this order; those that were purged are left out."""
    query = (
        f"SELECT {rows.ROW_COLUMNS} FROM exchange "
        "LEFT JOIN stored ON stored.exchange_id = exchange.id WHERE exchange.id IN {ids}"
    )
    found = {each[0]: each for each in for_each(connection, query, wanted)}
    return [rows.to_row(found[id_]) for id_ in wanted if id_ in found]
