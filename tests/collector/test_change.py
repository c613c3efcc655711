"""Lines that change a running collector, and the lines that answer them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.collector.change import (
    MAX_LINE,
    Change,
    Outcome,
    Standing,
    carry_out,
    read_change,
    read_outcome,
    write_change,
    write_outcome,
)
from trackscope.collector.faults import parse_faults
from trackscope.errors import UsageError

FAULTS = parse_faults(['0 event "Order \u00e9"', "500 every 3"])
CHANGES = st.builds(
    Change,
    st.none() | st.integers(-1000, 1000),
    st.none() | st.just("2011"),
    st.none() | st.booleans(),
    st.none() | st.just(()) | st.just(FAULTS),
)


@given(CHANGES)
def test_a_change_is_what_its_line_says(change):
    line = write_change(change)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read_change(line) == change


@given(CHANGES, st.text())
def test_an_outcome_is_what_its_line_says(change, error):
    done = Outcome(change.id, Standing("2011", False).after(change))
    refused = Outcome(change.id, error=error)
    assert read_outcome(write_outcome(done)) == done
    assert read_outcome(write_outcome(refused)) == refused
    assert write_outcome(refused).isprintable() or not error.isprintable()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "no object"),
        (b"\xff", "not UTF-8"),
        (b'{"port": 1}', "port cannot be changed. What can: id, era, strict, faults."),
        (b'{"era": "1999"}', "era is one of 2011"),
        (b'{"era": []}', "era is one of 2011"),
        (b'{"strict": 1}', "strict is true or false"),
        (b'{"faults": "500"}', "faults is a list of texts"),
        (b'{"faults": [500]}', "faults is a list of texts"),
        (b'{"faults": ["five"]}', "five is no faulty answer"),
        (b'{"id": true}', "id is a whole number"),
        (b'{"id": 1e999}', "id is a whole number"),
        (b"[" * 100_000, "longer than"),
        (b"[" * 1000, "not JSON"),
        (b" " * MAX_LINE + b"{}", "longer than"),
    ],
)
def test_a_bad_line_is_a_sentence(line, sentence):
    with pytest.raises(UsageError) as caught:
        read_change(line)
    assert sentence in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_line_is_carried_out_or_refused_in_words(line):
    outcome = carry_out(line, Standing("2011", False).after)
    assert outcome.standing is not None or outcome.error


@pytest.mark.parametrize(
    ("line", "id_"), [(b'{"id": 4, "port": 1}', 4), (b'{"id": "4"}', None), (b"?", None)]
)
def test_a_refused_line_is_answered_with_its_id_where_it_has_one(line, id_):
    outcome = carry_out(line, Standing("2011", False).after)
    assert (outcome.id, outcome.standing) == (id_, None)


def test_a_change_that_is_carried_out_says_how_the_collector_stands():
    outcome = carry_out(b'{"id": 1, "strict": true}', Standing("2011", False, FAULTS).after)
    assert outcome == Outcome(1, Standing("2011", True, FAULTS))


@pytest.mark.parametrize(
    "line",
    ["listening on http://127.0.0.1:1", "changed", "changed {}", "not changed []", "changed {"],
)
def test_other_lines_are_no_outcome(line):
    assert read_outcome(line) is None


def test_an_outcome_is_one_line_whatever_it_says():
    line = write_outcome(Outcome(1, error="a\nb\x1b"))
    assert line.isprintable()
    assert json.loads(line.removeprefix("not changed "))["error"] == "a\nb\x1b"
