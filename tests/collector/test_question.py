"""Reading what a test suite asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.collector.arrivals import Wanted
from trackscope.collector.question import Question, read_question
from trackscope.errors import UsageError


def test_every_parameter_is_read():
    question = read_question(
        "http://h/expect?event=Order+Placed&token=t&endpoint=/track&property=plan=pro"
        "&property=total=19.9&property=note&property=id=%227%22&verdict=0&count=2&timeout=.5&limit=9"
    )
    assert question == Question(
        Wanted(
            event="Order Placed",
            token="t",
            endpoint="track",
            properties=(("plan", "pro"), ("total", 19.9), ("id", "7")),
            has=("note",),
            is_good=False,
        ),
        count=2,
        timeout_s=0.5,
        limit=9,
    )
    assert read_question("/all?verdict=any").is_any_verdict
    assert read_question("/all") == Question()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("evnt=a", "There is no parameter evnt. There are: event,"),
        ("verdict=2", "verdict is 1, 0 or any."),
        ("count=-1", "count is a whole number"),
        ("count=99999", "count is a whole number"),
        ("timeout=601", "at most 600"),
        ("timeout=nan", "timeout is in seconds"),
        ("limit=", "limit is a whole number"),
    ],
)
def test_what_cannot_be_used_is_named(query, sentence):
    with pytest.raises(UsageError, match=sentence):
        read_question(f"/expect?{query}")


@given(st.text())
def test_any_query_is_read_or_refused_in_words(query):
    try:
        assert read_question(f"/expect?{query}")
    except UsageError as problem:
        assert problem.message  # noqa: PT017 (either is right)
