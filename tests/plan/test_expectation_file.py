"""Expectations in a file, alone or beside a plan."""

from __future__ import annotations

import re

import pytest

from trackscope.errors import PlanError
from trackscope.plan.expectation_file import load_expectations


def test_they_are_read_beside_a_plan() -> None:
    text = "entries:\n- name: Purchase\nexpect:\n- event: Purchase\n  exactly: 1\n"
    assert [each.text for each in load_expectations(text, "plan.yaml")] == ["exactly 1 Purchase"]


def test_json_will_do_too() -> None:
    text = '\ufeff{"entries": [], "expect": [{"never": "Error"}]}'
    assert [each.text for each in load_expectations(text, "plan.json")] == ["never Error"]


@pytest.mark.parametrize("text", ["entries: []", "- never: Error", "", "expected: 1"])
def test_a_file_without_the_key_has_none(text: str) -> None:
    assert load_expectations(text, "plan.yaml") == ()


def test_mistakes_are_told_with_their_lines() -> None:
    text = (
        "# what we expect\nexpect:\n- never: Error\n- after: Checkout\n  evnt: Purchase\n"
        "- event: A\n  where:\n    amount: '> x'\n"
    )
    with pytest.raises(PlanError) as caught:
        load_expectations(text, "plan.yaml")
    assert str(caught.value) == (
        "plan.yaml: Line 5: There is no key evnt. Did you mean event? "
        'Line 8: amount is "> x": > needs a number behind it, as in > 0.'
    )


def test_of_many_mistakes_the_first_are_told() -> None:
    with pytest.raises(PlanError, match="There are 3 more mistakes"):
        load_expectations("expect: [1, 2, 3, 4, 5, 6, 7, 8]", "plan.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("expect: [", "plan.yaml: Line "),
        ("expect: {}", "plan.yaml: Line 1: Expected is a list"),
        ("expect:\n- never: *", 'A value that begins with a sign is put in quotes: "> 0", "*".'),
        ("expect:\n- never: A\n  where: { n: > 0 }", 'is put in quotes: "> 0"'),
        ("a" * (16 * 1024 * 1024 + 1), "plan.yaml is larger than 16 MB."),
    ],
)
def test_what_cannot_be_read_is_told(text: str, message: str) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        load_expectations(text, "plan.yaml")


def test_a_mistake_in_json_has_its_line_too() -> None:
    with pytest.raises(PlanError, match="Line 3: There is no key nevr"):
        load_expectations('{"entries": [],\n "expect": [\n  {"nevr": "Error"}]}', "plan.json")


def test_what_is_missing_is_told_where_the_item_begins() -> None:
    with pytest.raises(PlanError, match="Line 3: after needs a key event"):
        load_expectations("expect:\n- never: Error\n- title: Buy\n  after: Checkout\n", "e.yaml")
