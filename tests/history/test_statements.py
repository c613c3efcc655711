"""Many rows in one statement, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from trackscope.history.statements import MAX_ROWS, for_each, insert_many, transaction


@pytest.fixture
def numbers() -> Iterator[sqlite3.Connection]:
    """A table of numbers."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        yield connection


@pytest.mark.parametrize("count", [0, 1, MAX_ROWS - 1, MAX_ROWS, 3 * MAX_ROWS + 5])
def test_every_row_is_inserted_and_met_once(numbers: sqlite3.Connection, count: int) -> None:
    rows = [(n,) for n in range(count)]
    assert insert_many(numbers, "INSERT INTO number", rows, "RETURNING n") == rows
    found = for_each(numbers, "SELECT n FROM number WHERE n IN {ids}", list(range(count)))
    assert sorted(found) == rows


def test_a_transaction_that_fails_leaves_nothing(numbers: sqlite3.Connection) -> None:
    insert_many(numbers, "INSERT INTO number", [(1,)])
    with pytest.raises(sqlite3.IntegrityError), transaction(numbers):
        insert_many(numbers, "INSERT INTO number", [(n,) for n in (2, 3, 1)])
    assert numbers.execute("SELECT count(*) FROM number").fetchone() == (1,)
