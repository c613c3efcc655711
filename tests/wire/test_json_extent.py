"""The ends of containers, found in one pass, are those that a walk finds."""

from __future__ import annotations

from hypothesis import given
from tests.wire.json_values import VALUES

from trackscope.wire.json_extent import container_ends
from trackscope.wire.json_text import children, dumps, find, scan


@given(VALUES)
def test_every_container_ends_where_a_walk_ends_it(value: object) -> None:
    text = dumps(value, indent=1)
    spans = {(node.value.start, node.value.end) for node in scan(text)}
    found = {(start, end) for start, end in spans if text[start] in "{["}
    assert set(container_ends(text, least=0).items()) == found


@given(VALUES)
def test_children_are_the_same_when_ends_are_known(value: object) -> None:
    text = dumps(value)
    top = find(text, "")
    assert top is not None
    ends = container_ends(text, least=0)
    known = [(node.key, node.value, node.step) for node in children(text, top, ends)]
    assert known == [(node.key, node.value, node.step) for node in children(text, top)]


def test_small_ones_are_left_out() -> None:
    assert container_ends("[[1, 2, 3], []]", least=9) == {1: 10, 0: 15}


def test_what_does_not_end_has_no_end() -> None:
    assert container_ends('[{"a": "]"', least=0) == {}
    assert container_ends("]]}", least=0) == {}
