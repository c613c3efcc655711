"""What an answer of the built-in collector came to, in an era that takes a request in parts."""

from __future__ import annotations

from tests.session.exchanges import NOW, event, exchange_of, request_of

from trackscope.capture.exchange import Exchange
from trackscope.session.explanation import explain
from trackscope.session.target import COLLECTOR
from trackscope.wire.answering import answer
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge


def answered(request: TrackRequest, era: str) -> Exchange:
    """A request that the built-in collector answered by this era."""
    book = rule_book(era)
    verdict = judge(request, book, NOW)
    reply = answer(request, verdict, book)
    return exchange_of(request, era, reply=reply, target=COLLECTOR, verdict=verdict.value)


def test_a_1_for_a_part_says_what_was_left_out() -> None:
    exchange = answered(request_of([event(), event(" ")]), "current")
    words = explain(exchange)
    assert (words.value, words.sentence) == (1, "Data was logged")
    assert words.reason == "Not all of it: the event's name is blank."
    assert words.disagreement == ""


def test_a_0_has_the_reason_of_its_first_error() -> None:
    words = explain(answered(request_of([event(), event(" ")]), "2011"))
    assert (words.value, words.sentence) == (0, "Error, data was not logged")
    assert words.reason == "The event's name is blank."


def test_an_answer_by_record_says_what_was_logged_all_the_same() -> None:
    headers = (("Authorization", "Basic dDo="),)
    form = request_of([event(**{"$insert_id": "a"}), event()], is_post=True)
    request = TrackRequest("POST", "http://h/import?strict=1", headers, form.body)
    words = explain(answered(request, "current"))
    assert (words.kind, words.value, words.headline) == ("import", 0, "400")
    assert words.sentence.startswith("Not all was logged: some data points")
    assert words.sentence.endswith("1 record was logged all the same")
