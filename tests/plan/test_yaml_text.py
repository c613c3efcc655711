from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.errors import PlanError
from trackscope.plan.yaml_text import read_yaml, write_yaml

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc:#- 1\n\x00é"), inner),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert read_yaml(write_yaml(value)) == value


@pytest.mark.parametrize("word", ["no", "on", "y", "2011-11-23", "12:30", "1_000", "0x1f", "012"])
def test_words_that_yaml_once_had_a_meaning_for_are_strings(word: str) -> None:
    assert read_yaml(f"[{word}]") == [word]


def test_keys_are_strings_as_in_json() -> None:
    assert read_yaml("1: a\ntrue: b\nnull: c") == {"1": "a", "true": "b", "null": "c"}


def test_anchors_may_be_shared() -> None:
    assert read_yaml("a: &x {t: 1}\nb: *x\nc: {<<: *x, u: 2}")["c"] == {"t": 1, "u": 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3", 'Line 3: the key "a" stands twice.'),
        ("a: [", "Line 2, column 1: did not find"),
        ("a: *x", "Line 1: *x stands for nothing"),
        ("a: &x [*x]", "Line 1: *x stands for nothing that ends before it."),
        ("a: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("a: !!binary aGk=", "could not determine a constructor"),
        ("[" * 500, "nested deeper"),
        ("[" * 100_000, "maximum nesting depth"),
        ("- " * 5_000 + "a", "nested deeper"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(PlanError) as problem:
        read_yaml(text)
    assert sentence in str(problem.value)


def test_aliases_that_multiply_are_refused_before_anything_is_built() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]" for n in range(12)]
    with pytest.raises(PlanError, match="comes to more than 1,000,000 values"):
        read_yaml("\n".join(lines))


def test_half_an_emoji_cannot_be_written() -> None:
    with pytest.raises(PlanError, match="half an emoji"):
        write_yaml({"a": "\ud83d"})
