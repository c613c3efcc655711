"""Reads a history: in pages by id, filtered by a query, counted and surveyed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError
from trackscope.history import forwarding, index, listing, overview, rows, schema
from trackscope.history.file import translated
from trackscope.history.forwarding import Forward, TargetState
from trackscope.history.listing import Ids, Wanted
from trackscope.history.overview import Timeline
from trackscope.history.query import Field, Query
from trackscope.history.rows import Columns, Row

T = TypeVar("T")

ALL = Query()
"""The query for every exchange."""

INDEX_ROWS = 200
"""Exchanges that are indexed in one transaction, so that no other writer waits for long."""

INDEX_ROWS_ALONE = 2000
"""The same where nobody else writes: the fewer transactions, the less there is to merge."""

MAX_TAIL = 20_000
"""Exchanges that are indexed before a query is answered; beyond it only what is indexed counts."""

EACH_IDS = 500


class Reader:
    """One connection to a history file, to be shared by the threads of a process.

    Every method blocks for as long as SQLite takes (call it in a thread where that matters) and
    raises HistoryError when the file cannot be used. Newest means last written: the order is that
    of ids, so that a jump of the clock changes nothing. What the collector received of a request
    that this program sent is left out of lists and counts: it is there as sent already.

    Queries with terms and surveys are answered by the index; of what was written since, up to
    MAX_TAIL exchanges are indexed first. Beyond that `unindexed` tells how many are left out.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        name: str,
        *,
        is_alone: bool = False,
        is_beside: bool = False,
    ) -> None:
        """Take over a connection; `is_beside`: the index is made beside the file, unseen there.

        `is_alone`: nobody waits to write to it meanwhile.
        """
        self._connection = connection
        self._name = name
        self._lock = threading.RLock()
        self._is_beside = is_beside
        self._has_index = not is_beside
        self._index_rows = INDEX_ROWS_ALONE if is_alone or is_beside else INDEX_ROWS

    def close(self) -> None:
        """Close the file; anything but another `close` then fails."""
        with self._lock:
            self._connection.close()

    # Lists

    def ids(
        self,
        query: Query = ALL,
        after_id: int | None = None,
        limit: int = 10_000,
        *,
        newest_first: bool = False,
        upto_id: int | None = None,
    ) -> Ids:
        """A page of the ids that the query finds, in the order that is asked for.

        The first page is had without `after_id`, each further one with that of the page before.
        `upto_id` leaves out what was written later than that.
        """
        if query.terms:
            self._catch_up()
        with self._reading() as connection:
            wanted = Wanted(limit, after_id, upto_id, newest_first)
            return listing.ids(connection, query, wanted)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these exchanges in this order; what was purged meanwhile is left out."""
        with self._reading() as connection:
            return listing.rows_of(connection, ids)

    def page(self, query: Query = ALL, before_id: int | None = None, limit: int = 100) -> list[Row]:
        """Up to `limit` rows of what the query finds, newest first, older than `before_id`."""
        found: list[int] = []
        while len(found) < limit:
            page = self.ids(query, before_id, limit - len(found), newest_first=True)
            found += page.ids
            before_id = page.after_id
            if before_id is None:
                break
        return self.rows(found)

    def count(self, query: Query = ALL) -> int:
        """How many exchanges the query finds; without terms it is known without counting."""
        if query.terms:
            self._catch_up()
        with self._reading() as connection:
            return listing.count(connection, query)

    def load(self, exchange_id: int) -> Exchange:
        """The whole exchange, byte for byte; HistoryError if it is not there (any more)."""
        with self._reading() as connection:
            found = connection.execute(listing.LOAD, (exchange_id,)).fetchone()
        if found is None:
            raise HistoryError(
                f"Exchange {exchange_id} is not in {self._name} any more.", "It was deleted."
            )
        return rows.to_exchange(found)

    def load_many(self, ids: Sequence[int]) -> list[Exchange]:
        """The whole exchanges in this order; what was purged meanwhile is left out."""
        with self._reading() as connection:
            found = (connection.execute(listing.LOAD, (id_,)).fetchone() for id_ in ids)
            return [rows.to_exchange(values) for values in found if values is not None]

    def each(self, query: Query = ALL) -> Iterator[Exchange]:
        """Every exchange that the query finds, oldest first, one at a time, all of them.

        Those left out of lists are among them.
        """
        last_id, is_more = 0, True
        while is_more:
            is_more = bool(query.terms) and self.index(EACH_IDS) > 0
            after_id: int | None = last_id
            while after_id is not None:
                with self._reading() as connection:
                    wanted = Wanted(EACH_IDS, after_id, has_twins=True)
                    page = listing.ids(connection, query, wanted)
                for last_id in page.ids:
                    yield self.load(last_id)
                after_id = page.after_id
                last_id = after_id or last_id

    # Surveys

    def event_counts(self, limit: int = 1000) -> list[tuple[str, int]]:
        """The events that happened most often, each with how often."""
        self._catch_up()
        with self._reading() as connection:
            return overview.event_counts(connection, limit)

    def timeline(self, query: Query = ALL, buckets: int = 100) -> Timeline:
        """How what the query finds is spread over time, in `buckets` stretches of equal length."""
        self._catch_up()
        with self._reading() as connection:
            return overview.timeline(connection, query, buckets)

    def pages(self, query: Query = ALL) -> list[tuple[int, str]]:
        """The first exchange of each navigation, with its page, among what the query finds.

        The page is empty where exchanges that belong to none follow others. A page comes again
        when another was between; at most some 10,000 are given.
        """
        self._catch_up()
        with self._reading() as connection:
            return overview.dividers(connection, query)

    def completions(self, field: Field, beginning: str = "", limit: int = 20) -> list[str]:
        """Values of a field that begin so, whatever the case, the most used first."""
        self._catch_up()
        with self._reading() as connection:
            return overview.completions(connection, field, beginning, limit)

    # The index

    def index(self, limit: int = INDEX_ROWS_ALONE) -> int:
        """Index up to `limit` exchanges that are not yet, in short transactions; how many it did.

        0: all are indexed. To be called again and again by who reads, in a thread.
        """
        done = 0
        while done < limit:
            with self._with_index() as connection:
                begin = "BEGIN" if self._is_beside else "BEGIN IMMEDIATE"
                count = index.step(connection, min(self._index_rows, limit - done), begin)
            if not count:
                break
            done += count
        return done

    def unindexed(self) -> int:
        """How many exchanges queries with terms and surveys do not know of yet."""
        with self._with_index() as connection:
            return index.unindexed(connection)

    def _catch_up(self) -> None:
        if 0 < self.unindexed() <= MAX_TAIL:
            self.index(MAX_TAIL)

    # Beside lists

    def received_for(self, request_id: str) -> Exchange | None:
        """What the collector received of the request that was sent with this id."""
        query = (
            "SELECT id FROM exchange WHERE request_id = ? AND origin = 'received' "
            "ORDER BY id DESC LIMIT 1"
        )
        found = self._read(query, (rows.sql_text(request_id),))
        return self.load(found[0][0]) if found else None

    def sent_for(self, id_: int) -> int | None:
        """The sent exchange that stands in lists for one that was received of it; None if none."""
        query = (
            "SELECT sent.id FROM exchange JOIN exchange AS sent "
            "ON sent.request_id = exchange.request_id AND sent.origin = 'sent' "
            "WHERE exchange.id = ? AND exchange.twin ORDER BY sent.id DESC LIMIT 1"
        )
        found = self._read(query, (id_,))
        return int(found[0][0]) if found else None

    def unprocessed(self, limit: int = 1000, after_id: int = 0) -> list[Exchange]:
        """What the collector answered 1 but did not process yet, oldest first."""
        query = (
            "SELECT exchange_id FROM pending JOIN exchange ON exchange.id = exchange_id "
            "WHERE exchange_id > ? ORDER BY exchange_id LIMIT ?"
        )
        return [self.load(id_) for (id_,) in self._read(query, (after_id, limit))]

    def forward_targets(self) -> list[TargetState]:
        """Where what was received was to be forwarded, and how much of it came how far."""
        return self.read(forwarding.targets)

    def forward_of(self, exchange_id: int) -> Forward | None:
        """How far an exchange has come on its way to its target; None if it was to go nowhere."""
        return self.read(lambda connection: forwarding.of_exchange(connection, exchange_id))

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """What a function reads out of the file."""
        with self._reading() as connection:
            return query(connection)

    def newest_id(self) -> int:
        """The id that was given out last; 0 in a new history."""
        return int(self._read("SELECT last_id FROM state")[0][0])

    def data_version(self) -> int:
        """A number that changes when anyone else has written to the file; costs next to nothing."""
        return int(self._read("PRAGMA data_version")[0][0])

    # Within

    def _read(self, query: str, values: Sequence[Any] = ()) -> list[Columns]:
        with self._reading() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self._name):
            yield self._connection

    @contextmanager
    def _with_index(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            if not self._has_index:
                schema.create_index_beside(connection)
                self._has_index = True
            yield connection
