"""Access logs of Amazon's load balancers: application and classic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture import accesslog, logentry
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logentry import unescaped
from trackscope.capture.loglines import are_mostly, requests
from trackscope.capture.logtime import log_time
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

_ENTRY = re.compile(
    rb"(?:(?:https?|h2|wss?|grpcs?) )?(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) \S+ (?P<peer>\S+) \S+ "
    rb"(?P<times>(?:-?\d{1,9}(?:\.\d{1,9})? ){3})(?P<status>\d{3}|-) (?:\d{3}|-) \S+ \S+ "
    rb'"(?P<method>[A-Z]{3,7}) (?P<target>(?:[^"\\ ]++|\\.)++)(?: HTTP/\d(?:\.\d)?)?"'
    rb'(?: "(?P<agent>(?:[^"\\]++|\\.)*+)")?'
)
"""Type, time, balancer, client, target, three durations, statuses, sizes, request, agent."""


def is_it(head: bytes) -> bool:
    """Whether most of the first lines are entries of such a log."""
    return are_mostly(head, _ENTRY.match)


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    return requests(stream, report, _read_line)


def _read_line(number: int, line: bytes) -> Captured | None:
    entry = _ENTRY.match(line)
    if entry is None:
        return accesslog.read_line(number, line)
    status, agent = entry["status"], entry["agent"]
    durations = [float(each) for each in entry["times"].split()]
    return logentry.captured(
        number,
        entry["method"].decode("ascii"),
        unescaped(entry["target"]),
        at=log_time(entry["time"].decode("ascii")),
        status=int(status) if status != b"-" else None,
        took_ms=sum(durations) * 1000 if min(durations) >= 0 else None,
        peer=entry["peer"].decode("ascii", "replace").rpartition(":")[0],
        agent=unescaped(agent) if agent else "",
    )


LOADBALANCER = Format("loadbalancer", "a load balancer's log", is_it, read)
