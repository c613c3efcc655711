"""A span of time in the text of a filter."""

from __future__ import annotations

from datetime import datetime

import pytest

from trackscope.history.query import Field
from trackscope.session.filter import parse
from trackscope.session.filter_range import with_range

NOW = datetime(2011, 11, 24)
START = datetime(2011, 11, 23, 14, 30).timestamp()


@pytest.mark.parametrize(
    "text", ["", "event:game", 'after:2h event:"a b" before:"14:30"', "AFTER:2h game"]
)
def test_the_span_replaces_the_one_before_and_leaves_the_rest(text: str) -> None:
    found = parse(with_range(text, START, START + 0.25), NOW)
    assert not found.mistakes
    times = {each.field: each.value for each in found.query.terms if "e" in each.field[-2:]}
    others = [each for each in parse(text, NOW).query.terms
              if each.field not in (Field.AFTER, Field.BEFORE)]  # fmt: skip
    assert times[Field.AFTER] == str(START)
    assert times[Field.BEFORE] == str(START + 0.25)
    assert [each for each in found.query.terms if each.field not in times] == others


def test_a_word_that_only_looks_like_a_time_stays() -> None:
    assert with_range("see-after:all", START, START + 1).startswith("see-after:all after:2011")
