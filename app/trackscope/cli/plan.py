"""Learn a tracking plan from captures and histories, or convert another tool's.

    trackscope plan learn SOURCE… -o PLAN
    trackscope plan convert FILE -o PLAN

learn: each SOURCE is a history or a capture. The plan has every event that came, with the types of
its properties, which of them were always there, their formats, and their values where those are
few. It accepts all that it was learned from. Where PLAN exists, it is widened to accept what came,
and nothing is taken out of it: what was added, what was widened, and what is planned but never
came is printed. With --dry-run it is only printed. Comments in a YAML file are not kept.

convert: FILE is a CSV export of Lexicon, a plan of Segment or RudderStack, or a plan in JSON or
YAML. A file that ends in .yaml or .yml is written as YAML, any other as JSON.

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
from trackscope.errors import UsageError
from trackscope.plan.learning import Learning
from trackscope.plan.plan import Plan
from trackscope.plan.widening import Change
from trackscope.plan.writing import plan_text
from trackscope.session.check_text import counted
from trackscope.session.verifying import events_of
from trackscope.session.whole_file import whole_file
from trackscope.wire.shown import short


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    verbs = parser.add_subparsers(required=True, dest="verb", metavar="learn|convert")
    learn = verbs.add_parser("learn", allow_abbrev=False, help="learn a plan, or widen one")
    learn.add_argument("source", nargs="+", type=Path, metavar="SOURCE", help="history or capture")
    learn.add_argument("-o", "--output", required=True, type=Path, metavar="PLAN")
    learn.add_argument("--dry-run", action="store_true", help="print the changes, write nothing")
    add_hosts(learn)
    convert = verbs.add_parser("convert", allow_abbrev=False, help="write another tool's plan")
    convert.add_argument("file", metavar="FILE", help="a plan in any form that is read")
    convert.add_argument("-o", "--output", required=True, type=Path, metavar="PLAN")


def run(arguments: Namespace) -> int:
    """Write the plan that is asked for; the exit code."""
    if arguments.verb == "learn":
        return _learn(arguments)
    _write(read_plan(arguments.file), arguments.output)
    return GOOD


def _learn(arguments: Namespace) -> int:
    path = arguments.output
    before = read_plan(str(path)) if path.exists() else Plan()
    if before.is_foreign:
        raise UsageError(
            f"{shown(str(path))} is another tool's plan, which is not written.",
            "Convert it first: trackscope plan convert.",
        )
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
        _write(lesson.plan, path)
    return GOOD if reading.is_whole and lesson.is_complete else FOUND


def _write(plan: Plan, path: Path) -> None:
    with whole_file(path) as file:
        file.write(plan_text(plan, path.name).encode())
    say(f"Wrote {shown(str(path))}: {counted(len(plan.events), 'event')}.")


def _line(change: Change) -> str:
    """A change in a line: `widened  Order Placed: total (it is a number or a string)`."""
    about = ": ".join(short(each) for each in (change.event, change.property) if each)
    how = f" ({short(change.how, 200)})" if change.how else ""
    return f"{change.what:9}{about}{how}"
