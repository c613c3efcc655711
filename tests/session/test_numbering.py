from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.session import numbering
from trackscope.session.numbering import Range, Ranges, Series, numbers_in, stem_of

NUMBERS = st.lists(st.integers(-30, 30) | st.integers(), max_size=60)


def expanded(ranges: tuple[Range, ...]) -> list[int]:
    return [number for first, last in ranges for number in range(first, last + 1)]


@given(st.lists(st.integers(-30, 30), max_size=60))
def test_ranges_hold_the_numbers_that_were_added_and_know_the_gaps(numbers: list[int]) -> None:
    ranges, known = Ranges(), set[int]()
    for number in numbers:
        assert ranges.add(number) == (number not in known)
        known.add(number)
    assert expanded(ranges.as_tuple()) == sorted(known)
    assert ranges.count == len(known)
    if known:
        assert ranges.whole == (min(known), max(known))
        missing = set(range(min(known), max(known))) - known
        assert expanded(ranges.gaps()) == sorted(missing)


@given(NUMBERS)
def test_a_series_knows_which_came_more_than_once(numbers: list[int]) -> None:
    series = Series()
    for number in numbers:
        series.add(number)
    assert series.repeats == len(numbers) - len(set(numbers))
    assert expanded(series.repeated.as_tuple()) == sorted(
        {each for each in numbers if numbers.count(each) > 1}
    )


def test_what_does_not_fit_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "MAX_RANGES", 2)
    series = Series()
    for number in (1, 10, 20, 30, 2, 11):
        series.add(number)
    found = series.numbering("seq", "", "", "")
    assert (found.first, found.last, found.distinct, found.left_out) == (1, 11, 4, 2)
    assert found.missing == (Range(3, 9),)
    assert found.missing_count == 7


@pytest.mark.parametrize(
    ("numbers", "is_running"),
    [
        ([1, 2, 3], True),
        ([1, 2, 4], True),
        (range(1_000, 2_000), True),
        ([7, 6, 5], True),
        ([1, 2, 2, 3, 3], False),  # quantities
        ([1, 1, 2, 3], True),
        ([1, 2], False),
        ([1795444412, 1795445413, 1795448415], False),  # moments
        ([3, 900, 77], False),  # identifiers
    ],
)
def test_a_number_runs_where_most_of_it_is_there_once(numbers: list[int], is_running: bool) -> None:
    series = Series()
    for number in numbers:
        series.add(number)
    assert series.is_running == is_running


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("event 17", ("event #", 17)),
        ("load_0004", ("load_#", 4)),
        ("Level 1.2", ("Level 1.#", 2)),
        ("a\n3", ("a\n#", 3)),
        ("17", None),
        ("x" + "9" * 16, None),
        ("game", None),
        ("step ٣", None),
        ("", None),
    ],
)
def test_a_numbered_name_has_a_stem(name: str, stem: tuple[str, int] | None) -> None:
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7), (7.0, 7), ("7", 7), (-7, -7), (0, 0),
        (7.5, None), (True, None), (None, None), ("seven", None), ("7 ", None), ([7], None),
        (float("inf"), None), (float("nan"), None), (2**70, None), ("9" * 5_000, None),
    ],
)  # fmt: skip
def test_a_whole_number_counts_however_it_is_written(value: Any, number: int | None) -> None:
    expected = [] if number is None else [("mine", number)]
    assert list(numbers_in({"mine": value, "seq": 1}, "mine")) == expected


def test_without_a_chosen_property_the_usual_ones_are_tried() -> None:
    found = numbers_in({"n": 1, "seq": 2, "price": 3}, None)
    assert sorted(found) == [("n", 1), ("seq", 2)]
