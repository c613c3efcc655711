"""The result of a check as text for people and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from trackscope.plan.plan import Plan
from trackscope.plan.result import EventResult, Result
from trackscope.wire.shown import short

MAX_GROUPS = 200
"""Groups of findings that the text lists; the JSON has them all."""


def check_record(plan: Plan, result: Result, *, is_passed: bool) -> dict[str, Any]:
    """The result as a JSON object: `plan`, `passed`, `records`, `events`, `findings`, …

    `first` is where something was seen first: `source`, `position`, `index`, `exchange`.
    """
    return {
        "plan": plan.name,
        "passed": is_passed,
        "records": result.records,
        "unreadable": result.unreadable,
        "is_complete": result.is_complete,
        "events": [_event(each) for each in result.events],
        "findings": [
            {
                "rule": group.finding.rule,
                "severity": str(group.finding.severity),
                "event": group.finding.event,
                "property": group.finding.property,
                "at": group.finding.at,
                "message": group.finding.message,
                "expected": group.finding.expected,
                "got": group.finding.got,
                "nearest": group.finding.nearest,
                "count": group.count,
                "first": asdict(group.first),
            }
            for group in result.groups
        ],
        "refusals": [asdict(each) for each in result.refusals],
    }


def check_text(plan: Plan, result: Result, *, is_passed: bool) -> str:
    """The result for a terminal: the verdict, a table of the events, the findings by event."""
    seen = sum(each.count > 0 for each in result.events if each.name in plan.events)
    verdict = "passed" if is_passed else "failed"
    lines = [
        f"{plan.name}: {verdict}. {counted(result.records, 'event')} checked, "
        f"{seen:,} of {len(plan.events):,} planned events came.",
        "",
        *_table(result.events),
    ]
    findings = [*_findings(result)]
    if findings:
        lines += ["", *findings]
    if not result.is_complete:
        lines += ["", "So many different names or findings came that not all are listed."]
    return "\n".join(lines)


def _event(event: EventResult) -> dict[str, Any]:
    return {
        "name": event.name,
        "state": str(event.state),
        "count": event.count,
        "wrong": event.wrong,
        "first": None if event.first is None else asdict(event.first),
    }


def _table(events: tuple[EventResult, ...]) -> Iterator[str]:
    rows = [("event", "state", "came", "wrong")]
    rows += [
        (short(each.name), str(each.state), f"{each.count:,}", f"{each.wrong:,}") for each in events
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, state, count, wrong in rows:
        left = f"{name:{widths[0]}}  {state:{widths[1]}}"
        yield f"{left}  {count:>{widths[2]}}  {wrong:>{widths[3]}}"


def _findings(result: Result) -> Iterator[str]:
    by_event: dict[str, list[str]] = {}
    for group in result.groups[:MAX_GROUPS]:
        by_event.setdefault(short(group.finding.event), []).append(f"  {group.sentence}")
    for name, lines in by_event.items():
        yield name
        yield from lines
    if len(result.groups) > MAX_GROUPS:
        yield f"and {len(result.groups) - MAX_GROUPS:,} further kinds of findings (see --json)"
    if result.refusals or result.unreadable:
        yield "requests"
    for refusal in result.refusals:
        yield f"  {refusal.sentence}"
    if result.unreadable:
        number = counted(result.unreadable, "request")
        yield f"  {number} could not be read (see: trackscope decode)"


def counted(count: int, noun: str) -> str:
    """A number of things in words.

    >>> counted(1, "event"), counted(2_000, "event")
    ('1 event', '2,000 events')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
