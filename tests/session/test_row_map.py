"""Rows over ids: dividers in their places, both orders, growth; checked against a plain list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackscope.session.row_map import Divider, RowMap, ids_of

IDS = st.lists(st.integers(1, 60), unique=True).map(sorted)
DIVIDERS = st.lists(st.integers(1, 60), unique=True).map(
    lambda firsts: [Divider(first, f"page {first}") for first in sorted(firsts)]
)


def _plain(ids: list[int], dividers: list[Divider]) -> list[int | str]:
    """The rows by the definition: before each id the last divider that begins after the id before.

    A title stands for a divider.
    """
    rows: list[int | str] = []
    before = 0
    for id_ in ids:
        between = [each.title for each in dividers if before < each.first_id <= id_]
        rows += between[-1:]
        rows.append(id_)
        before = id_
    return rows


def _rows(rows: RowMap) -> list[int | str]:
    found: list[int | str] = []
    for row in range(len(rows)):
        id_, divider = rows.id_at(row), rows.divider_at(row)
        assert (id_ is None) != (divider is None)
        found.append(id_ if id_ is not None else divider.title if divider else "")
    return found


@given(IDS, DIVIDERS)
def test_dividers_stand_before_the_first_exchange_of_their_page(
    ids: list[int], dividers: list[Divider]
) -> None:
    assert _rows(RowMap(ids_of(ids), dividers)) == _plain(ids, dividers)


@given(IDS, DIVIDERS)
def test_a_row_is_found_by_its_exchange(ids: list[int], dividers: list[Divider]) -> None:
    rows = RowMap(ids_of(ids), dividers)
    for row in range(len(rows)):
        id_ = rows.id_at(row)
        assert id_ is None or rows.row_of(id_) == rows.nearest_row(id_) == row
    assert rows.row_of(61) is None


@given(IDS, DIVIDERS, st.integers(0, 60))
def test_a_list_that_grows_is_as_if_it_had_been_read_at_once(
    ids: list[int], dividers: list[Divider], cut: int
) -> None:
    first, later = [id_ for id_ in ids if id_ <= cut], [id_ for id_ in ids if id_ > cut]
    rows = RowMap(ids_of(first), dividers)
    tail = rows.tail(ids_of(later), dividers)
    length = len(rows)
    rows.extend(tail)
    assert len(rows) == length + len(tail)
    assert _rows(rows) == _rows(RowMap(ids_of(ids), dividers))


@given(IDS, DIVIDERS, st.integers(0, 60))
def test_the_newest_can_come_first_which_turns_the_list_upside_down(
    ids: list[int], dividers: list[Divider], cut: int
) -> None:
    first, later = [id_ for id_ in ids if id_ <= cut], [id_ for id_ in ids if id_ > cut]
    rows = RowMap(ids_of(first), dividers, is_newest_first=True)
    rows.extend(rows.tail(ids_of(later), dividers))
    assert _rows(rows) == _plain(ids, dividers)[::-1]
    for row in range(len(rows)):
        id_ = rows.id_at(row)
        assert id_ is None or rows.row_of(id_) == rows.nearest_row(id_) == row


def test_the_next_exchange_is_found_over_dividers_in_both_directions() -> None:
    rows = RowMap(ids_of([3, 5, 9]), [Divider(3, "a"), Divider(9, "b")])
    assert [rows.next_id(row, 1) for row in (-1, 0, 1, 2, 3, 4)] == [3, 3, 5, 9, 9, None]
    assert [rows.next_id(row, -1) for row in (1, 2, 4)] == [None, 3, 5]


def test_an_exchange_that_is_gone_leaves_its_place_to_the_next() -> None:
    rows = RowMap(ids_of([3, 5, 9]))
    assert [rows.nearest_row(id_) for id_ in (1, 4, 9, 10)] == [0, 1, 2, 2]
    assert RowMap().nearest_row(1) is None


def test_rows_outside_hold_nothing() -> None:
    rows = RowMap(ids_of([3]), [Divider(2, "a")])
    assert [rows.id_at(row) for row in (-1, 2)] == [None, None]
    assert [rows.divider_at(row) for row in (-1, 2)] == [None, None]
    assert list(rows.ids_between(-5, 50)) == [3]
