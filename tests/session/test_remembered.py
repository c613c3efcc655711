from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackscope.session.remembered import Remembered

KEYS = st.integers(1, 40) | st.integers(1, 2**64 - 1)


@given(st.lists(KEYS, max_size=60))
def test_within_a_generation_it_remembers_exactly(keys: list[int]) -> None:
    seen = Remembered(generation=64)
    known: set[int] = set()
    for key in keys:
        assert seen.has_seen(key) == (key in known)
        known.add(key)
    assert not seen.has_forgotten


@given(st.lists(KEYS, max_size=200), st.integers(1, 9))
def test_it_never_knows_what_it_was_not_shown_and_always_the_last_ones(
    keys: list[int], generation: int
) -> None:
    seen = Remembered(generation)
    for index, key in enumerate(keys):
        has_seen = seen.has_seen(key)
        before = keys[:index]
        assert not has_seen or key in before
        recent: list[int] = []
        for each in reversed(before):
            if each not in recent:
                recent.append(each)
        assert has_seen or key not in recent[:generation] or seen.has_forgotten
        if has_seen or key not in before:
            continue
        assert seen.has_forgotten  # it was shown, and that is not known any more


def test_what_is_forgotten_is_told() -> None:
    seen = Remembered(generation=3)
    assert [seen.has_seen(key) for key in range(1, 6)] == [False] * 5
    assert not seen.has_forgotten
    assert seen.has_seen(1)
    assert not seen.has_seen(6)
    assert seen.has_forgotten
    assert not seen.has_seen(1)


def test_keys_that_want_the_same_slot_are_told_apart() -> None:
    seen = Remembered(generation=8)
    same = [1 + 16 * number for number in range(7)]
    assert [seen.has_seen(key) for key in same] == [False] * 7
    assert [seen.has_seen(key) for key in same] == [True] * 7
