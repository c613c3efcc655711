"""Statements on many rows at once, and transactions of them.

Python gives up its lock for every statement, and takes up to 5 ms to get it back from a busy event
loop: one statement a row would make 200 rows a second of it. So many rows share a statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

MAX_ROWS = 512
"""Rows in one statement; always a power of two, so that few statements have to be prepared."""


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All that is written inside is committed, or nothing of it if anything fails."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def insert_many(
    connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]], then: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows of equal length; what `then` (ON CONFLICT …, RETURNING …) returns of them."""
    returned = []
    for part in _parts(rows):
        marks = f"({', '.join('?' * len(part[0]))})"
        values = list(chain.from_iterable(part))
        statement = f"{into} VALUES {', '.join([marks] * len(part))} {then}"
        returned += connection.execute(statement, values).fetchall()
    return returned


def for_each(
    connection: sqlite3.Connection, statement: str, ids: Sequence[int] | Sequence[str]
) -> list[tuple[Any, ...]]:
    """Run a statement that has `IN {ids}` for many ids; what it returns for all of them."""
    returned = []
    for part in _parts(ids):
        marks = f"({', '.join('?' * len(part))})"
        returned += connection.execute(statement.format(ids=marks), part).fetchall()
    return returned


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows in order, in parts whose lengths are powers of two.

    >>> [len(part) for part in _parts([()] * 11)]
    [8, 2, 1]
    """
    start = 0
    while start < len(rows):
        length = min(MAX_ROWS, 1 << ((len(rows) - start).bit_length() - 1))
        yield rows[start : start + length]
        start += length
