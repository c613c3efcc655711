"""Which exchanges of a history are meant: what a search finds, or those of some ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History


@dataclass(frozen=True, slots=True)
class Selection:
    """Exchanges to be read, oldest first. Both functions take as long as SQLite does.

    `size` counts them, roughly where exchanges come and go meanwhile.
    """

    size: Callable[[], int]
    each: Callable[[], Iterator[Exchange]]


def found(history: History, where: str = "", origin: Origin | None = None) -> Selection:
    """What the words of `where` find among the exchanges of an origin, or of any."""
    return Selection(lambda: history.count(where, origin), lambda: history.each(where, origin))


def chosen(history: History, ids: Sequence[int]) -> Selection:
    """The exchanges of these ids, in the order of the ids."""
    ordered = sorted(set(ids))
    return Selection(lambda: len(ordered), lambda: map(history.load, ordered))
