"""What an exchange came to, in words: an answer, none, or what the rules expect."""

from __future__ import annotations

from dataclasses import replace

from tests.session.exchanges import NOW, event, exchange_of, request_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.explanation import explain
from trackscope.session.target import COLLECTOR
from trackscope.wire.answering import answer
from trackscope.wire.era import rule_book
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

BARE = Reply(200, (("Content-Length", "1"),))


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


def test_a_body_that_the_capture_left_out_is_said_to_be_missing() -> None:
    words = explain(exchange_of(request_of(event()), reply=BARE))
    assert (words.headline, words.value, words.is_predicted) == ("1?", 1, True)
    assert words.sentence.endswith("(the capture does not hold the answer's body)")


def test_an_empty_body_that_was_sent_is_an_answer() -> None:
    sent = replace(exchange_of(request_of(event()), reply=BARE), origin=Origin.SENT)
    assert not explain(sent).is_predicted


def test_an_error_needs_no_body() -> None:
    assert not explain(exchange_of(request_of(event()), reply=Reply(500))).is_predicted


def test_without_an_answer_and_a_judgement_the_capture_is_said_to_lack_it() -> None:
    unjudged = replace(exchange_of(request_of(event())), predicted=None)
    assert explain(unjudged).sentence == "The capture does not hold the answer"
