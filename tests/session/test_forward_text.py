"""Forwarding in words: what leaves, how much came how far, and what became of one."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from trackscope.errors import UsageError
from trackscope.history.forwarding import Forward, Outcome, State, TargetState
from trackscope.session.forward_text import (
    TONES,
    became_text,
    chosen_events,
    chosen_tokens,
    counts_text,
    events_text,
    forwarding_text,
    leaving_text,
    waiting_text,
)
from trackscope.session.forwarding import ForwardSettings

SERVICE = "https://api.mixpanel.com"
HERE = "http://127.0.0.1:8701"


def target(url: str, waiting: int) -> TargetState:
    counts = dict.fromkeys(State, 0) | {State.WAITING: waiting}
    return TargetState(url, MappingProxyType(counts), ())


def test_who_is_to_agree_is_told_what_leaves() -> None:
    settings = ForwardSettings(SERVICE)
    said = leaving_text(settings)
    assert said.startswith("Whatever the collector receives from now on will also be sent to http")
    assert "under their own tokens" in said
    assert "leaves this machine" in said
    only = frozenset({"a", "b", "c", "d"})
    said = leaving_text(ForwardSettings(SERVICE, {"x": "y"}, only, is_accepted_only=True))
    assert said.startswith(
        "Every request with a or b or 2 others that the collector receives from now on that is "
        "answered 1"
    )
    assert "the tokens replaced" in said
    assert "So will what has waited for it, 2 requests." in leaving_text(settings, 2)


def test_it_is_said_whether_forwarding_leaves_the_machine() -> None:
    assert "leaves" in forwarding_text(ForwardSettings(SERVICE), "0 accepted")
    assert forwarding_text(ForwardSettings(HERE, {"a": "b"}), "0 accepted") == (
        f"Forwarding to {HERE}, with other tokens: 0 accepted."
    )


def test_a_count_never_falls_below_what_it_began_with() -> None:
    before = {State.GIVEN_UP: 3}
    counts = {State.UNKNOWN: 1, State.SENDING: 1, State.WAITING: 1_000}
    said = counts_text(counts, before)
    assert said == "0 accepted, 0 refused, 1 not sent, 1,001 waiting"


def test_what_waits_is_told_by_target() -> None:
    assert waiting_text([target(HERE, 0)]) == ""
    assert waiting_text([target(HERE, 1), target(SERVICE, 2_000)]) == (
        f"Not forwarded yet: 1 request for {HERE}, 2,000 requests for {SERVICE}. Nothing goes "
        "there until you say so."
    )
    many = [target(f"{HERE}{number}", 1) for number in range(5)]
    assert "more for 2 others" in waiting_text(many)


def test_each_state_of_an_exchange_has_words_and_a_tone() -> None:
    said = {became_text(Forward(1, Outcome(state, 0.0), 0, HERE)) for state in State}
    assert len(said) == len(State) == len(TONES)
    assert all(HERE in each for each in said)


def test_what_went_wrong_is_said_with_the_tries() -> None:
    outcome = Outcome(State.WAITING, 0.0, "Nothing is listening.")
    said = became_text(Forward(1, outcome, 2, HERE))
    assert said == f"It waits to be forwarded to {HERE} after 2 tries: Nothing is listening."
    dropped = became_text(Forward(1, Outcome(State.LEFT_OUT, 0.0), 0, HERE))
    assert dropped.endswith("You took it out of the queue.")


def test_a_token_cannot_go_to_two() -> None:
    assert chosen_tokens([("a", "b"), (" a ", "b")]) == {"a": "b"}
    with pytest.raises(UsageError, match="has a replacement already"):
        chosen_tokens([("a", "b"), ("a", "c")])
    with pytest.raises(UsageError, match="Fill in both"):
        chosen_tokens([("a", " ")])


@pytest.mark.parametrize(
    ("text", "names"),
    [("", set()), (" , ", set()), ("a,b , a", {"a", "b"}), ('"a, b", c', {"a, b", "c"})],
)
def test_events_are_named_apart_by_commas(text: str, names: set[str]) -> None:
    assert chosen_events(text) == names


@pytest.mark.parametrize("names", [{"a"}, {"a, b", "c"}, {'say "hi"', "x"}, set()])
def test_names_of_events_become_a_text_that_names_them(names: set[str]) -> None:
    assert chosen_events(events_text(names)) == names


@pytest.mark.parametrize("text", ['"open', "a\nb", "a\0b", 'a"b'])
def test_any_text_names_events(text: str) -> None:
    assert chosen_events(text)
