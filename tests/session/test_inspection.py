"""An exchange opened up: answered, predicted or without an answer, judged as of its own time."""

from __future__ import annotations

from dataclasses import replace

from tests.session.exchanges import NOW, event, exchange_of, request_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.inspection import MOST_MARKED, inspect, is_large
from trackscope.wire.finding import Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def test_an_answer_decides_the_tone() -> None:
    exchange = exchange_of(request_of(event()))
    for body, tone in ((b"1", "success"), (b"0", "danger"), (b"what", "info")):
        seen = inspect(replace(exchange, reply=Reply(200, (), body)))
        assert not seen.explanation.is_predicted
        assert seen.tone == tone


def test_without_an_answer_the_prediction_is_shown_and_said_to_be_that() -> None:
    good, bad = inspect(exchange_of(request_of(event()))), inspect(exchange_of(request_of([])))
    assert good.explanation.is_predicted
    assert (good.explanation.headline, good.tone) == ("1?", "success")
    assert (bad.explanation.headline, bad.tone) == ("0?", "danger")
    assert bad.explanation.reason


def test_an_answer_without_its_body_is_predicted_where_a_capture_left_it_out() -> None:
    exchange = exchange_of(request_of(event()), reply=Reply(200, (("Content-Length", "1"),)))
    assert inspect(exchange).explanation.is_predicted
    assert inspect(exchange).explanation.headline == "1?"
    assert "does not hold the answer's body" in inspect(exchange).explanation.sentence
    assert not inspect(replace(exchange, origin=Origin.RECEIVED)).explanation.is_predicted
    assert not inspect(replace(exchange, reply=Reply(500))).explanation.is_predicted


def test_nothing_is_predicted_where_nothing_was_judged() -> None:
    seen = inspect(Exchange(request_of(event()), Origin.OPENED, NOW))
    assert (seen.explanation.headline, seen.tone) == ("?", "attention")


def test_a_failure_is_no_answer_and_no_prediction() -> None:
    seen = inspect(exchange_of(request_of(event()), failure="Nothing is listening. Start it."))
    assert not seen.explanation.is_predicted
    assert (seen.explanation.headline, seen.tone) == ("no answer", "attention")


def test_findings_get_their_fixes_back_as_of_the_time_of_the_exchange() -> None:
    exchange = exchange_of(request_of(event(mp_x="1")))
    kept = tuple(replace(each, fix=None) for each in exchange.findings)
    (finding,) = inspect(replace(exchange, findings=kept)).findings
    assert finding.rule == "property.reserved-prefix"  # and not time.too-old
    assert finding.fix is not None


def test_the_worst_findings_come_first_and_only_so_many_are_marked() -> None:
    batch = [event(level=1), *[event(time=1)] * (MOST_MARKED + 10)]
    seen = inspect(exchange_of(request_of(batch)))
    assert seen.findings[0].severity is Severity.ERROR
    assert len(seen.marks) == MOST_MARKED
    assert all(places.json is not None for _, places in seen.marks)


def test_large_is_what_takes_longer_than_a_frame() -> None:
    assert not is_large(exchange_of(request_of(event())))
    body = b"data=" + b"e" * 100_000
    assert is_large(exchange_of(TrackRequest("POST", "http://h/track/", (), body)))
