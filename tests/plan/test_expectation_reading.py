"""Expectations as people write them, and what is said of mistakes in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.plan.expectation_reading import MAX_EXPECTATIONS, Mistake, read_expectations


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            {
                "after": "Checkout",
                "exactly": 1,
                "event": "Purchase",
                "within": "5 s",
                "same": "distinct_id",
                "where": {"amount": "> 0"},
            },
            "after Checkout, exactly 1 Purchase with amount > 0 within 5 s "
            "with the same distinct_id",
        ),
        ({"after": "A", "event": "B"}, "after A, at least 1 B"),
        ({"after": "A", "event": "B", "at most": 2}, "after A, at most 2 B"),
        ({"event": "B", "at least": 1, "at most": 3}, "1 to 3 B"),
        ({"event": "B", "at most": 3}, "at most 3 B"),
        ({"event": ["A", "B"]}, "at least 1 A or B"),
        (
            {"before": "Login", "event": "Signup", "within": "2 hours", "same": ["a", "b", "c"]},
            "before Login, Signup within 2 h with the same a, b and c",
        ),
        ({"never": "Error*"}, "never Error*"),
        ({"never": 404}, "never 404"),
        ({"never": "A", "where": {"plan": ["free", 1]}}, 'never A with plan = "free" or 1'),
        ({"every event has": ["token", "time"]}, "every event has token and time"),
        ({"every event has": "a", "event": "B"}, "every B has a"),
        ({"never twice": "$insert_id"}, "never twice the same $insert_id"),
        ({"never twice": "order", "event": "B"}, "never twice the same order of B"),
    ],
)
def test_each_form_is_read_and_said_in_words(item: dict[str, Any], text: str) -> None:
    (expectation,), mistakes = read_expectations([item])
    assert (expectation.text, mistakes) == (text, ())


def test_a_title_is_kept() -> None:
    ((expectation,), _) = read_expectations([{"never": "Error", "title": "No crash"}])
    assert expectation.title == "No crash"


@pytest.mark.parametrize(
    ("within", "seconds"),
    [("5 s", 5), ("250ms", 0.25), ("1.5 min", 90), ("2 Hours", 7200), ("1 day", 86400)],
)
def test_a_duration_has_a_unit(within: str, seconds: float) -> None:
    ((expectation,), _) = read_expectations([{"after": "A", "event": "B", "within": within}])
    assert getattr(expectation, "within_s") == seconds  # noqa: B009 (of one kind only)


@pytest.mark.parametrize(
    ("item", "at", "message"),
    [
        ({"nevr": "A"}, "/nevr", "There is no key nevr. Did you mean never?"),
        ({"after": "A", "evnt": "B"}, "/evnt", "There is no key evnt. Did you mean event?"),
        ({"never": "A", "a/b": 1}, "/a~1b", "There is no key a/b. There are: after, before,"),
        ({"after": "A", "never": "B"}, "/never", "after and never exclude each other."),
        ({"after": "A"}, "", "after needs a key event: what is to come after it."),
        ({"exactly": 1}, "", "It says not what of: one of after, before, never,"),
        ({"never": "A", "within": "5 s"}, "/within", "within does not go with never."),
        ({"never": True}, "/never", "never is true. Expected is the name of an event"),
        ({"never": []}, "/never", "never is []. Expected is the name of an event"),
        ({"event": "A", "exactly": "one"}, "/exactly", 'exactly is "one". Expected is a whole'),
        ({"event": "A", "exactly": True}, "/exactly", "exactly is true. Expected is a whole"),
        ({"event": "A", "exactly": 1, "at most": 2}, "/exactly", "exactly goes neither with"),
        ({"event": "A", "at least": 3, "at most": 2}, "/at most", "at most 2 is less than"),
        ({"after": "A", "event": "B", "within": 5}, "/within", "within is 5. Expected is a dur"),
        ({"after": "A", "event": "B", "within": "5 x"}, "/within", 'within is "5 x". Expected'),
        ({"never": "A", "where": "x"}, "/where", 'where is "x". Expected are properties'),
        ({"never": "A", "where": {"n": "> x"}}, "/where/n", 'n is "> x": > needs a number'),
        ({"never": "A", "title": 1}, "/title", "title is 1. Expected is a text."),
        ("never A", "", "Expected are keys with values, one of: after,"),
        ({}, "", "Expected are keys with values, one of: after,"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(item: Any, at: str, message: str) -> None:
    good = {"never": "Error"}
    expectations, mistakes = read_expectations([good, item])
    assert [each.text for each in expectations] == ["never Error"]
    assert [each.at for each in mistakes] == [f"/expect/1{at}"]
    assert mistakes[0].message.startswith(message)


def test_what_is_no_list_or_too_long_a_one_is_a_mistake() -> None:
    assert read_expectations({"never": "A"}).mistakes[0].at == "/expect"
    many = [{"never": "A"}] * (MAX_EXPECTATIONS + 1)
    assert read_expectations(many).mistakes == (
        Mistake("/expect", "More than 1,000 are too many."),
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
_KEYS = st.sampled_from(
    ("after", "before", "never", "event", "every event has", "never twice", "exactly", "at least",
     "at most", "within", "same", "where", "title")
)  # fmt: skip


@given(st.lists(st.dictionaries(_KEYS, _JSON, max_size=4) | _JSON, max_size=3))
def test_whatever_is_written_is_an_expectation_or_a_mistake(items: list[Any]) -> None:
    expectations, mistakes = read_expectations(items)
    assert len(expectations) + len(mistakes) == len(items)
    assert all(each.text for each in expectations)
