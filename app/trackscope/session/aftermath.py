"""What an SDK did after faulty answers: sent its events again, gave them up, had them twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.faults import demanded
from trackscope.collector.records import insert_id_of
from trackscope.wire.decoding import decode
from trackscope.wire.endpoint import endpoint_name, record_names, token_of
from trackscope.wire.era import ERAS
from trackscope.wire.rules import logged_records

MAX_TRACED = 100_000
"""Events that are followed; faulty answers to more are not told of."""


class Outcome(StrEnum):
    """What became of an event that got a faulty answer."""

    RETRIED = "retried"
    """It came again, and was logged once."""
    DROPPED = "dropped"
    """It never came again, and was not logged."""
    DUPLICATED = "duplicated"
    """It was logged more than once."""
    REFUSED = "refused"
    """It came again, and was never logged."""
    KEPT = "kept"
    """It was logged in spite of the fault, and never came again."""


@dataclass(frozen=True, slots=True)
class Trace:
    """An event that got a faulty answer, and what came of it.

    `fault` is the first fault it met, as it is written, and `first_id` the exchange. It came
    `again_count` times more, for the first time after `again_s` seconds (None: never), with any
    answer; `logged_count` is how often it was logged.
    """

    name: str
    fault: str
    first_id: int | None
    again_count: int = 0
    again_s: float | None = None
    logged_count: int = 0

    @property
    def outcome(self) -> Outcome:
        """What that comes to."""
        if self.logged_count > 1:
            return Outcome.DUPLICATED
        if not self.again_count:
            return Outcome.KEPT if self.logged_count else Outcome.DROPPED
        return Outcome.RETRIED if self.logged_count else Outcome.REFUSED

    def as_line(self) -> dict[str, Any]:
        """The trace for JSON."""
        return {
            "event": self.name,
            "fault": self.fault,
            "id": self.first_id,
            "outcome": str(self.outcome),
            "again_count": self.again_count,
            "again_s": self.again_s,
            "logged_count": self.logged_count,
        }


@dataclass(slots=True)
class _Followed:
    """A trace while more may come."""

    name: str
    fault: str
    first_id: int | None
    at: float
    again_count: int = 0
    again_s: float | None = None
    logged_count: int = 0

    def came_again(self, at: float) -> None:
        self.again_count += 1
        if self.again_s is None:
            self.again_s = max(0.0, at - self.at)

    def finished(self) -> Trace:
        return Trace(
            self.name,
            self.fault,
            self.first_id,
            self.again_count,
            self.again_s,
            self.logged_count,
        )


def aftermath(exchanges: Iterable[Exchange]) -> tuple[Trace, ...]:
    """A trace for each event that got a faulty answer, in order of the first of these.

    `exchanges` are in order of arrival. An event is known again by its project and `$insert_id`,
    or, where it has none, by being equal as JSON; equal ones in one request are told apart.
    """
    followed: dict[bytes, _Followed] = {}
    for exchange in exchanges:
        if exchange.origin is not Origin.RECEIVED:
            continue
        fault = demanded(exchange)
        if fault is not None or followed:
            _follow(followed, exchange, fault)
    return tuple(each.finished() for each in followed.values())


def _follow(followed: dict[bytes, _Followed], exchange: Exchange, fault: str | None) -> None:
    endpoint = endpoint_name(exchange.request)
    records = decode(exchange.request).events or ()
    names = record_names(exchange.request, records)
    logged = frozenset(logged_records(exchange.findings, len(records), ERAS[exchange.era]))
    within: Counter[bytes] = Counter()
    for index, (record, name) in enumerate(zip(records, names, strict=True)):
        identity = _identity(endpoint, record)
        within[identity] += 1
        key = identity + within[identity].to_bytes(8)
        trace = followed.get(key)
        if trace is not None:
            trace.came_again(exchange.at)
        elif fault is not None and len(followed) < MAX_TRACED:
            trace = followed[key] = _Followed(name, fault, exchange.id, exchange.at)
        if trace is not None and index in logged:
            trace.logged_count += 1


def _identity(endpoint: str, record: Any) -> bytes:
    """What an event is known by, as a short key."""
    insert_id = insert_id_of(record)
    known_by = [token_of(record), insert_id] if insert_id else [_canonical(record)]
    text = "\0".join([endpoint, *known_by])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _canonical(value: Any) -> str:
    """A text that is the same for equal values, whatever the order of their keys."""
    if isinstance(value, dict):
        members = (f"{key!r}:{_canonical(inner)}" for key, inner in sorted(value.items()))
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_canonical, value))}]"
    return repr(value)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How many events a fault met, by what became of them."""

    fault: str
    counts: tuple[tuple[Outcome, int], ...]

    @property
    def sentence(self) -> str:
        """The counts in words.

        >>> Aftermath("500 every 3", ((Outcome.RETRIED, 2), (Outcome.DROPPED, 1))).sentence
        '500 every 3 met 3 events: 2 retried, 1 dropped'
        """
        total = sum(count for _, count in self.counts)
        told = ", ".join(f"{count} {outcome}" for outcome, count in self.counts)
        return f"{self.fault} met {total} event{'s' * (total != 1)}: {told}"


def by_fault(traces: Iterable[Trace]) -> tuple[Aftermath, ...]:
    """The traces counted for each fault, in the order in which the faults were first met."""
    counts: dict[str, Counter[Outcome]] = {}
    for trace in traces:
        counts.setdefault(trace.fault, Counter())[trace.outcome] += 1
    return tuple(
        Aftermath(fault, tuple((each, found[each]) for each in Outcome if found[each]))
        for fault, found in counts.items()
    )
