"""Check captures and histories against a tracking plan.

Each SOURCE is a history or a capture. The plan is a JSON or YAML file in the shape of Mixpanel's
Lexicon schemas, a CSV export of Lexicon, or a tracking plan of Segment or RudderStack. It passes
where every event is in the plan with the properties that it should have, and no request was
answered 0 (or deserves it, where there is no answer; --plan-only does not ask for that). Planned
events that never came are told; with --all they fail too.

Properties that SDKs add ($browser, mp_lib, token, time, …) and events that begin with $ need not
be planned.

exit code: 0 it passes; 1 it does not, or a source was not read to its end; 2 nothing could be read.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from trackscope.capture.exchange import Exchange
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.source import add_hosts, read_text
from trackscope.errors import PlanError
from trackscope.plan.expectation import Expectation
from trackscope.plan.expectation_file import KEY, load_expectations
from trackscope.plan.outcome import Light
from trackscope.plan.plan import Plan
from trackscope.plan.reading import load
from trackscope.plan.result import State
from trackscope.session.check_text import check_record, check_text
from trackscope.session.importing import Importing, Keep
from trackscope.session.junit import junit
from trackscope.session.opening import Judging
from trackscope.session.outcome_text import outcome_record, outcomes_text
from trackscope.session.run_watch import RunWatch
from trackscope.session.verifying import Verifying
from trackscope.session.whole_file import whole_file
from trackscope.wire.era import rule_book
from trackscope.wire.shown import escaped


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("source", nargs="+", type=Path, metavar="SOURCE", help="history or capture")
    parser.add_argument("--plan", required=True, metavar="PLAN", help="the tracking plan, a file")
    parser.add_argument("--expect", metavar="FILE", help="what is expected of a run, a YAML file")
    parser.add_argument("--all", action="store_true", help="events that never came fail too")
    parser.add_argument(
        "--plan-only", action="store_true", help="requests that were answered 0 do not fail"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="the result as a JSON object")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="the result as JUnit's XML")
    add_hosts(parser)


def run(arguments: Namespace) -> int:
    """Print what the sources came to, and write the files that are asked for; the exit code."""
    text = read_text(arguments.plan)
    plan = load(text, _called(arguments.plan))
    verifying = Verifying(plan, is_lenient=arguments.plan_only)
    watch = RunWatch(_expectations(arguments, plan, text))

    def add_all(exchanges: Sequence[Exchange]) -> None:
        verifying.add_all(exchanges)
        watch.add_all(exchanges)

    reading = SourceReading(add_all, arguments.host)
    reading.read(arguments.source)
    if not reading.has_read:
        return FAILED
    watch.close()
    result, outcomes = verifying.result(), watch.outcomes
    is_passed = not result.has_finding and not (arguments.all and result.in_state(State.MISSING))
    is_passed = is_passed and reading.is_whole
    is_passed = is_passed and all(each.light is not Light.BROKEN for each in outcomes)
    if arguments.json:
        record = check_record(plan, result, is_passed=is_passed)
        record["expectations"] = [outcome_record(each) for each in outcomes]
        _write(arguments.json, f"{json_line(record)}\n")
    if arguments.junit:
        _write(arguments.junit, junit(plan, result, outcomes, fails_missing=arguments.all))
    told = check_text(plan, result, is_passed=is_passed)
    if outcomes:
        told = f"{told}\n\n{outcomes_text(outcomes)}"
    emit("\n".join(map(escaped, told.split("\n"))))
    return GOOD if is_passed else FOUND


def _expectations(arguments: Namespace, plan: Plan, text: str) -> tuple[Expectation, ...]:
    """Those of the plan, and those of the file beside it; PlanError tells mistakes in them."""
    found: tuple[Expectation, ...] = ()
    if KEY in plan.beside:
        found = load_expectations(text, plan.name)
    if arguments.expect:
        name = _called(arguments.expect)
        beside = load_expectations(read_text(arguments.expect), name)
        if not beside:
            raise PlanError(f"{name}: there is nothing in {KEY}.", f"Write a list under {KEY}:")
        found += beside
    return found


def read_plan(name: str) -> Plan:
    """The plan in a file; SourceError where it cannot be read, PlanError where it is none."""
    return load(read_text(name), _called(name))


def _called(path: str) -> str:
    """What a file is called in sentences."""
    return shown(Path(path).name)


class SourceReading:
    """Reads histories and captures one after the other; says what could not be read of them."""

    def __init__(self, keep: Keep, hosts: list[str]) -> None:
        judging = Judging(rule_book(), time.time())
        self._importing = Importing(keep, judging, clock=time.monotonic, hosts=hosts)
        self.has_read = False
        self.is_whole = True

    def read(self, sources: list[Path]) -> None:
        """Read these; `has_read` and `is_whole` then say how that went."""
        for path in sources:
            progress = self._importing.run(path, path.name)
            self.has_read |= progress.is_whole or progress.exchanges > 0
            self.is_whole &= progress.is_whole
            for problem in progress.problems:
                say(f"{shown(str(path))}: {problem}")


def _write(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
