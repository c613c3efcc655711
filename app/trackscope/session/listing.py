"""The exchanges of a history as a list in a window needs them: ids, contents, pages, counts."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term
from trackscope.history.rows import Row
from trackscope.session.filter import Word
from trackscope.session.row_map import Divider, ids_of
from trackscope.session.runs import Run
from trackscope.session.senders import sender_title
from trackscope.session.time_line import TimeLine
from trackscope.wire.decoding import decode

PAGE = 100_000
"""Ids that are read at a time."""

LOADED = 100
"""Whole exchanges that are read at a time."""

INDEXED = 20
"""Exchanges that are indexed at a time: some milliseconds of Python's work."""

MAX_NAMES = 500

NO_PAGE = "No page"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row of the list is made of; `values` are those of the properties in columns.

    `sender` is the SDK that sent it, with its version; empty where nobody asked for it.
    """

    row: Row
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where another process finds the history, and whether it is one that need not survive."""

    path: Path
    is_scratch: bool = False


class Listing:
    """Reads a history for a list. Every method but `version` and `begin` blocks: call it in a
    thread.

    It has connections of its own: what is seen next does not wait for a count over a million
    exchanges, and asking for the version waits for nothing. `place` is None for a history that
    only this process has.
    """

    def __init__(
        self, quick: History, slow: History, watch: History, place: Place | None = None
    ) -> None:
        self._quick = quick
        self._slow = slow
        self._watch = watch
        self.place = place
        self._run: Run | None = None
        self._hidden = 0

    @classmethod
    def open(cls, path: Path) -> Listing:
        """The listing of the program's own history at `path`."""
        return cls(History.open(path), History.open(path), History.open(path), Place(path))

    @classmethod
    def open_scratch(cls, path: Path) -> Listing:
        """The listing of a scratch history."""
        quick, slow, watch = (History.open_scratch(path) for _ in range(3))
        return cls(quick, slow, watch, Place(path, is_scratch=True))

    @classmethod
    def shared(cls, history: History) -> Listing:
        """The listing of a history that has but one connection, in memory."""
        return cls(history, history, history)

    def close(self) -> None:
        """Close its connections."""
        for history in (self._quick, self._slow, self._watch):
            history.close()

    def version(self) -> int:
        """A number that changes when something else was written to the history."""
        return self._watch.data_version()

    @property
    def before_id(self) -> int:
        """The last id that cannot be of the run that is listed."""
        return 0 if self._run is None else self._run.first_id - 1

    def begin(self, run: Run | None) -> None:
        """List only what belongs to this run and later ones, or everything; `recount` is due."""
        self._run = run

    def recount(self) -> None:
        """Find out how many exchanges there are from before the run that is listed."""
        self._hidden = 0
        if self._run is not None:
            self._hidden = self._quick.count() - len(self.ids(Query()))

    def last_id(self) -> int:
        """The newest exchange of the history; 0 where there is none."""
        found = self._slow.ids(Query(), None, 1, newest_first=True).ids
        return found[0] if found else 0

    def ids(self, query: Query, after_id: int = 0) -> array[int]:
        """The exchanges that are asked for and newer than `after_id`, rising."""
        found = ids_of()
        page = self._slow.ids(query, max(after_id, self.before_id) or None, PAGE)
        found.extend(page.ids)
        while page.after_id is not None:
            page = self._slow.ids(query, page.after_id, PAGE)
            found.extend(page.ids)
        return found

    def first_ids(self, query: Query, limit: int, *, is_newest_first: bool) -> array[int]:
        """The first of them in the order of the list, up to `limit`, rising."""
        after_id = None if is_newest_first else self.before_id or None
        found = self._slow.ids(query, after_id, limit, newest_first=is_newest_first).ids
        kept = ids_of(id_ for id_ in found if id_ > self.before_id)
        return kept[::-1] if is_newest_first else kept

    def count(self) -> int:
        """How many exchanges there are, asked for or not."""
        return self._quick.count() - self._hidden

    def exchange(self, id_: int) -> Exchange:
        """The whole exchange; HistoryError where it is gone."""
        return self._quick.load(id_)

    def instead_of(self, id_: int) -> int | None:
        """The exchange that took the place of one that was listed; None for any other."""
        return self._quick.sent_for(id_)

    def exchanges(self, ids: Sequence[int]) -> Iterator[Exchange]:
        """The whole exchanges, read as they are asked for; those that are gone are left out."""
        for start in range(0, len(ids), LOADED):
            yield from self._slow.load_many(ids[start : start + LOADED])

    def entries(
        self, ids: Sequence[int], properties: Sequence[str], *, has_sender: bool = False
    ) -> list[Entry]:
        """What the list shows of these exchanges; those that are gone are left out."""
        rows = self._quick.rows(ids)
        if not properties and not has_sender:
            return [Entry(row) for row in rows]
        loaded = {each.id: each for each in self._quick.load_many([row.id for row in rows])}
        return [
            _entry(row, loaded[row.id], properties, has_sender=has_sender)
            for row in rows
            if row.id in loaded
        ]

    def dividers(self) -> list[Divider]:
        """Where another page begins; none where no exchange belongs to one."""
        return [Divider(id_, page or NO_PAGE) for id_, page in self._slow.pages()]

    def time_line(self, query: Query, steps: int) -> TimeLine:
        """The exchanges that are asked for over time, in at most so many steps."""
        if self._run is not None:
            query = Query((*query.terms, Term(Field.AFTER, str(self._run.at))))
        return TimeLine.of(self._slow.timeline(query, steps))

    def property_names(self) -> list[str]:
        """The names of properties that were seen, the commonest first."""
        return self._quick.completions(Field.PROPERTY, "", MAX_NAMES)

    def completions(self, word: Word) -> list[str]:
        """Values of the word's field that begin like it, the commonest first."""
        if word.field is None:
            return []
        return self._quick.completions(word.field, word.beginning)

    def unindexed(self) -> int:
        """How many exchanges filters, pages and the time line do not know of yet."""
        return self._slow.unindexed()

    def index(self) -> bool:
        """Index some exchanges, for filters, pages and the time line; whether there may be more."""
        return self._slow.index(INDEXED) == INDEXED


def _entry(row: Row, exchange: Exchange, properties: Sequence[str], *, has_sender: bool) -> Entry:
    values = _values(exchange, properties) if properties else {}
    return Entry(row, values, sender_title(exchange.request) if has_sender else "")


def _values(exchange: Exchange, properties: Sequence[str]) -> dict[str, Any]:
    """The properties' values in the first event that has each."""
    values: dict[str, Any] = {}
    for event in decode(exchange.request).events or ():
        held = event.get("properties") if isinstance(event, dict) else None
        if isinstance(held, dict):
            for name in properties:
                if name in held:
                    values.setdefault(name, held[name])
    return values
