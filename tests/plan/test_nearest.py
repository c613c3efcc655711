from __future__ import annotations

from trackscope.plan.nearest import MAX_CANDIDATES, MAX_SEARCHES, Nearest


def test_hostile_names_are_not_searched_for_without_end() -> None:
    nearest = Nearest()
    for n in range(MAX_SEARCHES):
        nearest.of(f"name {n}", ["Purchase"])
    assert nearest.of("purchase", ["Purchase"]) == ""
    assert nearest.of("name 1", ["Purchase"]) == ""


def test_long_names_and_long_lists_are_not_compared() -> None:
    assert Nearest().of("a" * 1_000, ["a" * 999]) == ""
    assert Nearest().of("purchase", ["Purchase"] * (MAX_CANDIDATES + 1)) == ""
