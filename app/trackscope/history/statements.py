"""Statements on many rows at once, and transactions of them.

Python gives up its lock for every statement, and takes up to 5 ms to get it back from a busy event
loop: one statement a row would make 200 rows a second of it. So many rows share a statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any

MAX_ROWS = 512
"""Rows in one statement."""

FEW_ROWS = 32
"""Rows that always share a statement; of more it is a power of two, so that few are prepared."""


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
        statement = f"{into} VALUES {_marks(len(part), len(part[0]))} {then}"
        values = list(chain.from_iterable(part))
        returned += connection.execute(statement, values).fetchall()
    return returned


@lru_cache(maxsize=256)
def _marks(rows: int, columns: int) -> str:
    """Places for the values of so many rows: `(?, ?), (?, ?)`."""
    return ", ".join([f"({', '.join('?' * columns)})"] * rows)


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
    """The rows in order, in parts whose lengths are powers of two, or few.

    >>> [len(part) for part in _parts([()] * 75)]
    [64, 11]
    """
    start = 0
    while start < len(rows):
        left = len(rows) - start
        length = left if left <= FEW_ROWS else min(MAX_ROWS, 1 << (left.bit_length() - 1))
        yield rows[start : start + length]
        start += length
