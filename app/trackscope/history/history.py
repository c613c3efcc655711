"""The history: every exchange, read in pages, searched, noted, deleted and brought back."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.errors import HistoryError
from trackscope.history import deletion, rows, writing
from trackscope.history.file import connect, connect_to_read, translated
from trackscope.history.rows import Row
from trackscope.wire.finding import Finding

UNANSWERED = writing.NO_VERDICT
"""The verdict to filter by for exchanges that were answered neither 1 nor 0."""

EACH_IDS = 500
MAX_SEARCH_WORDS = 20


@dataclass(frozen=True, slots=True)
class Deletion:
    """What `restore` needs to undo a deletion; `count` exchanges vanished from the list."""

    token: int
    count: int


class History:
    """One connection to a history file, to be shared by the threads of a process.

    Every method blocks for as long as SQLite takes (call it in a thread where that matters) and
    raises HistoryError when the file cannot be used. Newest means last written: the order is that
    of ids, so that a jump of the clock changes nothing. What the collector received of a request
    that this program sent is left out of lists and counts: it is there as sent already.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        name: str = "the history",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._name = name
        self._clock = clock
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, clock: Callable[[], float] = time.time) -> History:
        """The history at `path`, made if there is none; its folder too, both private.

        Raises NewerHistoryError or DamagedHistoryError, and leaves the file as it is.
        """
        return cls(connect(path), str(path), clock)

    @classmethod
    def open_to_read(cls, path: Path) -> History:
        """The history at `path`, which may be a stranger's: nothing in it is changed or trusted."""
        return cls(connect_to_read(path), str(path))

    @classmethod
    def in_memory(cls, clock: Callable[[], float] = time.time) -> History:
        """A history that is gone when it is closed."""
        return cls(connect(None), "the history in memory", clock)

    def close(self) -> None:
        """Close the file; anything but another `close` then fails."""
        with self._lock:
            self._connection.close()

    # Writing

    def append(self, exchange: Exchange) -> int:
        """Keep an exchange, durably; its id."""
        return self.append_many([exchange])[0]

    def append_many(self, exchanges: Iterable[Exchange]) -> range:
        """Keep exchanges in one transaction, all or none; their ids."""
        kept = list(exchanges)
        values = [rows.to_columns(each, rows.all_words_of(each)) for each in kept]
        if not kept:
            return range(0)
        with self._writing() as connection:
            first_id = writing.insert(connection, values)
            stored = [
                rows.stored_columns(first_id + index, each.stored, ())
                for index, each in enumerate(kept)
                if each.stored is not None
            ]
            writing.insert_stored(connection, stored)
        return range(first_id, first_id + len(kept))

    def add_stored(
        self, exchange_id: int, stored: Sequence[dict[str, Any]], findings: Sequence[Finding] = ()
    ) -> None:
        """Keep beside an exchange what its events became, and what was found on the way."""
        values = rows.stored_columns(exchange_id, stored, findings)
        with self._writing() as connection:
            writing.insert_stored(connection, [values])

    def set_note(self, exchange_id: int, note: str) -> None:
        """Write a note to an exchange; empty for none."""
        with self._writing() as connection:
            exchange = self._load(exchange_id)
            words, text = rows.note_columns(exchange, note)
            connection.execute(
                "UPDATE exchange SET note = ?, words = ? WHERE id = ?", (text, words, exchange_id)
            )

    # Reading

    def page(
        self,
        before_id: int | None = None,
        limit: int = 100,
        search: str = "",
        origin: Origin | None = None,
        verdict: int | None = None,
    ) -> list[Row]:
        """Up to `limit` rows of the list, newest first, older than `before_id`.

        Each word of `search` must occur in a name, the address, the target, the remark, the note,
        a token or a user; case does not matter. `verdict` is 1, 0 or UNANSWERED.
        """
        where, values = _filter(search, origin, verdict)
        if before_id is not None:
            where.append("exchange.id < ?")
            values.append(before_id)
        query = (
            f"SELECT {rows.ROW_COLUMNS} FROM exchange WHERE {' AND '.join(where)} "
            "ORDER BY exchange.id DESC LIMIT ?"
        )
        return [rows.to_row(found) for found in self._read(query, (*values, limit))]

    def newer(self, after_id: int, limit: int = 1000) -> list[Row]:
        """Up to `limit` rows of the list written after `after_id`, oldest first."""
        where, values = _filter("", None, None)
        query = (
            f"SELECT {rows.ROW_COLUMNS} FROM exchange WHERE {' AND '.join(where)} "
            "AND exchange.id > ? ORDER BY exchange.id LIMIT ?"
        )
        return [rows.to_row(found) for found in self._read(query, (*values, after_id, limit))]

    def count(
        self, search: str = "", origin: Origin | None = None, verdict: int | None = None
    ) -> int:
        """How many rows `page` could bring; without a search it is known without counting."""
        if search.split():
            where, values = _filter(search, origin, verdict)
            query = f"SELECT count(*) FROM exchange WHERE {' AND '.join(where)}"
        else:
            query = (
                "SELECT coalesce(sum(count), 0) FROM tally WHERE deletion = 0 "
                "AND origin = coalesce(?, origin) AND verdict = coalesce(?, verdict)"
            )
            values = [origin, verdict]
        return int(self._read(query, values)[0][0])

    def load(self, exchange_id: int) -> Exchange:
        """The whole exchange, byte for byte; HistoryError if it is not there (any more)."""
        with self._reading():
            return self._load(exchange_id)

    def received_for(self, request_id: str) -> Exchange | None:
        """What the collector received of the request that was sent with this id."""
        query = (
            "SELECT id FROM exchange WHERE request_id = ? AND origin = 'received' "
            "ORDER BY id DESC LIMIT 1"
        )
        found = self._read(query, (rows.sql_text(request_id),))
        return self.load(found[0][0]) if found else None

    def each(
        self, search: str = "", origin: Origin | None = None, verdict: int | None = None
    ) -> Iterator[Exchange]:
        """Every exchange, oldest first, one at a time; those left out of lists are among them."""
        where, values = _filter(search, origin, verdict, has_twins=True)
        query = (
            f"SELECT id FROM exchange WHERE {' AND '.join(where)} AND exchange.id > ? "
            "ORDER BY exchange.id LIMIT ?"
        )
        last_id = 0
        while found := self._read(query, (*values, last_id, EACH_IDS)):
            for (last_id,) in found:
                yield self.load(last_id)

    def unprocessed(self, limit: int = 1000, after_id: int = 0) -> list[Exchange]:
        """What the collector answered 1 but did not process yet, oldest first."""
        query = (
            "SELECT exchange_id FROM pending JOIN exchange ON exchange.id = exchange_id "
            "WHERE exchange_id > ? ORDER BY exchange_id LIMIT ?"
        )
        return [self.load(id_) for (id_,) in self._read(query, (after_id, limit))]

    def newest_id(self) -> int:
        """The id that was given out last; 0 in a new history."""
        return int(self._read("SELECT last_id FROM state")[0][0])

    def data_version(self) -> int:
        """A number that changes when anyone else has written to the file; costs next to nothing."""
        return int(self._read("PRAGMA data_version")[0][0])

    # Deleting

    def clear(self) -> Deletion:
        """Delete every exchange there is now, whatever their number, at once."""
        with self._writing() as connection:
            token = deletion.clear(connection, self._clock())
            return Deletion(token, deletion.size(connection, token))

    def delete(self, ids: Sequence[int]) -> Deletion:
        """Delete these exchanges."""
        with self._writing() as connection:
            token = deletion.delete(connection, ids, self._clock())
            return Deletion(token, deletion.size(connection, token))

    def restore(self, deleted: Deletion) -> int:
        """Undo a deletion; how many exchanges are back (0 if they were purged meanwhile)."""
        with self._writing() as connection:
            return deletion.restore(connection, deleted.token)

    def purge(self, older_than_s: float = 0.0) -> None:
        """Remove for good what was deleted that long ago, in small steps; what is left free is
        used again."""
        with self._writing() as connection:
            deletion.make_final(connection, self._clock() - older_than_s)
        is_more = True
        while is_more:
            with self._reading() as connection:
                is_more = deletion.purge_step(connection)

    # Within

    def _load(self, exchange_id: int) -> Exchange:
        query = (
            f"SELECT {rows.EXCHANGE_COLUMNS} FROM exchange "
            "LEFT JOIN stored ON stored.exchange_id = exchange.id WHERE exchange.id = ?"
        )
        found = self._connection.execute(query, (exchange_id,)).fetchone()
        if found is None:
            raise HistoryError(
                f"Exchange {exchange_id} is not in {self._name} any more.", "It was deleted."
            )
        return rows.to_exchange(found)

    def _read(self, query: str, values: Sequence[Any] = ()) -> list[rows.Columns]:
        with self._reading() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self._name):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection, writing.transaction(connection):
            yield connection


def _filter(
    search: str, origin: Origin | None, verdict: int | None, *, has_twins: bool = False
) -> tuple[list[str], list[Any]]:
    """Conditions on `exchange`, and the values for their question marks."""
    where = [deletion.IS_SHOWN]
    values: list[Any] = []
    if not has_twins:
        where.append("exchange.twin = 0")
    if origin is not None:
        where.append("exchange.origin = ?")
        values.append(origin.value)
    if verdict is not None:
        where.append(f"coalesce(exchange.verdict, {UNANSWERED}) = ?")
        values.append(verdict)
    for word in search.casefold().split()[:MAX_SEARCH_WORDS]:
        where.append(_HAS_WORD)
        values += [rows.sql_text(word)] * 2
    return where, values


_HAS_WORD = """(instr(exchange.words, ?) OR EXISTS (
    SELECT 1 FROM stored WHERE stored.exchange_id = exchange.id AND instr(stored.words, ?)))"""
