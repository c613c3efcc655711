"""What a list is surveyed by: its time line, its navigations, its events, and completions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trackscope.history import tally
from trackscope.history.listing import Select, pages_of_ids
from trackscope.history.query import Field, Query
from trackscope.history.search import compiled, like_pattern

MAX_DIVIDERS = 10_000
MAX_COMPLETIONS = 5_000
"""Values that are looked at to offer the most used of them."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many exchanges of a stretch of time were answered 1, 0, or neither."""

    ones: int = 0
    zeros: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Stretches of equal length from the first to the last exchange, in seconds since 1970.

    Without any exchange there are no buckets, and both times are 0.
    """

    from_at: float = 0.0
    to_at: float = 0.0
    buckets: tuple[Bucket, ...] = ()


def timeline(connection: sqlite3.Connection, query: Query, buckets: int) -> Timeline:
    """How what a query finds is spread over time; what is not indexed yet is left out."""
    sources = list(_sources(connection, query))
    ends = [_read(connection, each, "min(fact.at), max(fact.at)")[0] for each in sources]
    known = [end for end in ends if end[0] is not None]
    if not known:
        return Timeline()
    low, high = min(end[0] for end in known), max(end[1] for end in known)
    width = (high - low) / buckets
    counts = [[0, 0, 0] for _ in range(buckets)]
    columns = "min(CAST((fact.at - ?) / ? AS INTEGER), ?) AS bucket, fact.verdict, count(*)"
    values = (low, width if width > 0 else 1.0, buckets - 1)
    for each in sources:
        for bucket, verdict, count in _read(connection, each, columns, values, "GROUP BY 1, 2"):
            # a time that is not finite, in a damaged file, leaves no bucket
            counts[bucket or 0][{1: 0, 0: 1}.get(verdict, 2)] += count
    return Timeline(low, high, tuple(Bucket(*each) for each in counts))


def dividers(connection: sqlite3.Connection, query: Query) -> list[tuple[int, str]]:
    """The first exchange of each navigation, with its page, among what a query finds.

    The page is empty where exchanges that belong to none follow others. At most MAX_DIVIDERS.
    """
    if connection.execute("SELECT 1 FROM term WHERE field = 'page' LIMIT 1").fetchone() is None:
        return []
    changes: list[tuple[int, int | None]] = []
    page: int | None = None
    for each in _sources(connection, query):
        select = Select(
            each.id,
            f"FROM (SELECT {each.id} AS id, fact.page AS page, "
            f"lag(fact.page) OVER (ORDER BY {each.id}) AS earlier, "
            f"row_number() OVER (ORDER BY {each.id}) AS number {each.sql}) "
            "WHERE page IS NOT earlier OR number = 1",
            each.values,
        )
        for id_, number in _read(connection, select, "id, page", then=_FIRST):
            if number != page:
                changes.append((id_, number))
                page = number
    pages = {number: _page(connection, number) for number in {each for _, each in changes}}
    return [(id_, pages[number]) for id_, number in changes[:MAX_DIVIDERS]]


_FIRST = f"ORDER BY id LIMIT {MAX_DIVIDERS}"


def _page(connection: sqlite3.Connection, number: int | None) -> str:
    query = "SELECT value FROM term WHERE id = ?"
    found = connection.execute(query, (number,)).fetchone()
    return found[0] if found else ""


def _sources(connection: sqlite3.Connection, query: Query) -> Iterator[Select]:
    """What a query finds, with the columns of `fact`; in parts where values are checked."""
    search = compiled(connection, query)
    if not search.checks:
        yield Select.of(connection, search, needs_fact=True)
        return
    for ids in pages_of_ids(connection, query):
        sql = "FROM json_each(?) AS found CROSS JOIN fact ON fact.exchange_id = found.value"
        yield Select("fact.exchange_id", sql, (json.dumps(ids.tolist()),))


def _read(
    connection: sqlite3.Connection,
    select: Select,
    columns: str,
    values: tuple[Any, ...] = (),
    then: str = "",
) -> list[tuple[Any, ...]]:
    statement = f"SELECT {columns} {select.sql} {then}"
    return connection.execute(statement, (*values, *select.values)).fetchall()


def event_counts(connection: sqlite3.Connection, limit: int) -> list[tuple[str, int]]:
    """The events that happened most often, each with how often; as far as is indexed."""
    query = (
        f"SELECT event, count FROM event_tally WHERE deletion = {tally.SHOWN} AND count > 0 "
        "ORDER BY count DESC, event LIMIT ?"
    )
    return connection.execute(query, (limit,)).fetchall()


def completions(
    connection: sqlite3.Connection, field: Field, beginning: str, limit: int
) -> list[str]:
    """Values that begin so, whatever the case, the most used first.

    There are values of events, tokens, properties, hosts, rules, tags, sources, pages, methods.
    """
    query = f"""SELECT value FROM (SELECT value, uses FROM term
        WHERE field = ? AND value LIKE ? ESCAPE '\\' LIMIT {MAX_COMPLETIONS})
        ORDER BY uses DESC, value LIMIT ?"""
    values = (field, f"{like_pattern(beginning)}%", limit)
    return [value for (value,) in connection.execute(query, values)]
