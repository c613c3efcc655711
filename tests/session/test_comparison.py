"""Two exchanges compared: what is the same, what changed, what only one of them has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.session.exchanges import event, exchange_of, request_of
from tests.wire.json_values import VALUES

from trackscope.session.comparison import (
    MAX_ROWS,
    Change,
    changed_parts,
    compare,
    compare_values,
    paired,
)
from trackscope.wire.json_text import dumps
from trackscope.wire.reply import Reply


def changes(a: object, b: object) -> dict[str, Change]:
    rows = compare(exchange_of(request_of(a)), exchange_of(request_of(b))).rows
    return {f"{row.section}: {row.label}": row.change for row in rows}


def test_a_property_is_the_same_changed_or_only_on_one_side() -> None:
    found = changes(event(plan="a", level=1, old=1), event(plan="b", level=1, new=1))
    assert found["Event · game: plan"] is Change.CHANGED
    assert found["Event · game: level"] is Change.SAME
    assert found["Event · game: old"] is Change.ONLY_A
    assert found["Event · game: new"] is Change.ONLY_B


@pytest.mark.parametrize(
    ("a", "b", "change"),
    [(1, "1", "changed"), (1, True, "changed"), (0, False, "changed"), (None, "null", "changed"),
     (1, 1.0, "same"), ([], {}, "changed"), (0, None, "changed"), (2**70, 2**70 + 1, "changed")],
)  # fmt: skip
def test_types_count(a: object, b: object, change: str) -> None:
    assert changes(event(x=a), event(x=b))["Event · game: x"] is Change(change)


def test_nested_values_are_compared_leaf_by_leaf() -> None:
    found = changes(event(cart=[{"a": 1, "b": 2}]), event(cart=[{"a": 1, "b": 3}, {"a": 4}]))
    assert found["Event · game: cart › 0 › a"] is Change.SAME
    assert found["Event · game: cart › 0 › b"] is Change.CHANGED
    assert found["Event · game: cart › 1 › a"] is Change.ONLY_B


def test_events_are_paired_by_name_and_order() -> None:
    a = [event("x"), event("y"), event("x")]
    b = [event("y"), event("x"), event("z")]
    assert paired(a, b) == [(0, 1), (1, 0), (2, None), (None, 2)]


def test_an_insert_id_pairs_events_before_their_names_do() -> None:
    a = [event("x", **{"$insert_id": "1"}), event("x", **{"$insert_id": "2"})]
    assert paired(a, a[::-1]) == [(0, 1), (1, 0)]


def test_two_single_events_belong_together() -> None:
    assert changes(event("a"), event("b"))["Event · a: event"] is Change.CHANGED


def test_what_changes_by_its_nature_is_marked() -> None:
    a, b = event(mp_lib="web", plan="x"), event(plan="x", time=1)
    rows = compare(exchange_of(request_of(a)), exchange_of(request_of(b))).rows
    assert {row.label for row in rows if row.is_volatile} == {"time", "mp_lib"}


def test_request_parameters_answer_and_headers_are_compared() -> None:
    one = exchange_of(request_of(event()), reply=Reply(200, (), b"1"), verdict=1)
    request = replace(request_of(event(), is_post=True), headers=(("User-Agent", "x"),))
    other = exchange_of(request, reply=Reply(500, (), b"0"), verdict=0)
    rows = compare(one, other).rows
    found = {(row.section, row.label) for row in rows if row.change is not Change.SAME}
    assert found == {
        ("Request", "method"), ("Parameters", "transport"), ("Parameters", "ip"),
        ("Answer", "verdict"), ("Answer", "status"), ("Answer", "body"), ("Headers", "user-agent"),
    }  # fmt: skip


def test_a_payload_that_cannot_be_read_is_compared_as_its_data() -> None:
    one = exchange_of(request_of('{"broken'))
    rows = compare(one, exchange_of(request_of(event()))).rows
    assert [row.label for row in rows if row.section == "Payload"] == ["data"]


def test_the_counts_are_told_in_a_sentence() -> None:
    one, other = exchange_of(request_of(event(a=1))), exchange_of(request_of(event(a=2, b=1)))
    assert compare(one, other).sentence == "1 changed, 1 only in B · 10 the same"
    assert compare(one, one).sentence == "No difference · 11 the same"


def test_what_is_too_much_is_cut_and_said() -> None:
    exchange = exchange_of(request_of(event(many=list(range(MAX_ROWS)))))
    comparison = compare(exchange, exchange)
    assert len(comparison.rows) == MAX_ROWS
    assert comparison.is_cut
    assert comparison.sentence.endswith("the first 20,000 values")


@given(VALUES)
def test_a_value_is_the_same_as_itself(value: object) -> None:
    assert {row.change for row in compare_values(value, value)} <= {Change.SAME}


@given(VALUES, VALUES)
def test_turned_round_the_sides_change_places(a: object, b: object) -> None:
    there = {(row.pointer, row.a, row.b) for row in compare_values(a, b)}
    back = {(row.pointer, row.b, row.a) for row in compare_values(b, a)}
    assert there == back


@given(st.text(max_size=20), st.text(max_size=20))
def test_outside_of_the_changed_parts_texts_are_the_same(a: str, b: str) -> None:
    one, other = changed_parts(a, b)
    assert a[: one.start] == b[: other.start]
    assert a[one.end :] == b[other.end :]
    assert one.start <= one.end
    assert other.start <= other.end
    assert (dumps(a) == dumps(b)) == (one.start == one.end and other.start == other.end)
