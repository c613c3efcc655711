"""What is to be forwarded, and what became of it: rows of `forward`, and their counts.

Functions that write run inside a transaction. The request itself is read from its exchange.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from trackscope.errors import DamagedHistoryError
from trackscope.history.rows import Columns, sql_text, text_of
from trackscope.history.statements import for_each

MAX_WAITING = 100_000
"""Requests that wait for one target; what is received beyond that is left out."""

MAX_TROUBLES = 20
MAX_WHY = 500

FULL = f"{MAX_WAITING:,} requests were waiting already."


class State(StrEnum):
    """How far an exchange has come on its way to the target."""

    WAITING = "waiting"
    """For its first try or, where it says why, for the next one."""
    SENDING = "sending"
    """Under way; after a restart: nobody knows whether it arrived."""
    SENT = "sent"
    """Answered, and not refused."""
    REFUSED = "refused"
    """Answered with a 0, an error, or something that is no answer to a tracking request."""
    UNKNOWN = "unknown"
    """It may have arrived, and is not sent again, since that could make two of it."""
    GIVEN_UP = "given up"
    LEFT_OUT = "left out"
    """Never sent: it cannot be, or too much was waiting, or it was deleted before; without a
    reason: the user took it out of the queue."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try, at a moment (seconds since 1970).

    `status` and `value` (1, 0, None: neither) are of the answer; `why` is a sentence where
    something went wrong. What is to wait again is not due before `due_at`.
    """

    state: State
    at: float
    why: str = ""
    status: int | None = None
    value: int | None = None
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Forward:
    """An exchange on its way to the target at `url`; `tries` counts how often it was under way."""

    exchange_id: int
    outcome: Outcome
    tries: int
    url: str


@dataclass(frozen=True, slots=True)
class TargetState:
    """What was to go to one target, ever: how much of it is in which state.

    `troubles` are the latest that something went wrong with, newest first.
    """

    url: str
    counts: Mapping[State, int]
    troubles: tuple[Forward, ...]


def target_id(connection: sqlite3.Connection, url: str) -> int:
    """The number of a target, which is noted if it is new."""
    connection.execute("INSERT OR IGNORE INTO forward_target (url) VALUES (?)", (sql_text(url),))
    query = "SELECT id FROM forward_target WHERE url = ?"
    (id_,) = connection.execute(query, (sql_text(url),)).fetchone()
    return int(id_)


def enqueue(connection: sqlite3.Connection, first_id: int, target: int) -> None:
    """Put what was received from that id on into the queue, as much as it takes."""
    query = "SELECT count(*) FROM exchange WHERE id >= ? AND origin = 'received'"
    (received,) = connection.execute(query, (first_id,)).fetchone()
    room = max(0, MAX_WAITING - _count(connection, target, State.WAITING))
    connection.execute(_ENQUEUE, (target, State.WAITING, "", first_id, room, 0))
    _add(connection, target, State.WAITING, min(received, room))
    if received > room:
        connection.execute(_ENQUEUE, (target, State.LEFT_OUT, FULL, first_id, -1, room))
        _add(connection, target, State.LEFT_OUT, received - room)


_ENQUEUE = """
INSERT INTO forward
SELECT id, ?, ?, at, 0, 0, NULL, NULL, ? FROM exchange
WHERE id >= ? AND origin = 'received' ORDER BY id LIMIT ? OFFSET ?
"""


def mark_sending(connection: sqlite3.Connection, ids: Sequence[int], at: float) -> None:
    """Note that these are about to go out."""
    for id_ in ids:
        record(connection, id_, Outcome(State.SENDING, at))
    for_each(connection, "UPDATE forward SET tries = tries + 1 WHERE exchange_id IN {ids}", ids)


def record(connection: sqlite3.Connection, exchange_id: int, outcome: Outcome) -> None:
    """Note what became of one; nothing happens if it was purged meanwhile."""
    query = "SELECT target, state FROM forward WHERE exchange_id = ?"
    found = connection.execute(query, (exchange_id,)).fetchone()
    if found is None:
        return
    target, before = found
    connection.execute(
        _RECORD,
        (
            outcome.state,
            outcome.at,
            outcome.due_at,
            outcome.status,
            outcome.value,
            sql_text(outcome.why[:MAX_WHY]),
            exchange_id,
        ),
    )
    _add(connection, target, before, -1)
    _add(connection, target, outcome.state, 1)


_RECORD = """
UPDATE forward SET state = ?, at = ?, due_at = ?, status = ?, value = ?, why = ?
WHERE exchange_id = ?
"""


def drop(connection: sqlite3.Connection, exchange_id: int) -> None:
    """Take out of the queue, and of the counts, what was not meant to be in it."""
    for (target, state), count in _counted(connection, [exchange_id]).items():
        _add(connection, target, state, -count)
    connection.execute("DELETE FROM forward WHERE exchange_id = ?", (exchange_id,))


def forget(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Take out exchanges that are purged; what was not sent yet counts as left out."""
    for (target, state), count in _counted(connection, ids).items():
        if state in (State.WAITING, State.SENDING):
            _add(connection, target, state, -count)
            _add(connection, target, State.LEFT_OUT, count)
    for_each(connection, "DELETE FROM forward WHERE exchange_id IN {ids}", ids)


