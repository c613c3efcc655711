"""The words that a collector ends with."""

from __future__ import annotations

from trackscope.capture.exchange import Exchange, Origin
from trackscope.cli.tally import Tally
from trackscope.collector.faults import parse_fault, spoiled
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def received(id_: int, verdict: int | None = 1, path: str = "/track/", fault: str = "") -> Exchange:
    request = TrackRequest("GET", f"http://localhost{path}")
    exchange = Exchange(request, Origin.RECEIVED, 0.0, Reply(200), id=id_, verdict=verdict)
    return spoiled(exchange, parse_fault(fault), lambda _: Reply(200)) if fault else exchange


def test_nothing_received_is_said_so():
    assert list(Tally().sentences(0)) == ["Stopped. 0 received: 0 answered 1, 0 answered 0."]


def test_what_did_not_happen_is_not_told():
    tally = Tally()
    tally.count(received(1))
    tally.count(received(2, 0))
    assert list(tally.sentences(0)) == ["Stopped. 2 received: 1 answered 1, 1 answered 0."]
    assert tally.first_fault_id is None


def test_endpoints_questions_duplicates_and_faults_are_told():
    tally = Tally()
    for exchange in (
        received(1, path="/proxy/engage"),
        received(3, fault="500"),
        received(2, fault="slow 3"),
        received(4, fault="500"),
    ):
        tally.count(exchange)
    for name in ("decide", "flags", "decide"):
        tally.asked(name)
    assert list(tally.sentences(7)) == [
        "Stopped. 4 received: 2 answered 1, 0 answered 0, 2 answered neither.",
        "By endpoint: 3 × /track, 1 × /engage.",
        "Asked, and not counted as received: 2 × /decide, 1 × /flags.",
        "Duplicates: 7 with an $insert_id that was seen before.",
        "Faulty answers on demand: 2 × 500, 1 × slow 3.",
    ]
    assert tally.first_fault_id == 2
