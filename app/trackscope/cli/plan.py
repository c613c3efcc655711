"""Learn a tracking plan from captures and histories.

    trackscope plan learn SOURCE… -o PLAN

Each SOURCE is a history or a capture. The plan has every event that came, with the types of its
properties, which of them were always there, their formats, and their values where those are few.
It accepts all that it was learned from. A file that ends in .yaml or .yml is written as YAML, any
other as JSON.

Where PLAN exists, it is widened to accept what came, and nothing is taken out of it: what was
added, what was widened, and what is planned but never came is printed. With --dry-run it is only
printed. Comments in a YAML file are not kept.

exit code: 0 written; 1 a source was not read to its end; 2 nothing could be read or written.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from trackscope.capture.exchange import Exchange
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.check import SourceReading, read_plan
from trackscope.cli.output import emit, say, shown
from trackscope.cli.source import add_hosts
from trackscope.plan.learning import Learning
from trackscope.plan.plan import Plan
from trackscope.plan.widening import Change
from trackscope.plan.writing import plan_text
from trackscope.session.verifying import events_of
from trackscope.session.whole_file import whole_file
from trackscope.wire.shown import short


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    verbs = parser.add_subparsers(required=True, metavar="learn")
    learn = verbs.add_parser("learn", allow_abbrev=False, help="learn a plan, or widen one")
    learn.add_argument("source", nargs="+", type=Path, metavar="SOURCE", help="history or capture")
    learn.add_argument("-o", "--output", required=True, type=Path, metavar="PLAN")
    learn.add_argument("--dry-run", action="store_true", help="print the changes, write nothing")
    add_hosts(learn)


def run(arguments: Namespace) -> int:
    """Learn from the sources and write the plan; the exit code."""
    path = arguments.output
    before = read_plan(str(path)) if path.exists() else Plan()
    learning = Learning(before)

    def add_all(exchanges: Iterable[Exchange]) -> None:
        for exchange in exchanges:
            for event in events_of(exchange):
                learning.add(event)

    reading = SourceReading(add_all, arguments.host)
    reading.read(arguments.source)
    if not reading.has_read:
        return FAILED
    lesson = learning.lesson()
    for change in lesson.changes:
        emit(_line(change))
    if not lesson.is_complete:
        say("There are more names of events than a plan can have: not all were learned.")
    if not arguments.dry_run:
        with whole_file(path) as file:
            file.write(plan_text(lesson.plan, path.name).encode())
        say(f"Wrote {shown(str(path))}: {len(lesson.plan.events):,} events.")
    return GOOD if reading.is_whole and lesson.is_complete else FOUND


def _line(change: Change) -> str:
    """A change in a line: `widened  Order Placed: total, it is a number or a string`."""
    about = ": ".join(short(each) for each in (change.event, change.property) if each)
    how = f" ({short(change.how, 200)})" if change.how else ""
    return f"{change.what:9}{about}{how}"
