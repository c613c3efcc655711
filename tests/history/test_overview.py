"""Surveys of a history: its time line, its navigations, its events, and completions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.history.conftest import NOW, asked, exchange

from trackscope.capture.exchange import Origin
from trackscope.history.history import History
from trackscope.history.overview import Bucket, Timeline
from trackscope.history.query import Field, Query
from trackscope.wire.finding import Finding, Severity


def at(offset: float, verdict: int | None = 1, **fields: Any) -> Any:
    return exchange(origin=Origin.SENT, verdict=verdict, at=NOW + offset, **fields)


class TestTimeline:
    def test_without_exchanges_there_is_none(self, history: History) -> None:
        assert history.timeline() == Timeline()

    def test_it_counts_answers_by_stretches_of_time(self, history: History) -> None:
        history.append_many([at(0), at(1, 0), at(5, None), at(10), at(10, 0)])
        assert history.timeline(buckets=2) == Timeline(
            NOW, NOW + 10, (Bucket(1, 1, 0), Bucket(1, 1, 1))
        )

    def test_exchanges_of_one_moment_are_in_the_first_stretch(self, history: History) -> None:
        history.append_many([at(0), at(0)])
        assert history.timeline(buckets=3).buckets == (Bucket(2), Bucket(), Bucket())

    @pytest.mark.parametrize("end", [float("inf"), -float("inf"), 1e308])
    def test_times_without_measure_are_counted_too(self, history: History, end: float) -> None:
        history.append_many([at(0), at(end), at(-end)])
        line = history.timeline(buckets=3)
        assert line.from_at <= line.to_at
        assert sum(each.ones for each in line.buckets) == 3


class TestPages:
    def test_each_navigation_begins_with_its_first_exchange(self, history: History) -> None:
        pages = ["", "a", "a", "b", "", "a"]
        history.append_many(exchange(f"e{n % 2}", page=page) for n, page in enumerate(pages))
        assert history.pages() == [(2, "a"), (4, "b"), (5, ""), (6, "a")]
        assert history.pages(asked((Field.EVENT, "e0"))) == [(3, "a"), (5, "")]

    def test_where_no_capture_was_opened_there_are_none(self, history: History) -> None:
        history.append(exchange())
        assert history.pages() == []

    def test_they_are_found_where_values_are_checked(self, history: History) -> None:
        history.append_many(exchange(page=page) for page in "aab")
        query = asked((Field.PROPERTY, "distinct_id=Ann"))
        assert history.pages(query) == [(1, "a"), (3, "b")]
        assert sum(each.ones for each in history.timeline(query).buckets) == 3


class TestEvents:
    def test_they_are_counted_in_batches_too(self, history: History) -> None:
        history.append_many([exchange(names=("a", "b", "a")), exchange("b"), exchange("c")])
        assert history.event_counts() == [("a", 2), ("b", 2), ("c", 1)]
        assert history.event_counts(limit=1) == [("a", 2)]

    def test_deletions_take_their_events_and_bring_them_back(self, history: History) -> None:
        ids = history.append_many([exchange("a"), exchange("b"), exchange("a")])
        picked = history.delete([ids[0]])  # before anything is indexed
        assert history.event_counts() == [("a", 1), ("b", 1)]
        cleared = history.clear()
        assert history.event_counts() == []
        history.restore(cleared)
        history.restore(picked)
        assert history.event_counts() == [("a", 2), ("b", 1)]


class TestCompletions:
    def test_the_most_used_come_first_whatever_the_case(self, history: History) -> None:
        history.append_many(exchange(name) for name in ("Signed up", "sign", "sign", "game"))
        assert history.completions(Field.EVENT, "SI") == ["sign", "Signed up"]
        assert history.completions(Field.EVENT, "SI", limit=1) == ["sign"]
        assert history.completions(Field.EVENT, "s_") == history.completions(Field.EVENT, "%") == []

    def test_there_are_some_for_each_field_that_has_names(self, history: History) -> None:
        history.append(
            exchange(
                "game",
                note="#bug",
                source="a.har",
                page="p",
                findings=(Finding("time.far", Severity.NOTE, "", "text"),),
            )
        )
        found = {field: history.completions(field) for field in Field}
        assert {field: values for field, values in found.items() if values} == {
            Field.EVENT: ["game"],
            Field.TOKEN: ["e3bc4100"],
            Field.PROPERTY: ["distinct_id", "token"],
            Field.RULE: ["time.far"],
            Field.HOST: ["h:1"],
            Field.METHOD: ["POST"],
            Field.SOURCE: ["a.har"],
            Field.PAGE: ["p"],
            Field.TAG: ["bug"],
        }


def test_an_empty_query_is_the_same_as_none(history: History) -> None:
    history.append(exchange())
    assert history.timeline(Query()) == history.timeline()
