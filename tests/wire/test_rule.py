from __future__ import annotations

import pytest

from trackscope.wire.era import ERAS, RULES
from trackscope.wire.finding import Severity
from trackscope.wire.rule import ERA_NAMES, ERROR, NOTE, WARNING, Basis, Rule, rule


@pytest.mark.parametrize("each", RULES.values(), ids=lambda each: each.id)
def test_a_rule_says_what_it_asks_for_what_it_finds_and_why_in_each_era(each: Rule) -> None:
    sources = [basis.source for basis in each.bases.values()]
    for text in (each.title, each.example, *sources):
        assert text.strip() == text != ""
        assert text.isprintable()


def test_the_names_of_the_eras_are_those_of_the_eras() -> None:
    assert list(ERAS) == list(ERA_NAMES)


def test_a_later_era_has_what_the_one_before_it_has() -> None:
    found = rule("a.b", "Title", "example", Basis("text", WARNING, ERROR))
    assert set(found.bases.values()) == {Basis("text", WARNING, ERROR)}


def test_a_later_era_may_have_another_source_or_another_basis() -> None:
    found = rule(
        "a.b",
        "Title",
        "example",
        Basis("text", WARNING, ERROR),
        classic="later text",
        current=Basis("reference", NOTE),
    )
    assert found.bases["classic"] == Basis("later text", WARNING, ERROR)
    assert found.source_in("current") == "reference"
    assert found.severity("classic", strict=True) is Severity.ERROR
    assert found.severity("current", strict=True) is Severity.NOTE


def test_an_era_may_not_have_a_rule() -> None:
    found = rule("a.b", "Title", "example", None, classic=Basis("text", NOTE), current=None)
    assert list(found.bases) == ["classic"]
    assert found.severity("2011", strict=False) is None
    assert found.source == found.source_in("2011") == found.source_in("current") == "text"


def test_a_rule_that_came_late_is_in_no_era_before_it() -> None:
    found = rule("a.b", "Title", "example", None, current=Basis("text", NOTE))
    assert list(found.bases) == ["current"]
