from __future__ import annotations

import json

from trackscope.plan.finding import PlanFinding
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.result import EventResult, Evidence, Group, Refusal, Result, State
from trackscope.session import check_text as text
from trackscope.session.check_text import check_record, check_text
from trackscope.wire.finding import Severity

PLAN = Plan((Entry(Entity.EVENT, "a", {}), Entry(Entity.EVENT, "b", {})), "plan.json")
FIRST = Evidence("x.har", "entry 3", 1)
FINDING = PlanFinding(
    "plan.type", Severity.WARNING, "/1/properties/n", '"n" is null', event="a", expected="a number"
)
RESULT = Result(
    (EventResult("a", State.WRONG, 1_200, 7, FIRST), EventResult("b", State.MISSING)),
    (Group(FINDING, 7, FIRST),),
    (Refusal("token.missing", "there is no token", 1, FIRST),),
    1_200,
    2,
)


def test_the_text_has_the_verdict_the_events_and_the_findings() -> None:
    assert check_text(PLAN, RESULT, is_passed=False).splitlines() == [
        "plan.json: failed. 1,200 events checked, 1 of 2 planned events came.",
        "",
        "event  state     came  wrong",
        "a      wrong    1,200      7",
        "b      missing      0      0",
        "",
        "a",
        '  plan.type: "n" is null (7 times, first x.har, entry 3, event 2)',
        "requests",
        "  token.missing: there is no token (x.har, entry 3, event 2)",
        "  2 requests could not be read (see: trackscope decode)",
    ]


def test_a_clean_result_is_short() -> None:
    result = Result((EventResult("a", State.SEEN, 1, 0, FIRST),), records=1)
    assert check_text(PLAN, result, is_passed=True).splitlines() == [
        "plan.json: passed. 1 event checked, 1 of 2 planned events came.",
        "",
        "event  state  came  wrong",
        "a      seen      1      0",
    ]


def test_what_is_left_out_is_said() -> None:
    many = Result(groups=(Group(FINDING, 1, FIRST),) * (text.MAX_GROUPS + 3), is_complete=False)
    lines = check_text(PLAN, many, is_passed=False).splitlines()
    assert "and 3 further kinds of findings (see --json)" in lines
    assert lines[-1].endswith("not all are listed.")


def test_the_record_has_all_of_it() -> None:
    record = json.loads(json.dumps(check_record(PLAN, RESULT, is_passed=False)))
    assert record["events"][0] == {
        "name": "a",
        "state": "wrong",
        "count": 1_200,
        "wrong": 7,
        "first": {"source": "x.har", "position": "entry 3", "index": 1, "exchange": None},
    }
    (finding,) = record["findings"]
    assert (finding["property"], finding["count"], finding["expected"]) == ("/n", 7, "a number")
    assert record["refusals"][0]["rule"] == "token.missing"
    assert (record["unreadable"], record["passed"]) == (2, False)
