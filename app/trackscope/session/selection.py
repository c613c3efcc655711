"""Which exchanges of a history are meant: what a query finds, or those of some ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trackscope.capture.exchange import Exchange
from trackscope.history.history import History
from trackscope.history.query import Query

ALL = Query()


@dataclass(frozen=True, slots=True)
class Selection:
    """Exchanges to be read, oldest first. Both functions take as long as SQLite does.

    `size` counts them, roughly where exchanges come and go meanwhile.
    """

    size: Callable[[], int]
    each: Callable[[], Iterator[Exchange]]


def found(history: History, query: Query = ALL) -> Selection:
    """What a query finds; without terms, every exchange."""
    return Selection(lambda: history.count(query), lambda: history.each(query))


def chosen(history: History, ids: Sequence[int]) -> Selection:
    """The exchanges of these ids, in the order of the ids; those deleted meanwhile are left out."""
    ordered = sorted(set(ids))

    def each() -> Iterator[Exchange]:
        for id_ in ordered:
            yield from history.load_many([id_])

    return Selection(lambda: len(ordered), each)
