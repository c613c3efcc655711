"""What an exchange came to, in words: an answer, none, or what the rules expect."""

from __future__ import annotations

from dataclasses import replace

from tests.session.exchanges import event, exchange_of, request_of

from trackscope.capture.exchange import Origin
from trackscope.session.explanation import explain
from trackscope.wire.reply import Reply

BARE = Reply(200, (("Content-Length", "1"),))


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
