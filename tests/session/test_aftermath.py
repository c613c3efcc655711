"""What an SDK did after faulty answers, told from the exchanges alone."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.faults import parse_fault, spoiled
from trackscope.session import aftermath as module
from trackscope.session.aftermath import Outcome, Trace, aftermath, by_fault
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def event(name: str, **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"token": "t", **properties}}


def received(at: float, *records: Any, fault: str = "", verdict: int = 1) -> Exchange:
    data = quote(base64.b64encode(json.dumps(records).encode()).decode(), safe="")
    request = TrackRequest("GET", f"http://localhost/track/?data={data}")
    reply = Reply(200, (), str(verdict).encode())
    exchange = Exchange(request, Origin.RECEIVED, at, reply, id=int(at), verdict=verdict)
    if not fault:
        return exchange
    return spoiled(exchange, parse_fault(fault), lambda error: Reply(200, (), b"0"))


def outcomes(*exchanges: Exchange) -> list[tuple[str, Outcome]]:
    return [(trace.name, trace.outcome) for trace in aftermath(exchanges)]


def test_an_event_that_comes_again_and_is_logged_once_was_retried():
    first = received(1, event("A", **{"$insert_id": "x"}), fault="500")
    again = received(3.5, event("A", **{"$insert_id": "x"}, sent=2))
    assert aftermath([first, again]) == (Trace("A", "500", 1, 1, 2.5, 1),)
    assert outcomes(first, again) == [("A", Outcome.RETRIED)]


def test_an_event_that_never_comes_again_was_dropped_or_kept():
    dropped = received(1, event("A"), fault="429 2")
    kept = received(2, event("B"), fault="no-cors")
    other = received(3, event("A", other=True))
    assert outcomes(dropped, kept, other) == [("A", Outcome.DROPPED), ("B", Outcome.KEPT)]


def test_an_event_that_is_logged_and_comes_again_is_there_twice():
    late = received(1, event("A"), fault="slow 30")
    assert outcomes(late, received(2, event("A"))) == [("A", Outcome.DUPLICATED)]
    cut = received(1, event("A"), fault="cut")
    again = [received(2, event("A")), received(3, event("A"))]
    assert outcomes(cut, *again) == [("A", Outcome.DUPLICATED)]


def test_an_event_that_comes_again_in_vain_was_refused():
    tries = [received(at, event("A"), fault="500") for at in (1, 2, 3)]
    [trace] = aftermath(tries)
    assert (trace.outcome, trace.again_count, trace.again_s) == (Outcome.REFUSED, 2, 1.0)


def test_a_batch_that_is_sent_again_in_parts_is_followed_event_by_event():
    first = received(1, event("A"), event("A"), event("B"), fault="413")
    parts = [received(2, event("A"), event("A"))]
    assert outcomes(first, *parts) == [
        ("A", Outcome.RETRIED),
        ("A", Outcome.RETRIED),
        ("B", Outcome.DROPPED),
    ]


def test_equal_events_are_known_whatever_the_order_of_their_keys():
    first = received(1, event("A", a=1, b=[{"c": 1, "d": None}]), fault="500")
    same = received(
        2, {"properties": {"b": [{"d": None, "c": 1}], "a": 1, "token": "t"}, "event": "A"}
    )
    assert outcomes(first, same) == [("A", Outcome.RETRIED)]
    other = received(2, event("A", a=True, b=[{"c": 1, "d": None}]))
    assert outcomes(first, other) == [("A", Outcome.DROPPED)]


def test_only_what_was_received_counts():
    first = received(1, event("A"), fault="500")
    sent = replace(received(2, event("A")), origin=Origin.SENT)
    assert outcomes(sent, first, sent) == [("A", Outcome.DROPPED)]
    assert aftermath([received(1, event("A"))]) == ()


def test_a_request_that_cannot_be_read_is_no_event():
    broken = replace(received(1, fault="500"), request=TrackRequest("GET", "http://h/track?data=x"))
    assert aftermath([broken]) == ()


def test_events_beyond_a_number_are_not_followed(monkeypatch):
    monkeypatch.setattr(module, "MAX_TRACED", 2)
    first = received(1, *(event("A", n=n) for n in range(5)), fault="500")
    assert len(aftermath([first, first])) == 2


def test_a_clock_that_jumps_back_makes_no_negative_time():
    [trace] = aftermath([received(9, event("A"), fault="500"), received(1, event("A"))])
    assert trace.again_s == 0


def test_the_table_counts_by_fault():
    traces = aftermath(
        [
            received(1, event("A"), event("B"), fault="500"),
            received(2, event("C"), fault="cut every 3"),
            received(3, event("A")),
        ]
    )
    assert [each.sentence for each in by_fault(traces)] == [
        "500 met 2 events: 1 retried, 1 dropped",
        "cut every 3 met 1 event: 1 dropped",
    ]
