"""Differences as they are read: as a code difference, and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plan.runs import occurrence

from trackscope.plan.occurrence import Occurrence
from trackscope.session.event_diff import EventDiff, Masks, event_diff
from trackscope.session.event_diff_text import diff_record, diff_text

NAMES = ("a.har", "b.har")


def run(*events: tuple[str, dict[str, Any]]) -> list[Occurrence]:
    return [
        occurrence(number, name, 0.0, **properties)
        for number, (name, properties) in enumerate(events, 1)
    ]


@pytest.fixture
def diff() -> EventDiff:
    a = run(
        ("Login", {"time": 1}),
        ("Page", {"n": 1}),
        ("Help", {"n": 2, "m": 1, "k": 1}),
        ("Buy", {"amount": 5, "plan": "pro"}),
        ("Exit", {"time": 9}),
    )
    b = run(
        ("Login", {"time": 7}),
        ("Help", {"n": 2, "m": 1, "k": 1}),
        ("Page", {"n": 1}),
        ("Buy", {"amount": "5", "coupon": "x"}),
        ("Exit", {"time": 8}),
        ("New\x1b", {"time": 8, "long": "x" * 500}),
    )
    return event_diff(a, b)


def test_the_text_reads_as_a_code_difference(diff: EventDiff) -> None:
    assert diff_text(diff, NAMES, Masks()).splitlines() == [
        "--- a.har",
        "+++ b.har",
        "~ Page  (entry 2 → entry 3)",
        "! Buy  (entry 4 → entry 4)",
        "  - amount: 5",
        '  + amount: "5"',
        '  - plan: "pro"',
        '  + coupon: "x"',
        '+ New\\x1b {"time":"∗","long":"' + "x" * 99 + "…  (entry 6)",
        "1 extra, 1 reordered, 1 changed · 3 the same · masked: time",
    ]


def test_without_a_difference_there_is_one_line() -> None:
    same = event_diff(run(("A", {"n": 1})), run(("A", {"n": 1})))
    assert diff_text(same, NAMES, Masks()) == "No difference · 1 the same"


def test_tokens_are_compared_but_not_shown() -> None:
    a = run(
        ("A", {"token": "e3bc4100330c35722740fb8c6f5abddc"}), ("B", {"Token": "0123456789abcdef"})
    )
    b = run(("A", {"token": "e3bc0000000000000000000000000adc"}))
    diff = event_diff(a, b)
    assert diff_text(diff, NAMES, Masks()).splitlines()[2:-1] == [
        "! A  (entry 1 → entry 1)",
        '  - token: "e3bc…dc"',
        '  + token: "e3bc…dc"',
        '- B {"Token":"0123…ef"}  (entry 2)',
    ]
    shown = json.dumps(diff_record(diff, NAMES, Masks()))
    assert "4100330c" not in shown
    assert "456789ab" not in shown


def test_a_missing_event_is_shown_with_what_it_had() -> None:
    diff = event_diff(run(("A", {"n": 1, "time": 5})), [])
    assert diff_text(diff, NAMES, Masks()).splitlines()[2] == '- A {"n":1,"time":"∗"}  (entry 1)'


def test_what_changed_alike_in_several_events_is_told_once() -> None:
    a = run(*[("A", {"n": at, "version": "1.0"}) for at in range(4)])
    b = run(*[("A", {"n": at + (at == 2), "version": "1.1"}) for at in range(4)])
    assert diff_text(event_diff(a, b), NAMES, Masks()).splitlines()[2:] == [
        "* in 4 events",
        '  - version: "1.0"',
        '  + version: "1.1"',
        "! A  (entry 3 → entry 3)",
        "  - n: 2",
        "  + n: 3",
        "4 changed · 0 the same",
    ]


def test_the_record_says_the_same(diff: EventDiff) -> None:
    record = diff_record(diff, NAMES, Masks())
    assert {key: record[key] for key in ("is_same", "same", "missing", "extra", "reordered")} == {
        "is_same": False,
        "same": 3,
        "missing": 0,
        "extra": 1,
        "reordered": 1,
    }
    assert record["a"] == {"source": "a.har", "events": 5}
    assert record["masked"] == {"time": 2}
    changed = record["differences"][1]
    assert changed["a"]["position"] == "entry 4"
    assert changed["values"][0] == {
        "at": "/properties/amount",
        "change": "changed",
        "a": "5",
        "b": '"5"',
    }
    assert record["differences"][2]["b"]["properties"]["time"] == "∗"
