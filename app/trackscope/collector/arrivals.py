"""What has arrived in a test run: counted whole, kept as far as there is room, and waited for."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.collector.records import finite
from trackscope.wire.decoding import decode
from trackscope.wire.endpoint import endpoint_name, token_of
from trackscope.wire.era import ERAS
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.json_text import dumps
from trackscope.wire.rules import logged_records
from trackscope.wire.shown import short

MAX_KEPT = 10_000
MAX_KEPT_BYTES = 16 * 1024 * 1024
"""Records, and bytes of them as they came, that are kept; of one request no more either."""

MAX_FINDINGS = 20
"""Findings that are kept of a record."""

MAX_INSTEAD = 10
"""Things that arrived instead, as a failed expectation tells them."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record as it arrived, and what was said of it.

    `record` is None where the request could not be decoded. `is_good`: it was logged. `findings`
    are those of the request that are about it.
    """

    exchange_id: int
    at: float
    endpoint: str
    record: Any
    is_good: bool
    findings: tuple[Finding, ...] = ()

    @property
    def event(self) -> str | None:
        """The event's name; None for a profile."""
        name = self.record.get("event") if isinstance(self.record, dict) else None
        return name if isinstance(name, str) else None

    @property
    def properties(self) -> dict[str, Any]:
        """The event's properties; none for a profile."""
        found = self.record.get("properties") if isinstance(self.record, dict) else None
        return found if isinstance(found, dict) else {}

    def as_line(self) -> dict[str, Any]:
        """The arrival for JSON: a record that is no event stands under `record`."""
        line: dict[str, Any] = {
            "id": self.exchange_id,
            "at": self.at,
            "endpoint": self.endpoint,
            "event": self.event,
            "properties": finite(self.properties),
            "verdict": 1 if self.is_good else 0,
            "findings": [
                {
                    "rule": each.rule,
                    "severity": str(each.severity),
                    "at": each.at,
                    "message": each.message,
                }
                for each in self.findings
            ],
        }
        return line if self.event is not None else line | {"record": finite(self.record)}


