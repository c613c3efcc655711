"""What is worked out when rows are written: which exchanges are one request seen twice."""

from __future__ import annotations

import pytest
from tests.history.conftest import asked, exchange

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.history.query import Field


def sent_and_received(request_id: str = "r1") -> tuple[Exchange, Exchange]:
    return (
        exchange("mine", Origin.SENT, request_id=request_id),
        exchange("mine", request_id=request_id),
    )


class TestTwins:
    @pytest.mark.parametrize("is_sent_first", [True, False])
    def test_a_request_to_the_own_collector_is_one_row(
        self, history: History, is_sent_first: bool
    ) -> None:
        pair = sent_and_received()
        for each in pair if is_sent_first else reversed(pair):
            history.append(each)
        assert [row.origin for row in history.page()] == [Origin.SENT]
        assert history.count() == 1
        assert history.count(asked((Field.ORIGIN, "received"))) == 0

    def test_in_one_transaction_too(self, history: History) -> None:
        history.append_many(sent_and_received())
        assert len(history.page()) == history.count() == 1

    def test_what_the_collector_received_is_reached_by_the_request_id(
        self, history: History
    ) -> None:
        history.append_many(sent_and_received("r1"))
        found = history.received_for("r1")
        assert found is not None
        assert found.origin is Origin.RECEIVED
        assert history.received_for("r2") is None

    def test_what_stands_for_it_is_known(self, history: History) -> None:
        sent_id, received_id = history.append_many(sent_and_received())
        assert history.sent_for(received_id) == sent_id
        assert history.sent_for(sent_id) is None

    def test_each_brings_both(self, history: History) -> None:
        history.append_many(sent_and_received())
        assert {each.origin for each in history.each()} == {Origin.SENT, Origin.RECEIVED}

    def test_a_sent_request_is_deleted_with_what_was_received_of_it(self, history: History) -> None:
        ids = history.append_many([*sent_and_received(), exchange()])
        assert history.delete([ids[0]]).count == 1
        assert [each.id for each in history.each()] == [ids[2]]

    def test_one_that_was_cleared_before_its_twin_came_is_not_counted_twice(
        self, history: History
    ) -> None:
        sent, received = sent_and_received()
        history.append(received)
        cleared = history.clear()
        history.append(sent)
        assert history.count() == 1
        assert history.restore(cleared) == 0
        assert history.count() == len(history.page()) == 1
