"""The result of a check as JUnit's XML, which CI servers show as tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from trackscope.plan.outcome import Light, Outcome
from trackscope.plan.plan import Plan
from trackscope.plan.result import EventResult, Result, State
from trackscope.session.check_text import counted
from trackscope.session.outcome_text import told
from trackscope.wire.shown import escaped, short

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = "the event never came"


def junit(
    plan: Plan, result: Result, outcomes: Sequence[Outcome] = (), *, fails_missing: bool
) -> str:
    """A test case for every event and expectation, and for each reason why requests were refused.

    An event that never came is skipped, or failed where `fails_missing` asks for all of them. So
    is an expectation of which nothing came to tell.
    """
    found: dict[str, list[str]] = {}
    for group in result.groups:
        found.setdefault(short(group.finding.event, 200), []).append(group.sentence)
    cases = [_case(each, found.get(each.name, []), fails_missing) for each in result.events]
    cases += [_failed("requests", each.rule, [each.sentence]) for each in result.refusals]
    if result.unreadable:
        number = counted(result.unreadable, "request")
        cases.append(_failed("requests", "unreadable", [f"{number} could not be read"]))
    cases += map(_expected, outcomes)
    failed = sum("<failure" in each for each in cases)
    skipped = sum("<skipped" in each for each in cases)
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {counts}>",
            f"<testsuite name={_attribute(plan.name)} {counts}>",
            *cases,
            "</testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _case(event: EventResult, found: list[str], fails_missing: bool) -> str:
    if event.state is State.SEEN:
        return f'<testcase classname="events" name={_attribute(event.name)}/>'
    if event.state is not State.MISSING:
        return _failed("events", event.name, found or [f"the event is {event.state}"])
    if fails_missing:
        return _failed("events", event.name, [_NEVER])
    skipped = f'<skipped message="{_NEVER}"/>'
    return f'<testcase classname="events" name={_attribute(event.name)}>{skipped}</testcase>'


def _expected(outcome: Outcome) -> str:
    if outcome.light is Light.BROKEN:
        return _failed("expectations", outcome.label, list(told(outcome)))
    name = f'classname="expectations" name={_attribute(outcome.label)}'
    if outcome.light is Light.WAITING:
        return f"<testcase {name}><skipped message={_attribute(next(told(outcome)))}/></testcase>"
    return f"<testcase {name}/>"


def _failed(kind: str, name: str, sentences: list[str]) -> str:
    text = escape(_xml("\n".join(map(escaped, sentences))))
    failure = f"<failure message={_attribute(sentences[0])}>{text}</failure>"
    return f'<testcase classname="{kind}" name={_attribute(name)}>{failure}</testcase>'


def _attribute(text: str) -> str:
    return quoteattr(_xml(escaped(text)))


def _xml(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
