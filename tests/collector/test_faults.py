"""Faulty answers: what they are, who gets them, and what is kept of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collector.conftest import QUICK, Wire, event, target

from trackscope.collector.change import Change
from trackscope.collector.faults import (
    MAX_FAULTS,
    RULE,
    Act,
    Fault,
    Faults,
    demanded,
    parse_fault,
    parse_faults,
)
from trackscope.errors import UsageError
from trackscope.wire.finding import Severity

COUNTS = st.integers(1, 1_000_000)
TEXTS = st.text(max_size=200).filter(str.isprintable)
WORDS = TEXTS.filter(lambda text: text not in ("all", "event", "token", "every", "first", ""))
ACTS = st.one_of(
    st.builds(Fault, st.sampled_from([Act.ZERO, Act.ERROR, Act.CUT, Act.NO_CORS])),
    st.builds(Fault, st.sampled_from([Act.ZERO, Act.ERROR, Act.TYPE]), text=WORDS),
    st.builds(Fault, st.just(Act.SLOW), seconds=st.integers(0, 600)),
    st.builds(
        Fault,
        st.just(Act.STATUS),
        st.sampled_from([400, 413, 429, 500, 503]),
        seconds=st.none() | st.integers(0, 600),
    ),
)


@given(ACTS, st.none() | TEXTS, st.none() | TEXTS, COUNTS, st.none() | COUNTS)
def test_a_fault_is_what_its_line_says(act, event_name, token, every, first):
    fault = Fault(act.act, act.status, act.seconds, act.text, event_name, token, every, first)
    assert parse_fault(str(fault)) == fault


@given(st.text() | st.lists(st.sampled_from(["500", "slow", "every", "event", "0", "1", "x"])))
def test_any_line_is_a_fault_or_an_error_in_words(words):
    line = words if isinstance(words, str) else " ".join(words)
    with suppress(UsageError):
        assert parse_fault(line)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("200", "200 is no faulty answer"),
        ("599", "599 is no faulty answer"),
        ("five", "five is no faulty answer"),
        ("500 every", "nothing follows every"),
        ("500 every 0", "every 0 means no request at all"),
        ("500 every third", "third is no whole number"),
        ("500 every -1", "-1 is no whole number"),
        ("429 soon", "soon is no whole number"),
        ("slow", "slow is followed by seconds"),
        ("slow 601", "at most 600"),
        ("slow 1e1", "slow is followed by seconds"),
        ("cut 5", "5 is not expected after cut"),
        ("500 all 5", "5 is not expected there"),
        ('0 event "Order', "a quotation mark is not closed"),
        ("type text/html\x07", "do not print"),
    ],
)
def test_a_line_that_is_no_fault_is_explained(line, why):
    with pytest.raises(UsageError, match=why):
        parse_fault(line)


def test_more_faults_than_can_be_meant_are_refused():
    with pytest.raises(UsageError, match="too many"):
        parse_faults(["500"] * (MAX_FAULTS + 1))


def test_a_fault_is_due_for_every_nth_and_the_first_ones():
    faults = Faults(parse_faults(["500 every 3 first 6"]))
    assert [faults.next_for(()) is not None for _ in range(9)] == [
        False, False, True, False, False, True, False, False, False,
    ]  # fmt: skip


def test_a_fault_counts_the_requests_that_it_is_meant_for():
    faults = Faults(parse_faults(["500 event B every 2", "cut token t", "0"]))
    a, b = {"event": "A", "properties": {"token": "t"}}, {"event": "B"}
    profile = {"$token": "t"}
    requests: list[list[Any]] = [[a], [b], [a, b], [profile], ["no record", {"properties": 1}]]
    acts = [found and found.act for found in map(faults.next_for, requests)]
    assert acts == [Act.CUT, Act.ZERO, Act.STATUS, Act.CUT, Act.ZERO]


async def faulty(start_collector, line: str, **params):
    collector = await start_collector(faults=parse_faults([line]))
    async with httpx.AsyncClient(base_url=collector.address, trust_env=False) as client:
        return await client.get(target(**params), headers={"Origin": "http://page.test"})


@pytest.mark.parametrize(
    ("line", "status", "body", "verdict"),
    [
        ("0", 200, "0", 0),
        ('error "token, missing"', 200, '{"status":0,"error":"token, missing"}', 0),
        ("413", 413, "Request Entity Too Large (on demand).\n", None),
        ("429 7", 429, "Too Many Requests (on demand).\n", None),
        ("500", 500, "Internal Server Error (on demand).\n", None),
        ("slow 0.01", 200, "1", 1),
        ("type text/html", 200, "1", 1),
        ("no-cors", 200, "1", 1),
    ],
)
async def test_the_answer_is_faulty_and_what_was_answered_is_kept(
    start_collector, store, line, status, body, verdict
):
    answer = await faulty(start_collector, line)
    assert answer.status_code == status
    assert answer.text.replace("Content Too Large", "Request Entity Too Large") == body
    [kept] = store.exchanges
    assert kept.reply is not None
    assert (kept.reply.status, kept.reply.body) == (status, answer.content)
    assert (kept.verdict, kept.predicted) == (verdict, 1)
    assert demanded(kept) == line.replace('"', "'")
    finding, *of_answer = kept.findings
    assert [each.rule for each in of_answer] == (["sdk.cors"] if line == "no-cors" else [])
    is_logged = verdict == 1
    assert (finding.rule, finding.severity is Severity.NOTE) == (RULE, is_logged)
    has_cors = "access-control-allow-origin" in answer.headers
    assert has_cors is (line != "no-cors")


async def test_the_ordinary_zero_has_the_form_that_was_asked_for(start_collector):
    answer = await faulty(start_collector, "0 busy", verbose=1)
    assert answer.json() == {"status": 0, "error": "busy"}


async def test_headers_say_when_to_come_again_and_what_the_body_is_said_to_be(start_collector):
    assert (await faulty(start_collector, "429 7")).headers["retry-after"] == "7"
    assert (await faulty(start_collector, "503 9")).headers["retry-after"] == "9"
    answer = await faulty(start_collector, "type 'text/html; charset=x'")
    assert answer.headers["content-type"] == "text/html; charset=x"


async def test_a_cut_connection_is_answered_by_nothing_and_kept(start_collector, connect, store):
    collector = await start_collector(faults=parse_faults(["cut first 1"]))
    wire: Wire = await connect(collector)
    line = f"GET {target()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    wire.send(line * 2)
    assert await wire.rest() == b""
    [kept] = store.exchanges
    assert (kept.reply, kept.verdict, kept.predicted) == (None, None, 1)
    assert kept.failure == "The connection was cut on demand, without an answer."
    again: Wire = await connect(collector)
    again.send(line)
    assert (await again.answer()).endswith(b"\r\n\r\n1")


async def test_a_slow_answer_holds_up_nobody_else(start_collector, connect, store):
    collector = await start_collector(faults=parse_faults(["slow 600 first 1"]), limits=QUICK)
    slow: Wire = await connect(collector)
    slow.send(f"GET {target()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    async with httpx.AsyncClient(base_url=collector.address, trust_env=False) as client:
        assert (await client.get(target())).content == b"1"
    assert [kept.verdict for kept in store.exchanges] == [1, 1]


async def test_what_a_faulty_answer_did_not_log_gets_no_stored_form(start_collector, store):
    collector = await start_collector(faults=parse_faults(["500 event A", "no-cors event B"]))
    async with httpx.AsyncClient(base_url=collector.address, trust_env=False) as client:
        for name in ("A", "B", "C"):
            await client.get(target(event(name)))
    await collector.drained()
    assert store.processed == [2, 3]


async def test_a_store_that_fails_is_said_so_before_any_fault(start_collector, store):
    store.failure = "No space is left."
    answer = await faulty(start_collector, "500", verbose=1)
    assert answer.json() == {
        "status": 0,
        "error": "the event could not be stored: No space is left.",
    }


async def test_faults_that_are_given_anew_begin_to_count_anew(start_collector):
    collector = await start_collector(faults=parse_faults(["0 every 2"]))
    async with httpx.AsyncClient(base_url=collector.address, trust_env=False) as client:
        assert (await client.get(target())).content == b"1"
        collector.change(Change(strict=True))
        assert (await client.get(target())).content == b"0"
        assert (await client.get(target())).content == b"1"
        collector.change(Change(faults=parse_faults(["0 every 2"])))
        assert (await client.get(target())).content == b"1"
        collector.change(Change(faults=()))
        assert (await client.get(target())).content == b"1"
