"""The exchanges of a history as a list in a window needs them: ids, contents, pages, counts."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.history.history import History
from trackscope.history.query import Query
from trackscope.history.rows import Row
from trackscope.session.filter import Word
from trackscope.session.row_map import Divider, ids_of
from trackscope.session.time_line import TimeLine
from trackscope.wire.decoding import decode


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row of the list is made of; `values` are those of the properties in columns."""

    row: Row
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class Listing:
    """Reads a history for a list. Every method blocks: call it in a thread.

    `quick` and `slow` are two connections to it, so that what is seen next does not wait for a
    count over a million exchanges.
    """

    def __init__(self, quick: History, slow: History) -> None:
        self._quick = quick
        self._slow = slow
        self.version: Callable[[], int] = quick.data_version

    @classmethod
    def open(cls, path: Path) -> Listing:
        """The listing of the history file at `path`."""
        return cls(History.open_to_read(path), History.open_to_read(path))

    def close(self) -> None:
        """Close its connections."""
        for history in {self._quick, self._slow}:
            history.close()

    @classmethod
    def shared(cls, history: History) -> Listing:
        """The listing of a history that has but one connection, in memory."""
        return cls(history, history)

    def ids(self, query: Query, after_id: int = 0) -> array[int]:
        """The exchanges that are asked for and newer than `after_id`, rising."""
        found = ids_of()
        while rows := self._slow.newer(after_id, 5000):
            found.extend(row.id for row in rows)
            after_id = rows[-1].id
        return found

    def first_ids(self, query: Query, limit: int, *, is_newest_first: bool) -> array[int]:
        """The first of them in the order of the list, rising."""
        found = self.ids(query)
        return found[-limit:] if is_newest_first else found[:limit]

    def count(self) -> int:
        """How many exchanges there are, asked for or not."""
        return self._quick.count()

    def exchange(self, id_: int) -> Exchange:
        """The whole exchange; HistoryError where it is gone."""
        return self._quick.load(id_)

    def exchanges(self, ids: Sequence[int]) -> Iterator[Exchange]:
        """The whole exchanges, one after the other."""
        for id_ in ids:
            yield self._slow.load(id_)

    def entries(self, ids: Sequence[int], properties: Sequence[str]) -> list[Entry]:
        """What the list shows of these exchanges; those that are gone are left out."""
        rows = [row for id_ in ids for row in self._quick.newer(id_ - 1, 1) if row.id == id_]
        if not properties:
            return [Entry(row) for row in rows]
        return [Entry(row, self._values(row.id, properties)) for row in rows]

    def dividers(self) -> list[Divider]:
        """Where another page, or another capture, begins."""
        return []

    def time_line(self, query: Query, steps: int) -> TimeLine:
        """The exchanges that are asked for over time, in at most so many steps."""
        return TimeLine()

    def property_names(self) -> list[str]:
        """The names of properties that were seen."""
        return []

    def completions(self, word: Word) -> list[str]:
        """Values of the word's field that begin like it."""
        return []

    def _values(self, id_: int, properties: Sequence[str]) -> dict[str, Any]:
        """The properties' values in the first event that has each."""
        events = decode(self._quick.load(id_).request).events or ()
        values: dict[str, Any] = {}
        for event in events:
            held = event.get("properties") if isinstance(event, dict) else None
            if isinstance(held, dict):
                for name in properties:
                    if name in held:
                        values.setdefault(name, held[name])
        return values
