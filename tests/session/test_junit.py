from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from tests.session.test_check_text import FINDING, FIRST, PLAN, RESULT

from trackscope.plan.result import EventResult, Group, State
from trackscope.session.junit import junit


def test_every_event_and_every_refusal_is_a_test_case() -> None:
    (suite,) = ElementTree.fromstring(junit(PLAN, RESULT, fails_missing=False))
    assert suite.attrib == {
        "name": "plan.json",
        "tests": "4",
        "failures": "3",
        "errors": "0",
        "skipped": "1",
    }
    cases = {case.attrib["name"]: [inner.tag for inner in case] for case in suite}
    assert cases == {
        "a": ["failure"],
        "b": ["skipped"],
        "token.missing": ["failure"],
        "unreadable": ["failure"],
    }
    failure = suite[0][0]
    assert (failure.text or "").startswith('plan.type: "n" is null (7 times')


def test_events_that_never_came_fail_where_all_are_asked_for() -> None:
    (suite,) = ElementTree.fromstring(junit(PLAN, RESULT, fails_missing=True))
    assert suite.attrib["failures"] == "4"
    assert suite.attrib["skipped"] == "0"


def test_hostile_names_stay_text() -> None:
    name = "\"<a>&'\x00\x1b\ufffe\ud83d]]>"
    finding = replace(FINDING, event=name, message=name)
    result = replace(
        RESULT,
        events=(EventResult(name, State.WRONG, 1, 1, FIRST), EventResult(name, State.SEEN)),
        groups=(Group(finding, 1, FIRST),),
    )
    (suite,) = ElementTree.fromstring(junit(PLAN, result, fails_missing=False).encode())
    assert suite[0].attrib["name"].startswith("\"<a>&'\\u0000")
