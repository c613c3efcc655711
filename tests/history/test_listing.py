"""Pages of ids: without holes to look for, in both orders, and in ranges of time."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history.conftest import asked, exchange

from trackscope.history import index, listing
from trackscope.history.history import History
from trackscope.history.query import Field


def all_pages(history: History, limit: int, *, newest_first: bool) -> list[int]:
    found: list[int] = []
    page = history.ids(limit=limit, newest_first=newest_first)
    found += page.ids
    while page.after_id is not None:
        page = history.ids(after_id=page.after_id, limit=limit, newest_first=newest_first)
        found += page.ids
    return found


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12)), st.integers(1, 5))
def test_pages_leave_out_what_is_purged_or_deleted(
    purged: set[int], deleted: set[int], limit: int
) -> None:
    with closing(History.in_memory()) as history:
        history.append_many(exchange() for _ in range(12))
        history.delete(sorted(purged))
        history.purge()
        history.delete(sorted(deleted))
        kept = sorted(set(range(1, 13)) - purged - deleted)
        assert all_pages(history, limit, newest_first=False) == kept
        assert all_pages(history, limit, newest_first=True) == kept[::-1]
        assert [row.id for row in history.page()] == kept[::-1]


def test_all_ids_are_had_at_once_up_to_one(history: History) -> None:
    ids = history.append_many(exchange() for _ in range(10))
    assert history.ids(limit=100).ids.tolist() == list(ids)
    assert history.ids(limit=100, upto_id=ids[5], newest_first=True).ids[0] == ids[5]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 9).map(float), max_size=30), st.integers(0, 9), st.integers(0, 9))
def test_a_range_of_time_is_found_whatever_the_order_of_times(
    times: list[float], after: int, before: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, closing(History.in_memory()) as history:
        for module in (index, listing):
            patch.setattr(module, "BLOCK", 2)
        patch.setattr(listing, "MAX_RANGES", 2)
        history.append_many(exchange(at=at) for at in times)
        query = asked((Field.AFTER, str(float(after))), (Field.BEFORE, str(float(before))))
        kept = [id_ for id_, at in enumerate(times, 1) if after <= at < before]
        assert history.ids(query).ids.tolist() == kept
        assert history.ids(query, limit=3, newest_first=True).ids.tolist() == kept[::-1][:3]
        named = asked((Field.EVENT, "game"), (Field.BEFORE, str(float(before))))
        assert history.count(named) == sum(at < before for at in times)
