"""Show in what the events of two captures differ, as a code difference does.

A and B are captures or histories. Events are aligned by their names and properties; missing,
extra, reordered and changed ones are told. What is another in every run is masked: times, and ids
of events, devices, users and sessions. It is told which of them differ. --mask masks further
properties, --unmask compares one that would be masked.

exit code: 0 the same, but for what is masked; 1 there are differences, or a capture was not read
to its end; 2 one of them could not be read.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from trackscope.capture.exchange import Exchange
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.source import add_hosts
from trackscope.plan.occurrence import Occurrence, occurrences
from trackscope.session.event_diff import MAX_EVENTS, VOLATILE, Masks, event_diff
from trackscope.session.event_diff_text import diff_record, diff_text
from trackscope.session.importing import Importing, Progress
from trackscope.session.opening import Judging
from trackscope.session.target import COLLECTOR
from trackscope.wire.era import rule_book
from trackscope.wire.json_text import dumps
from trackscope.wire.shown import escaped

MAX_CHARACTERS = 256 * 1024 * 1024
"""Characters of JSON in the events of a capture that are compared."""


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("a", type=Path, metavar="A", help="history or capture: how it was")
    parser.add_argument("b", type=Path, metavar="B", help="history or capture: how it is now")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    for option, what in (("--mask", "mask"), ("--unmask", "compare, though it would be masked,")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="PROPERTY",
            help=f"{what} a property; may be given again",
        )
    add_hosts(parser)


def run(arguments: Namespace) -> int:
    """Print the differences; the exit code."""
    sides = [_Side(path, arguments.host) for path in (arguments.a, arguments.b)]
    if not all(side.is_read for side in sides):
        return FAILED
    masks = Masks((*VOLATILE, *arguments.mask), arguments.unmask)
    diff = event_diff(sides[0].events, sides[1].events, masks)
    names = shown(str(arguments.a)), shown(str(arguments.b))
    if arguments.json:
        emit(json_line(diff_record(diff, names, masks)))
    else:
        emit("\n".join(map(escaped, diff_text(diff, names, masks).split("\n"))))
    return GOOD if diff.is_same and all(side.is_whole for side in sides) else FOUND


class _Side:
    """A capture or history, read; what could not be read of it is said."""

    def __init__(self, path: Path, hosts: list[str]) -> None:
        self.events: list[Occurrence] = []
        self._weight = self._left_out = 0
        judging = Judging(rule_book(), time.time())
        reading = Importing(self._add_all, judging, clock=time.monotonic, hosts=hosts)
        self._progress: Progress = reading.run(path, path.name)
        for problem in self._progress.problems:
            say(f"{shown(str(path))}: {problem}")
        if self._left_out:
            say(
                f"{shown(str(path))}: {self._left_out:,} events are left out: the first "
                f"{len(self.events):,} are compared. Give a part of it."
            )

    @property
    def is_read(self) -> bool:
        """Whether there is anything to compare: the capture could be read, at least in part."""
        return self._progress.is_whole or self._progress.exchanges > 0

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read, and is compared."""
        return self._progress.is_whole and not self._left_out

    def _add_all(self, exchanges: Iterable[Exchange]) -> None:
        for exchange in exchanges:
            if exchange.target == COLLECTOR:
                continue  # it is there again as it was received
            for event in occurrences(exchange, len(self.events) + self._left_out + 1):
                if len(self.events) < MAX_EVENTS and self._weight < MAX_CHARACTERS:
                    self._weight += len(dumps(event.properties))
                    self.events.append(event)
                else:
                    self._left_out += 1
