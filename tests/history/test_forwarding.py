"""The rows of what is forwarded, and that the counts are always those of the rows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.history.conftest import NOW, exchange

from trackscope.capture.exchange import Origin
from trackscope.errors import DamagedHistoryError
from trackscope.history import forwarding, writing
from trackscope.history.file import connect
from trackscope.history.forwarding import Outcome, State
from trackscope.history.history import LEFT_OUT_ROWS, History
from trackscope.history.rows import to_columns
from trackscope.history.statements import transaction

URL = "http://127.0.0.1:8701"


def receive(connection: sqlite3.Connection, target: int, count: int = 1) -> list[int]:
    """Exchanges that came in while there was a target."""
    rows = [to_columns(exchange(f"e{number}")) for number in range(count)]
    first_id = writing.insert(connection, rows)
    forwarding.enqueue(connection, first_id, target)
    return list(range(first_id, first_id + count))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(connect(None)) as connection:
        yield connection


@pytest.fixture
def target(connection: sqlite3.Connection) -> int:
    return forwarding.target_id(connection, URL)


def due_ids(connection: sqlite3.Connection, target: int, now: float = NOW) -> list[int]:
    return [each.exchange_id for each in forwarding.due(connection, target, now, 100)]


def counts(connection: sqlite3.Connection) -> dict[State, int]:
    [found] = forwarding.targets(connection)
    return {state: count for state, count in found.counts.items() if count}


def test_what_is_received_waits_in_its_order(connection: sqlite3.Connection, target: int) -> None:
    ids = receive(connection, target, 3)
    assert due_ids(connection, target) == ids
    assert counts(connection) == {State.WAITING: 3}
    assert forwarding.next_due_at(connection, target) == 0.0


def test_what_was_sent_or_opened_does_not(connection: sqlite3.Connection, target: int) -> None:
    rows = [to_columns(exchange("e", origin)) for origin in Origin]
    forwarding.enqueue(connection, writing.insert(connection, rows), target)
    assert due_ids(connection, target) == [2]
    assert counts(connection) == {State.WAITING: 1}


def test_a_target_has_one_number(connection: sqlite3.Connection, target: int) -> None:
    assert forwarding.target_id(connection, URL) == target
    assert forwarding.target_id(connection, "https://other") != target


def test_what_waits_is_left_out_when_it_is_not_wanted(
    connection: sqlite3.Connection, target: int
) -> None:
    sent, *waiting = receive(connection, target, 4)
    forwarding.record(connection, sent, Outcome(State.SENT, NOW, "", 200, 1))
    forwarding.record(connection, waiting[0], Outcome(State.WAITING, NOW, "Nobody is there."))
    assert forwarding.leave_out(connection, URL, NOW, 2) == 2
    assert counts(connection) == {State.SENT: 1, State.WAITING: 1, State.LEFT_OUT: 2}
    assert forwarding.leave_out(connection, URL, NOW, 2) == 1
    assert due_ids(connection, target) == []
    found = forwarding.of_exchange(connection, waiting[0])
    assert found is not None
    assert (found.outcome.state, found.outcome.why, found.url) == (State.LEFT_OUT, "", URL)
    assert forwarding.targets(connection)[0].troubles == ()


def test_any_number_is_left_out(path: Path) -> None:
    with closing(History.open(path)) as history:
        with closing(connect(path)) as connection, transaction(connection):
            target = forwarding.target_id(connection, URL)
            receive(connection, target, LEFT_OUT_ROWS + 1)
        assert history.leave_out_waiting(URL) == LEFT_OUT_ROWS + 1
        assert history.leave_out_waiting(URL) == 0


def test_a_failed_one_waits_until_it_is_due(connection: sqlite3.Connection, target: int) -> None:
    first, second = receive(connection, target, 2)
    forwarding.mark_sending(connection, [first], NOW)
    later = Outcome(State.WAITING, NOW, "Nothing is listening.", due_at=NOW + 5)
    forwarding.record(connection, first, later)
    assert due_ids(connection, target) == [second]
    assert due_ids(connection, target, NOW + 5) == [second, first]
    found = forwarding.of_exchange(connection, first)
    assert found is not None
    assert (found.outcome, found.tries) == (later, 1)
    forwarding.retry_at_once(connection, target)
    assert due_ids(connection, target) == [first, second]


def test_what_is_under_way_is_neither_due_nor_lost(
    connection: sqlite3.Connection, target: int
) -> None:
    first, second = receive(connection, target, 2)
    forwarding.mark_sending(connection, [first], NOW)
    assert due_ids(connection, target) == [second]
    assert [each.exchange_id for each in forwarding.interrupted(connection, target)] == [first]
    assert counts(connection) == {State.SENDING: 1, State.WAITING: 1}


def test_beyond_the_limit_it_is_counted_and_said_that_it_is_left_out(
    connection: sqlite3.Connection, target: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "MAX_WAITING", 3)
    receive(connection, target, 2)
    ids = receive(connection, target, 3)
    assert counts(connection) == {State.WAITING: 3, State.LEFT_OUT: 2}
    assert due_ids(connection, target) == [1, 2, ids[0]]
    [state] = forwarding.targets(connection)
    assert {each.exchange_id for each in state.troubles} == set(ids[1:])
    assert {each.outcome.why for each in state.troubles} == {forwarding.FULL}


def test_what_may_have_arrived_is_sent_again_only_when_that_is_asked_for(
    connection: sqlite3.Connection, target: int
) -> None:
    unknown, given_up, sent, refused = receive(connection, target, 4)
    for id_, state in (
        (unknown, State.UNKNOWN),
        (given_up, State.GIVEN_UP),
        (sent, State.SENT),
        (refused, State.REFUSED),
    ):
        forwarding.record(connection, id_, Outcome(state, NOW, "because"))
    assert due_ids(connection, target) == []
    assert forwarding.send_again(connection, target) == 2
    assert due_ids(connection, target) == [unknown, given_up]
    assert forwarding.send_again(connection, target) == 0


def test_the_latest_troubles_come_first_and_are_short(
    connection: sqlite3.Connection, target: int
) -> None:
    ids = receive(connection, target, 30)
    for index, id_ in enumerate(ids):
        why = "x" * 1000 if index % 3 else ""
        forwarding.record(connection, id_, Outcome(State.REFUSED, NOW + index, why, 200, 0))
    [state] = forwarding.targets(connection)
    assert state.url == URL
    assert [each.exchange_id for each in state.troubles] == [
        id_ for index, id_ in enumerate(ids) if index % 3
    ][::-1][: forwarding.MAX_TROUBLES]
    assert {len(each.outcome.why) for each in state.troubles} == {forwarding.MAX_WHY}


def test_what_is_due_and_what_went_wrong_is_found_without_looking_at_all(
    connection: sqlite3.Connection, target: int
) -> None:
    asked: list[str] = []
    receive(connection, target)
    connection.set_trace_callback(asked.append)
    forwarding.due(connection, target, NOW, 4)
    forwarding.next_due_at(connection, target)
    forwarding.interrupted(connection, target)
    forwarding.targets(connection)
    connection.set_trace_callback(None)
    for statement in asked:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        assert not [step for *_, step in plan if "SCAN forward" in step and "target" not in step]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "send", "record", "drop", "again", "purge"]),
        st.integers(0, 5),
        st.sampled_from(State),
    ),
    max_size=25,
)


@given(STEPS)
def test_the_counts_are_those_of_the_rows(steps: list[tuple[str, int, State]]) -> None:
    purged = 0
    with closing(connect(None)) as connection, transaction(connection):
        target = forwarding.target_id(connection, URL)
        ids = [0]
        for step, number, state in steps:
            id_ = ids[number % len(ids)]
            if step == "receive":
                ids += receive(connection, target, number)
            elif step == "send":
                forwarding.mark_sending(connection, [id_], NOW)
            elif step == "record":
                forwarding.record(connection, id_, Outcome(state, NOW, "because"))
            elif step == "drop":
                forwarding.drop(connection, id_)
            elif step == "again":
                forwarding.send_again(connection, target)
            else:
                purged += forwarding.of_exchange(connection, id_) is not None
                forwarding.forget(connection, [id_])
        rows = connection.execute("SELECT state FROM forward").fetchall()
        [found] = forwarding.targets(connection)
    left = Counter(state for (state,) in rows)
    assert all(found.counts[state] >= left[state] for state in State)
    assert sum(found.counts.values()) == left.total() + purged
    for state in (State.WAITING, State.SENDING):
        assert found.counts[state] == left[state]


def test_what_is_purged_before_it_was_sent_counts_as_left_out(path: Path) -> None:
    with closing(History.open(path, clock=lambda: NOW)) as history:
        with closing(connect(path)) as connection, transaction(connection):
            receive(connection, forwarding.target_id(connection, URL), 2)
            forwarding.record(connection, 1, Outcome(State.SENT, NOW, "", 200, 1))
        history.clear()
        history.purge()
        [state] = history.forward_targets()
        assert (state.counts[State.SENT], state.counts[State.LEFT_OUT]) == (1, 1)
        assert history.forward_of(2) is None


def test_a_state_that_there_is_not_is_damage(connection: sqlite3.Connection, target: int) -> None:
    [id_] = receive(connection, target)
    connection.execute("UPDATE forward SET state = 'sideways'")
    with pytest.raises(DamagedHistoryError, match="cannot be read"):
        forwarding.of_exchange(connection, id_)