def arrivals_of(exchange: Exchange, records: Sequence[Any]) -> Iterator[Arrival]:
    """Each of the records that an exchange carries; one without a record where there are none."""
    endpoint = endpoint_name(exchange.request)
    logged = frozenset(logged_records(exchange.findings, len(records), ERAS[exchange.era]))
    by_index: dict[str, list[Finding]] = {}
    for finding in exchange.findings:
        # "/0/properties/time" is about the first record, "?data" and "" are about all
        _, slash, rest = finding.at.partition("/")
        about = by_index.setdefault(rest.partition("/")[0] if slash else "", [])
        if len(about) < MAX_FINDINGS or finding.severity is Severity.ERROR:
            about.append(finding)
    general = by_index.get("", [])
    for index, record in enumerate(records or (None,)):
        findings = (*by_index.get(str(index), ()), *general)
        shown = findings[:MAX_FINDINGS]
        is_good = index in logged
        yield Arrival(exchange.id or 0, exchange.at, endpoint, record, is_good, shown)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which arrivals are meant; None and empty: any. A property without a value: any value."""

    event: str | None = None
    token: str | None = None
    properties: tuple[tuple[str, Any], ...] = ()
    has: tuple[str, ...] = ()
    endpoint: str | None = None
    is_good: bool | None = None

    def matches(self, arrival: Arrival) -> bool:
        """Whether the arrival is one of them."""
        return (
            self.event in (None, arrival.event)
            and self.is_good in (None, arrival.is_good)
            and self.endpoint in (None, arrival.endpoint)
            and (self.token is None or token_of(arrival.record) == self.token)
            and not self.missing(arrival)
        )

    def missing(self, arrival: Arrival) -> list[str]:
        """What is wanted of the properties and is not so, in words."""
        found = arrival.properties
        return [
            f"{name} is {_shown(found[name])}" if name in found else f"it has no {name}"
            for name in (*self.has, *(name for name, _ in self.properties))
            if name not in found
            or not all(_is_same(found[name], value) for value in self._values(name))
        ]

    def _values(self, name: str) -> Iterator[Any]:
        return (value for wanted, value in self.properties if wanted == name)

    def __str__(self) -> str:
        words = f'event "{self.event}"' if self.event is not None else "event"
        conditions = [f"{name}={_shown(value)}" for name, value in self.properties]
        conditions += [*self.has]
        conditions += [f"token {self.token}"] if self.token is not None else []
        conditions += [f"at /{self.endpoint}"] if self.endpoint is not None else []
        return f"{words} ({', '.join(conditions)})" if conditions else words


@dataclass(slots=True, eq=False)
class _Waiting:
    """Somebody who waits for a number of arrivals."""

    wanted: Wanted
    count: int
    found: list[Arrival]
    is_enough: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, arrival: Arrival) -> None:
        if len(self.found) < MAX_KEPT and self.wanted.matches(arrival):
            self.found.append(arrival)
        if len(self.found) >= self.count:
            self.is_enough.set()


class Arrivals:
    """The arrivals of a run; the oldest make room, and are counted all the same.

    `first_id` is the run's first exchange.
    """

    def __init__(self, max_kept: int = MAX_KEPT, max_kept_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_kept = max_kept
        self._max_kept_bytes = max_kept_bytes
        self._waiting: set[_Waiting] = set()
        self.reset()

    def reset(self) -> None:
        """Begin a new run: nothing has arrived."""
        self.good_count = self.bad_count = self.left_out = 0
        self.first_id: int | None = None
        self._kept: deque[tuple[Arrival, int]] = deque()
        self._kept_bytes = 0
        for waiting in self._waiting:
            waiting.found.clear()

    def add(self, exchange: Exchange) -> None:
        """Take what an exchange brought, and wake who waits for it."""
        request = exchange.request
        # not the first that comes: a slow answer is out later than those after it
        if exchange.id is not None:
            self.first_id = min(exchange.id, self.first_id or exchange.id)
        records = decode(request).events or ()
        size = (len(request.body) + len(request.url)) // max(len(records), 1)
        for arrival in arrivals_of(exchange, records[: self._max_kept]):
            self._keep(arrival, size)
        beyond = max(0, len(records) - self._max_kept)
        self.left_out += beyond
        if exchange.verdict == 1:
            self.good_count += beyond
        else:
            self.bad_count += beyond

    def _keep(self, arrival: Arrival, size: int) -> None:
        if arrival.is_good:
            self.good_count += 1
        else:
            self.bad_count += 1
        self._kept.append((arrival, size))
        self._kept_bytes += size
        while len(self._kept) > self._max_kept or self._kept_bytes > self._max_kept_bytes:
            self._kept_bytes -= self._kept.popleft()[1]
            self.left_out += 1
        for waiting in self._waiting:
            waiting.take(arrival)

    def matching(self, wanted: Wanted) -> list[Arrival]:
        """Those that are meant, in order of arrival."""
        return [arrival for arrival, _ in self._kept if wanted.matches(arrival)]

    async def until(self, wanted: Wanted, count: int, timeout_s: float) -> list[Arrival]:
        """Those that are meant, once there are so many, or when the time is over."""
        waiting = _Waiting(wanted, count, self.matching(wanted))
        if len(waiting.found) < count:
            self._waiting.add(waiting)
            try:
                await asyncio.wait_for(waiting.is_enough.wait(), timeout_s)
            except TimeoutError:
                pass
            finally:
                self._waiting.discard(waiting)
        return waiting.found

    def instead_of(self, wanted: Wanted) -> list[str]:
        """What arrived that is not meant, in words: what comes nearest first."""
        near, rest = [], Counter[str]()
        for arrival, _ in self._kept:
            if wanted.matches(arrival):
                continue
            if wanted.event is not None and arrival.event == wanted.event:
                near.append(arrival)
            else:
                rest[_name(arrival)] += 1
        told = [_why_not(each, wanted) for each in near[:MAX_INSTEAD]]
        return told + [f"{count} × {name}" for name, count in rest.most_common(MAX_INSTEAD)]


def _is_same(value: Any, other: Any) -> bool:
    """Whether they are equal in JSON, where 1 is not true."""
    return bool(value == other) and isinstance(value, bool) is isinstance(other, bool)


def _why_not(arrival: Arrival, wanted: Wanted) -> str:
    reasons = wanted.missing(arrival)
    if wanted.token is not None and token_of(arrival.record) != wanted.token:
        reasons.append(f"its token is {short(token_of(arrival.record))}")
    if wanted.endpoint not in (None, arrival.endpoint):
        reasons.append(f"it came to /{arrival.endpoint}")
    if wanted.is_good and not arrival.is_good:
        errors = [each.message for each in arrival.findings if each.severity is Severity.ERROR]
        reasons.append(f"it was refused: {errors[0] if errors else 'another event was bad'}")
    return f"{_name(arrival)}, but {', '.join(reasons) or 'it was accepted'}"


def _name(arrival: Arrival) -> str:
    if arrival.event is not None:
        return short(arrival.event) if arrival.event.strip() else "an event without a name"
    if arrival.record is None:
        return "a request that cannot be read"
    return f"a record for /{arrival.endpoint}"


def _shown(value: Any) -> str:
    return short(dumps(value))


def as_lines(found: Sequence[Arrival]) -> list[dict[str, Any]]:
    """Arrivals for JSON."""
    return [each.as_line() for each in found]
