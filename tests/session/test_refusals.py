"""Which requests are told of as refused, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.session.exchanges import event, exchange_of, request_of

from trackscope.capture.exchange import Origin
from trackscope.history.history import History
from trackscope.session.refusals import newest_id, refusal_text, refused_since


@pytest.fixture
def history() -> Iterator[History]:
    history = History.in_memory()
    yield history
    history.close()


def _keep(history: History, name: str = "game", **known: Any) -> int:
    exchange = exchange_of(request_of(event(name)), names=(name,), **known)
    return history.append(exchange)


def test_received_requests_that_were_answered_0_are_told_the_newest_first(history: History) -> None:
    assert newest_id(history) == 0
    _keep(history, "before", origin=Origin.RECEIVED, verdict=0)
    last_id = newest_id(history)
    _keep(history, "good", origin=Origin.RECEIVED, verdict=1)
    _keep(history, "bad", origin=Origin.RECEIVED, verdict=0)
    _keep(history, "worse", origin=Origin.RECEIVED, verdict=0)
    _keep(history, "sent by hand", origin=Origin.SENT, verdict=0)
    found, newest = refused_since(history, last_id)
    assert [row.names for row in found] == [("worse",), ("bad",)]
    assert newest == 5
    assert refused_since(history, newest) == ([], 5)


def test_one_is_named_and_of_more_the_newest(history: History) -> None:
    _keep(history, "signup", origin=Origin.RECEIVED, verdict=0)
    found, _ = refused_since(history, 0)
    assert refusal_text(found) == "signup"
    _keep(history, "buy", origin=Origin.RECEIVED, verdict=0)
    found, _ = refused_since(history, 0)
    assert refusal_text(found) == "2 requests. The newest is buy"