def retry_at_once(connection: sqlite3.Connection, target: int) -> None:
    """Let no request wait for its next try any longer."""
    query = f"UPDATE forward SET due_at = 0 WHERE target = ? AND state = '{State.WAITING}'"
    connection.execute(query, (target,))


def send_again(connection: sqlite3.Connection, target: int) -> int:
    """Let what may have arrived, and what was given up, wait once more; how many these are."""
    again = 0
    for state in (State.UNKNOWN, State.GIVEN_UP):
        query = "UPDATE forward SET state = ?, due_at = 0 WHERE target = ? AND state = ?"
        count = connection.execute(query, (State.WAITING, target, state)).rowcount
        _add(connection, target, state, -count)
        _add(connection, target, State.WAITING, count)
        again += count
    return again


def leave_out(connection: sqlite3.Connection, url: str, at: float, limit: int) -> int:
    """Let up to `limit` that wait for the target at `url` never be sent; how many these are."""
    target = target_id(connection, url)
    query = (
        "UPDATE forward SET state = ?, at = ?, why = '' WHERE exchange_id IN "
        f"(SELECT exchange_id FROM forward WHERE target = ? AND state = '{State.WAITING}' LIMIT ?)"
    )
    count = connection.execute(query, (State.LEFT_OUT, at, target, limit)).rowcount
    _add(connection, target, State.WAITING, -count)
    _add(connection, target, State.LEFT_OUT, count)
    return count


def due(connection: sqlite3.Connection, target: int, now: float, limit: int) -> list[Forward]:
    """What waits and is due, what has waited longest for its turn first."""
    query = f"{_SELECT} WHERE target = ? AND state = '{State.WAITING}' AND due_at <= ?"
    found = connection.execute(
        f"{query} ORDER BY due_at, exchange_id LIMIT ?", (target, now, limit)
    )
    return [_forward(values) for values in found]


def next_due_at(connection: sqlite3.Connection, target: int) -> float | None:
    """When the next one is due; None where nothing waits."""
    query = f"SELECT min(due_at) FROM forward WHERE target = ? AND state = '{State.WAITING}'"
    (due_at,) = connection.execute(query, (target,)).fetchone()
    return None if due_at is None else float(due_at)


def interrupted(connection: sqlite3.Connection, target: int) -> list[Forward]:
    """What was under way when a process ended."""
    query = f"{_SELECT} WHERE target = ? AND state = '{State.SENDING}' ORDER BY exchange_id"
    return [_forward(values) for values in connection.execute(query, (target,))]


def of_exchange(connection: sqlite3.Connection, exchange_id: int) -> Forward | None:
    """How far an exchange has come; None if it was not to be forwarded."""
    found = connection.execute(f"{_SELECT} WHERE exchange_id = ?", (exchange_id,)).fetchone()
    return None if found is None else _forward(found)


def targets(connection: sqlite3.Connection) -> list[TargetState]:
    """Every target that anything was ever to go to."""
    found = connection.execute("SELECT id, url FROM forward_target ORDER BY id").fetchall()
    return [_target(connection, id_, text_of(url)) for id_, url in found]


def _target(connection: sqlite3.Connection, id_: int, url: str) -> TargetState:
    counts = {state: _count(connection, id_, state) for state in State}
    query = f"{_SELECT} WHERE target = ? AND why <> '' ORDER BY at DESC LIMIT {MAX_TROUBLES}"
    troubles = tuple(_forward(values) for values in connection.execute(query, (id_,)))
    return TargetState(url, MappingProxyType(counts), troubles)


_SELECT = (
    "SELECT exchange_id, tries, state, at, why, status, value, due_at, url "
    "FROM forward JOIN forward_target ON forward_target.id = target"
)


def _forward(values: Columns) -> Forward:
    exchange_id, tries, state, at, why, status, value, due_at, url = values
    try:
        outcome = Outcome(State(state), float(at), text_of(why), status, value, float(due_at))
        return Forward(exchange_id, outcome, int(tries), text_of(url))
    except (TypeError, ValueError) as problem:
        raise DamagedHistoryError(
            f"What became of forwarding exchange {exchange_id} cannot be read ({problem}).",
            "The others are not affected.",
        ) from problem


def _counted(connection: sqlite3.Connection, ids: Sequence[int]) -> Counter[tuple[int, str]]:
    """How many of the exchanges are in which state for which target."""
    query = "SELECT target, state FROM forward WHERE exchange_id IN {ids}"
    return Counter((target, state) for target, state in for_each(connection, query, ids))


def _count(connection: sqlite3.Connection, target: int, state: State) -> int:
    query = "SELECT count FROM forward_count WHERE target = ? AND state = ?"
    found = connection.execute(query, (target, state)).fetchone()
    return 0 if found is None else int(found[0])


def _add(connection: sqlite3.Connection, target: int, state: str, count: int) -> None:
    connection.execute(
        "INSERT INTO forward_count VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET count = count + excluded.count",
        (target, state, count),
    )
