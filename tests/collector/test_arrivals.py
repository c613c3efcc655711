"""What has arrived: counted, bounded, told apart and waited for."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest
from tests.collector.conftest import NOW, event

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.arrivals import MAX_FINDINGS, Arrivals, Wanted
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.request import TrackRequest

ERROR, NOTE = Severity.ERROR, Severity.NOTE


def received(
    payload: Any,
    *,
    findings: tuple[Finding, ...] = (),
    path: str = "/track",
    era: str = "2011",
) -> Exchange:
    """An exchange that was answered 0 if there is an error among the findings."""
    verdict = 0 if any(each.severity is ERROR for each in findings) else 1
    url = f"http://localhost{path}?data={quote(json.dumps(payload))}"
    request = TrackRequest("GET", url)
    return Exchange(
        request, Origin.RECEIVED, NOW, id=7, verdict=verdict, findings=findings, era=era
    )


BAD = (Finding("json.shape", ERROR, "", "no event"),)


async def test_each_record_is_judged_by_what_is_said_of_it():
    arrivals = Arrivals()
    findings = (
        Finding("time.too-old", ERROR, "/1/properties/time", "too old"),
        Finding("param.value", NOTE, "?ip", "odd"),
    )
    arrivals.add(received([event("A"), event("B"), event("C")], findings=findings, era="current"))
    assert (arrivals.good_count, arrivals.bad_count) == (2, 1)
    [bad] = arrivals.matching(Wanted(is_good=False))
    assert (bad.event, [each.rule for each in bad.findings]) == (
        "B",
        ["time.too-old", "param.value"],
    )


async def test_none_of_a_request_that_was_answered_0_is_good():
    arrivals = Arrivals()
    refused = (Finding("token.missing", ERROR, "/1/properties", "no token"),)
    arrivals.add(received([event("A"), event("B")], findings=refused))
    assert (arrivals.good_count, arrivals.bad_count) == (0, 2)


async def test_what_cannot_be_read_is_one_bad_arrival():
    arrivals = Arrivals()
    arrivals.add(received("no event", findings=BAD))
    [line] = [each.as_line() for each in arrivals.matching(Wanted())]
    assert (line["event"], line["verdict"], line["record"]) == (None, 0, None)


async def test_a_profile_is_no_event_but_shown_whole():
    arrivals = Arrivals()
    profile = {"$token": "t", "$set": {"a": 1}}
    arrivals.add(received(profile, path="/engage"))
    [line] = [each.as_line() for each in arrivals.matching(Wanted(token="t", endpoint="engage"))]
    assert (line["event"], line["properties"], line["record"]) == (None, {}, profile)


async def test_numbers_that_json_does_not_have_are_null():
    arrivals = Arrivals()
    arrivals.add(received(event("A", n=float("nan"), m=[float("inf")]), findings=BAD))
    [line] = [each.as_line() for each in arrivals.matching(Wanted())]
    assert (line["properties"]["n"], line["properties"]["m"]) == (None, [None])


async def test_the_oldest_make_room_and_are_counted_all_the_same():
    arrivals = Arrivals(max_kept=3)
    arrivals.add(received([event("A"), event("B")]))
    arrivals.add(received([event("C"), event("D")]))
    assert [each.event for each in arrivals.matching(Wanted())] == ["B", "C", "D"]
    assert (arrivals.good_count, arrivals.left_out) == (4, 1)
    arrivals.add(received([event(str(number)) for number in range(5)], findings=BAD))
    assert (arrivals.good_count, arrivals.bad_count, arrivals.left_out) == (4, 5, 6)
    few = Arrivals(max_kept_bytes=100)
    few.add(received(event("A" * 200)))
    assert (few.matching(Wanted()), few.left_out, few.good_count) == ([], 1, 1)


async def test_findings_without_number_are_kept_in_part_and_an_error_counts_wherever_it_stands():
    notes = tuple(Finding("event.unknown-key", NOTE, f"/0/k{n}", "odd") for n in range(100))
    arrivals = Arrivals()
    arrivals.add(
        received(
            [event("A"), event("B")],
            findings=(*notes, Finding("x", ERROR, "/0", "")),
            era="current",
        )
    )
    first, second = arrivals.matching(Wanted())
    assert (first.is_good, len(first.findings)) == (False, MAX_FINDINGS)
    assert (second.is_good, second.findings) == (True, ())


@pytest.mark.parametrize(
    ("wanted", "is_meant"),
    [
        (Wanted(), True),
        (Wanted(event="A"), True),
        (Wanted(event="a"), False),
        (Wanted(properties=(("plan", "pro"), ("n", 1))), True),
        (Wanted(properties=(("n", True),)), False),
        (Wanted(properties=(("n", 1.0),)), True),
        (Wanted(properties=(("flag", True),)), True),
        (Wanted(properties=(("flag", 1),)), False),
        (Wanted(properties=(("none", None),)), True),
        (Wanted(properties=(("gone", None),)), False),
        (Wanted(has=("none",)), True),
        (Wanted(has=("gone",)), False),
        (Wanted(token="e3bc41", endpoint="track", is_good=True), True),
        (Wanted(token="t"), False),
        (Wanted(endpoint="import"), False),
        (Wanted(is_good=False), False),
    ],
)
async def test_an_arrival_is_meant_or_not(wanted, is_meant):
    arrivals = Arrivals()
    arrivals.add(received(event("A", plan="pro", n=1, flag=True, none=None)))
    assert bool(arrivals.matching(wanted)) is is_meant


async def test_who_waits_is_woken_by_the_last_that_is_wanted():
    arrivals = Arrivals()
    arrivals.add(received(event("A")))
    waiting = asyncio.create_task(arrivals.until(Wanted(event="A"), 3, 60))
    await asyncio.sleep(0)
    arrivals.add(received(event("B")))
    arrivals.add(received([event("A"), event("A")]))
    assert [each.event for each in await waiting] == ["A", "A", "A"]


async def test_who_waits_in_vain_gets_what_there_is():
    arrivals = Arrivals()
    arrivals.add(received(event("A")))
    assert len(await arrivals.until(Wanted(event="A"), 2, 0.01)) == 1
    assert await arrivals.until(Wanted(event="B"), 1, 0) == []


async def test_a_new_run_begins_with_nothing_also_for_who_waits():
    arrivals = Arrivals()
    arrivals.add(received(event("A")))
    waiting = asyncio.create_task(arrivals.until(Wanted(event="A"), 2, 60))
    await asyncio.sleep(0)
    arrivals.reset()
    assert (arrivals.good_count, arrivals.matching(Wanted())) == (0, [])
    arrivals.add(received(event("A")))
    await asyncio.sleep(0)
    assert not waiting.done()
    arrivals.add(received(event("A")))
    assert len(await waiting) == 2


async def test_what_arrived_instead_is_told_with_the_nearest_first():
    arrivals = Arrivals()
    arrivals.add(received([event("B"), event("B")]))
    arrivals.add(received(event("A", plan="free")))
    refused = (Finding("time.too-old", ERROR, "/0", "time is too old"),)
    arrivals.add(received(event("A", plan="pro"), findings=refused))
    arrivals.add(received(event("A"), path="/import"))
    arrivals.add(received("?", findings=BAD))
    arrivals.add(received(event(" "), findings=BAD))
    arrivals.add(received({"$token": "t"}, path="/engage"))
    wanted = Wanted(event="A", properties=(("plan", "pro"),), endpoint="track", is_good=True)
    assert arrivals.instead_of(wanted) == [
        'A, but plan is "free"',
        "A, but it was refused: time is too old",
        "A, but it has no plan, it came to /import",
        "2 × B",
        "1 × a request that cannot be read",
        "1 × an event without a name",
        "1 × a record for /engage",
    ]
    assert str(wanted) == 'event "A" (plan="pro", at /track)'
    others = arrivals.instead_of(Wanted(event="B", token="x"))
    assert others[0] == "B, but its token is e3bc41"
