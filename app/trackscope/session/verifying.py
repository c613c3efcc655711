"""Verifies exchanges against a plan: whatever they carry, and what they were answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.plan.checking import Checking
from trackscope.plan.plan import Plan
from trackscope.plan.result import Result
from trackscope.session.target import COLLECTOR
from trackscope.wire.decoding import decode
from trackscope.wire.endpoint import ENDPOINTS, Kind, endpoint_name, kind_of
from trackscope.wire.finding import Severity
from trackscope.wire.glance import glance
from trackscope.wire.request import TrackRequest

REFUSED = "answered 0"
"""What stands for the rule where a server answered 0 without one that says why."""


class Verifying:
    """Counts exchanges against one plan; `result` says what they came to, at any time.

    What this program sent to its own collector is checked where it was received. With `is_lenient`
    it is no finding that a request was answered 0, or deserves it.
    """

    def __init__(self, plan: Plan, *, is_lenient: bool = False) -> None:
        self.plan = plan
        self._checking = Checking(plan)
        self._is_lenient = is_lenient

    def add_all(self, exchanges: Iterable[Exchange]) -> None:
        """Check these exchanges, in the order in which they came."""
        for exchange in exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> None:
        """Check what an exchange carries, and count it where it was refused."""
        request = exchange.request
        if exchange.target == COLLECTOR or request.method == "OPTIONS":
            return
        records = records_of(request)
        if records is None:
            if endpoint_name(request) in ENDPOINTS:
                self._checking.add_unreadable()
            return
        self._add_refusal(exchange)
        is_of_events = kind_of(request, records) is Kind.EVENTS
        add = self._checking.add if is_of_events else self._checking.add_profile
        for index, record in enumerate(records):
            add(record, index, exchange)

    def result(self) -> Result:
        """What was checked so far."""
        return self._checking.result()

    def _add_refusal(self, exchange: Exchange) -> None:
        verdict = exchange.predicted if exchange.verdict is None else exchange.verdict
        if verdict != 0 or self._is_lenient:
            return
        errors = [each for each in exchange.findings if each.severity is Severity.ERROR]
        if errors:
            self._checking.add_refusal(errors[0].rule, errors[0].message, exchange)
        else:
            message = "the server answered 0 where no rule says why"
            self._checking.add_refusal(REFUSED, message, exchange)


def records_of(request: TrackRequest) -> Sequence[Any] | None:
    """The events or updates that a request carries; None for a payload that cannot be read."""
    seen = glance(request)
    return decode(request).events if seen is None else seen.events


def events_of(exchange: Exchange) -> Sequence[Any]:
    """The events that an exchange carries; none of what is no event, or sent to ourselves."""
    if exchange.target == COLLECTOR:
        return ()
    records = records_of(exchange.request) or ()
    return records if kind_of(exchange.request, records) is Kind.EVENTS else ()
