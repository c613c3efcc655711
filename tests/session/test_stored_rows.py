"""What became of an event, in words and rows: added, changed, left out, not stored."""

from __future__ import annotations

from typing import Any

import pytest
from tests.session.exchanges import event, exchange_of, request_of
from tests.session.rows import deep, inner, top

from trackscope.capture.exchange import Origin
from trackscope.session.stored_rows import LABEL
from trackscope.session.value_tree import Node
from trackscope.wire.stored import as_stored


def _row(sent: dict[str, Any], **known: Any) -> Node:
    exchange = exchange_of(request_of(sent), origin=Origin.RECEIVED, **known)
    return deep(top(exchange), "Event", LABEL)


def test_the_collectors_own_changes_are_shown_with_their_reasons() -> None:
    sent = event(mp_lib="web")
    del sent["properties"]["distinct_id"]
    kept = as_stored(sent, requester_ip="127.0.0.1", at=1322092800.5, ip_flag=True)
    row = _row(sent, verdict=1, stored=(kept,))
    assert "mp_lib left out" in row.value
    hints = {name: each.hint for name, each in inner(row).items()}
    assert hints["ip"] == "added: the requester's address, as ip=1 asks"
    assert hints["distinct_id"] == "added: from the requester's address, as ip=1 asks"
    assert hints["mp_lib"].startswith("not stored")
    assert inner(row)["mp_lib"].is_missing
    assert hints["token"] == ""


def test_a_changed_value_says_what_was_sent() -> None:
    kept = event(plan="pro")
    row = _row(event(plan="pro "), verdict=1, stored=(kept,))
    assert row.value == "plan changed"
    assert inner(row)["plan"].hint == 'changed: "pro " was sent'


def test_of_many_changes_some_are_named_and_the_others_counted() -> None:
    many: dict[str, Any] = {f"mp_{number}": number for number in range(5)}
    row = _row(event(**many), verdict=1, stored=(event(),))
    assert row.value == "mp_0 left out, mp_1 left out, mp_2 left out, 2 more"


def test_what_is_stored_as_it_was_sent_says_so() -> None:
    row = _row(event(), verdict=1, stored=(event(),))
    assert (row.value, row.grow) == ("the same as sent", None)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (1, "not processed yet: the answer 1 comes before"),
        (0, "not stored: it was answered 0"),
        (None, "not stored"),
    ],
)
def test_what_is_not_stored_says_why(verdict: int | None, words: str) -> None:
    assert _row(event(), verdict=verdict).value == words


def test_what_no_collector_received_has_no_stored_form() -> None:
    exchange = exchange_of(request_of(event()))
    assert LABEL not in inner(top(exchange)["Event"])
