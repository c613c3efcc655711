"""Runs: their numbers, what belongs to them, and a listing that begins with one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.session.exchanges import NOW, event, exchange_of, request_of

from trackscope.history.history import History
from trackscope.history.query import Query, query_of
from trackscope.session.listing import Listing
from trackscope.session.row_map import Divider
from trackscope.session.runs import begun, dividers_of
from trackscope.session.time_line import total


@pytest.fixture
def history() -> Iterator[History]:
    history = History.in_memory()
    for number in range(6):
        exchange = exchange_of(request_of(event(f"event {number}")))
        history.append(replace(exchange, at=NOW + number, names=(f"event {number}",)))
    yield history
    history.close()


def test_a_run_that_nothing_came_to_is_begun_again() -> None:
    runs = begun(begun((), 5, 1.0), 5, 2.0)
    assert [(run.number, run.first_id, run.at) for run in runs] == [(1, 6, 2.0)]


def test_each_run_has_a_line_before_its_first_exchange() -> None:
    runs = begun(begun((), 5, NOW), 7, NOW)
    lines = dividers_of(runs)
    assert [line.first_id for line in lines] == [6, 8]
    assert isinstance(lines[0], Divider)
    assert lines[1].title.startswith("Run 2 began at ")


def test_a_listing_shows_a_run_from_its_beginning_and_everything_again(history: History) -> None:
    listing = Listing.shared(history)
    while listing.index():
        pass
    (run,) = begun((), 4, NOW + 4)
    listing.begin(run)
    listing.recount()
    assert list(listing.ids(Query())) == [5, 6]
    assert listing.count() == 2
    assert list(listing.first_ids(Query(), 1, is_newest_first=True)) == [6]
    assert list(listing.first_ids(Query(), 1, is_newest_first=False)) == [5]
    assert list(listing.ids(query_of("event"))) == [5, 6]
    assert sum(map(total, listing.time_line(Query(), 4).steps)) == 2
    listing.begin(None)
    listing.recount()
    assert list(listing.ids(Query())) == [1, 2, 3, 4, 5, 6]
    assert listing.count() == 6


def test_the_newest_exchange_is_known_whatever_is_listed(history: History) -> None:
    listing = Listing.shared(history)
    listing.begin(begun((), 6, NOW)[0])
    listing.recount()
    assert (listing.last_id(), listing.count()) == (6, 0)


def test_clearing_the_history_empties_the_run_too(history: History) -> None:
    listing = Listing.shared(history)
    listing.begin(begun((), 4, NOW)[0])
    history.clear()
    listing.recount()
    assert (listing.count(), list(listing.ids(Query()))) == (0, [])
