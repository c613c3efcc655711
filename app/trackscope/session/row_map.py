"""Which exchange, or which divider between pages, stands in each row of a list."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


def ids_of(ids: Iterable[int] = ()) -> array[int]:
    """Ids as they are kept here: eight bytes each, rising."""
    return array("q", ids)


@dataclass(frozen=True, slots=True)
class Divider:
    """A line of a list that names what follows: from the exchange `first_id` on."""

    first_id: int
    title: str


class RowMap:
    """Rows of a list over rising ids, with dividers: oldest first, or the same upside down.

    >>> rows = RowMap(ids_of([3, 5, 9]), [Divider(3, "Home"), Divider(6, "Cart")])
    >>> [rows.id_at(row) for row in range(len(rows))]
    [None, 3, 5, None, 9]
    >>> rows.divider_at(3).title, rows.row_of(9)
    ('Cart', 4)
    >>> rows = RowMap(ids_of([3, 5, 9]), [Divider(6, "Run 2")], is_newest_first=True)
    >>> [rows.id_at(row) for row in range(len(rows))]
    [9, None, 5, 3]
    """

    def __init__(
        self,
        ids: array[int] | None = None,
        dividers: Sequence[Divider] = (),
        *,
        is_newest_first: bool = False,
    ) -> None:
        self.ids = ids_of() if ids is None else ids
        self.is_newest_first = is_newest_first
        self._dividers: list[Divider] = []
        self._divider_rows: list[int] = []
        self.divide(dividers)

    def divide(self, dividers: Sequence[Divider]) -> None:
        """Put the dividers where they belong; one that nothing of the list follows is left out."""
        self._dividers, self._divider_rows = [], []
        placed = {bisect_left(self.ids, each.first_id): each for each in dividers}
        for place in sorted(placed):
            if place < len(self.ids):
                self._divider_rows.append(place + len(self._dividers))
                self._dividers.append(placed[place])

    def tail(self, ids: array[int], dividers: Sequence[Divider]) -> RowMap:
        """The rows of exchanges that are newer than all of these."""
        last = self.ids[-1] if self.ids else 0
        later = [each for each in dividers if each.first_id > last]
        return RowMap(ids, later, is_newest_first=self.is_newest_first)

    def extend(self, tail: RowMap) -> None:
        """Add such rows: behind these, or before them where the newest are first."""
        before = len(self)
        self.ids.extend(tail.ids)
        self._dividers += tail._dividers
        self._divider_rows += [before + row for row in tail._divider_rows]

    def __len__(self) -> int:
        return len(self.ids) + len(self._dividers)

    @property
    def dividers(self) -> tuple[Divider, ...]:
        """The dividers that are shown."""
        return tuple(self._dividers)

    def id_at(self, row: int) -> int | None:
        """The exchange of a row; None for a divider and outside."""
        if not 0 <= row < len(self):
            return None
        row = self._turned(row)
        before = bisect_right(self._divider_rows, row)
        if before and self._divider_rows[before - 1] == row:
            return None
        return self.ids[row - before]

    def divider_at(self, row: int) -> Divider | None:
        """The divider of a row; None for an exchange and outside."""
        row = self._turned(row)
        place = bisect_left(self._divider_rows, row)
        is_one = place < len(self._divider_rows) and self._divider_rows[place] == row
        return self._dividers[place] if is_one else None

    def row_of(self, id_: int) -> int | None:
        """The row of an exchange; None where it is not in the list."""
        place = bisect_left(self.ids, id_)
        if place == len(self.ids) or self.ids[place] != id_:
            return None
        return self._row_at(place)

    def nearest_row(self, id_: int) -> int | None:
        """The row of an exchange, or of the next newer one that is in the list, or of the last."""
        if not self.ids:
            return None
        return self._row_at(min(bisect_left(self.ids, id_), len(self.ids) - 1))

    def next_id(self, row: int, by: int) -> int | None:
        """The next exchange from a row on, downwards (1) or upwards (-1), over dividers."""
        row += by
        while 0 <= row < len(self):
            id_ = self.id_at(row)
            if id_ is not None:
                return id_
            row += by
        return None

    def ids_between(self, first: int, last: int) -> Iterator[int]:
        """The exchanges of the rows from `first` to `last`, both included."""
        for row in range(max(0, first), min(last, len(self) - 1) + 1):
            id_ = self.id_at(row)
            if id_ is not None:
                yield id_

    def _row_at(self, place: int) -> int:
        # A divider at the row of its own place stands before it: one row a divider.
        low, high = 0, len(self._divider_rows)
        while low < high:
            middle = (low + high) // 2
            if self._divider_rows[middle] - middle <= place:
                low = middle + 1
            else:
                high = middle
        return self._turned(place + low)

    def _turned(self, row: int) -> int:
        """A row of the list oldest first as one of the list as it stands, and back."""
        return len(self) - 1 - row if self.is_newest_first else row
