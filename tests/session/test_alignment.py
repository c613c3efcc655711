"""Two runs of events, aligned."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.session import alignment
from trackscope.session.alignment import Item, Pair, align, common, likeness


def item(name: str, **values: int) -> Item:
    texts = {key: str(value) for key, value in values.items()}
    return Item(name, (name, *sorted(texts.items())), texts)


def items(names: str) -> list[Item]:
    return [item(name) for name in names]


def _longest(a: str, b: str) -> int:
    """The length of the longest common subsequence, by the table in every textbook."""
    row = [0] * (len(b) + 1)
    for one in a:
        before = row[:]
        for at, other in enumerate(b):
            row[at + 1] = before[at] + 1 if one == other else max(row[at], before[at + 1])
    return row[-1]


@given(st.text("abc", max_size=14), st.text("abcd", max_size=14))
def test_as_much_as_can_be_is_common(a: str, b: str) -> None:
    found = common(a, b)
    assert all(a[one] == b[other] for one, other in found)
    assert found == sorted(found)
    assert len({one for one, _ in found}) == len({other for _, other in found}) == len(found)
    assert len(found) == _longest(a, b)


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_short_look_ahead_still_gives_an_order_that_both_have(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "MAX_EDITS", limit)
    source = random.Random(limit)
    for _ in range(300):
        a, b = ("".join(source.choices("abcd", k=source.randrange(30))) for _ in range(2))
        found = common(a, b)
        assert all(a[one] == b[other] for one, other in found)
        for (a1, b1), (a2, b2) in pairwise(found):
            assert a1 < a2
            assert b1 < b2


_RUNS = st.lists(
    st.builds(lambda name, n: item(name, n=n), st.sampled_from("ABC"), st.integers(0, 2)),
    max_size=10,
)


@given(_RUNS, _RUNS)
def test_every_event_of_both_is_there_once(a: list[Item], b: list[Item]) -> None:
    pairs = align(a, b)
    assert [each.a for each in pairs if each.a is not None] == list(range(len(a)))
    assert sorted(each.b for each in pairs if each.b is not None) == list(range(len(b)))
    for each in pairs:
        if each.is_moved:
            assert a[each.a or 0].key == b[each.b or 0].key


@given(_RUNS)
def test_a_run_is_aligned_with_itself(a: list[Item]) -> None:
    assert align(a, a) == [Pair(at, at) for at in range(len(a))]


def test_two_that_changed_places_are_one_that_moved() -> None:
    pairs = align(items("abcd"), items("acbd"))
    assert [(each.a, each.b) for each in pairs if each.is_moved] in ([(1, 2)], [(2, 1)])
    assert len(pairs) == 4


def test_events_of_one_name_between_the_same_two_belong_together() -> None:
    a = [item("x"), item("buy", price=5, n=1), item("y")]
    b = [item("x"), item("look"), item("buy", price=6, n=1), item("y")]
    assert align(a, b) == [Pair(0, 0), Pair(None, 1), Pair(1, 2), Pair(2, 3)]


def test_an_event_with_the_same_properties_is_a_renamed_one() -> None:
    assert align([item("buy", n=1)], [item("bought", n=1)]) == [Pair(0, 0)]
    assert align([item("buy", n=1)], [item("look", n=2)]) == [Pair(0, None), Pair(None, 0)]


def test_the_most_alike_of_several_is_taken() -> None:
    a = [item("buy", n=1, m=1)]
    b = [item("buy", n=2, m=2), item("buy", n=1, m=2)]
    assert align(a, b) == [Pair(None, 0), Pair(0, 1)]


def test_long_stretches_without_anything_equal_are_paired_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alignment, "MAX_WEIGHED", 0)
    a = [item("buy", n=1), item("look", n=1)]
    b = [item("look", n=2), item("sell", n=2)]
    assert align(a, b) == [Pair(0, None), Pair(1, 0), Pair(None, 1)]


def test_likeness_goes_by_the_name_first() -> None:
    assert likeness(item("a", n=1), item("a", n=2)) == 1
    assert likeness(item("a", n=1), item("a", n=1)) == 2
    assert likeness(item("a", n=1), item("b", n=1)) == 1
    assert likeness(item("a", n=1, m=1, k=1), item("b", n=1, m=2, k=2)) == 0


def test_few_differences_in_a_long_run_are_found_as_they_are() -> None:
    source = random.Random(7)
    a = [item(source.choice("abcdefgh"), n=source.randrange(50)) for _ in range(5_000)]
    b = [each for at, each in enumerate(a) if at % 500 != 3]
    missing = [each.a for each in align(a, b) if each.b is None]
    assert len(missing) == 10
    assert [a[at or 0] for at in missing] == a[3::500]
