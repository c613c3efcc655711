"""Checks many events against a plan and counts what it found, in bounded memory."""

from __future__ import annotations

from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.plan.check import Checker
from trackscope.plan.finding import PlanFinding
from trackscope.plan.plan import Plan
from trackscope.plan.result import EventResult, Evidence, Group, Refusal, Result, State
from trackscope.wire.shown import short

MAX_UNPLANNED = 1_000
"""Names of unplanned events; those beyond share a line."""

MAX_GROUPS = 2_000
"""Groups of findings; what is found beyond them is counted with its event only."""

OTHERS = "other events"
"""What stands for the names of further unplanned events."""


class _Line:
    """An event's counts."""

    __slots__ = ("count", "first", "wrong")

    def __init__(self) -> None:
        self.count = self.wrong = 0
        self.first: Evidence | None = None


class _Tally:
    """How often something was found, and the first time."""

    __slots__ = ("count", "finding", "first")

    def __init__(self, finding: PlanFinding | Refusal, first: Evidence) -> None:
        self.finding, self.first, self.count = finding, first, 0


class Checking:
    """Checks events one by one; `result` says what they came to so far, at any time."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        checker = Checker(plan)
        self._findings, self._profile_findings = checker.findings, checker.profile_findings
        self._planned = {name: _Line() for name in plan.events}
        self._others: dict[str, _Line] = {}
        self._found: dict[tuple[str, str, str], _Tally] = {}
        self._refused: dict[str, _Tally] = {}
        self._unreadable = 0
        self._is_complete = True

    def add(self, record: Any, index: int, exchange: Exchange) -> None:
        """Check the `index`th event of an exchange."""
        name = record.get("event") if isinstance(record, dict) else None
        if not isinstance(name, str):
            return  # a rule refuses the request
        findings = self._findings(record, index)
        line = self._planned.get(name) or self._other(name)
        line.count += 1
        if line.first is None:
            line.first = _evidence(exchange, index)
        if findings:
            line.wrong += 1
            self._tell(findings, index, exchange)

    def add_profile(self, record: Any, index: int, exchange: Exchange) -> None:
        """Check the `index`th update of a profile or group of an exchange."""
        self._tell(self._profile_findings(record, index), index, exchange)

    def add_refusal(self, rule: str, message: str, exchange: Exchange) -> None:
        """Count a request that was answered 0, or deserves it; `rule` says why."""
        first = _evidence(exchange, 0)
        refusal = Refusal(rule, message, 0, first)
        self._refused.setdefault(rule, _Tally(refusal, first)).count += 1

    def add_unreadable(self) -> None:
        """Count a request whose payload cannot be read."""
        self._unreadable += 1

    def result(self) -> Result:
        """What was checked so far."""
        planned = [_planned(name, line) for name, line in self._planned.items()]
        others = [_unplanned(name, line) for name, line in self._others.items()]
        return Result(
            (*planned, *others),
            tuple(
                Group(each.finding, each.count, each.first)
                for each in self._found.values()
                if isinstance(each.finding, PlanFinding)
            ),
            tuple(
                Refusal(rule, each.finding.message, each.count, each.first)
                for rule, each in self._refused.items()
            ),
            sum(each.count for each in (*planned, *others)),
            self._unreadable,
            self._is_complete,
        )

    def _other(self, name: str) -> _Line:
        name = short(name, 200)
        if name not in self._others and len(self._others) >= MAX_UNPLANNED:
            self._is_complete = False
            name = OTHERS
        return self._others.setdefault(name, _Line())

    def _tell(self, findings: tuple[PlanFinding, ...], index: int, exchange: Exchange) -> None:
        for finding in findings:
            event = short(finding.event, 200)
            key = (event, finding.rule, short(finding.property, 200))
            tally = self._found.get(key)
            if tally is None:
                if len(self._found) >= MAX_GROUPS:
                    self._is_complete = False
                    continue
                tally = self._found[key] = _Tally(finding, _evidence(exchange, index))
            tally.count += 1


def _planned(name: str, line: _Line) -> EventResult:
    if not line.count:
        return EventResult(name, State.MISSING)
    state = State.WRONG if line.wrong else State.SEEN
    return EventResult(name, state, line.count, line.wrong, line.first)


def _unplanned(name: str, line: _Line) -> EventResult:
    """An event that is not in the plan; one that SDKs send by themselves is as good as planned."""
    state = State.UNPLANNED if line.wrong else State.SEEN
    return EventResult(name, state, line.count, line.wrong, line.first)


def _evidence(exchange: Exchange, index: int) -> Evidence:
    return Evidence(exchange.source, exchange.position, index, exchange.id)
