"""Bring the index of histories up to date, so that filters and searches know every exchange.

Whoever filters a history brings its index up to date; of a million exchanges that takes minutes,
which are spent here instead.

exit code: 0 the histories are indexed, 2 one could not be.
"""

from __future__ import annotations

import os
import threading
import time
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from trackscope.cli.app import GOOD
from trackscope.cli.output import say, shown
from trackscope.cli.parent_watch import parent_ended
from trackscope.errors import SourceError
from trackscope.history.history import History

STEP = 100
"""Exchanges that are indexed before the end is asked for again."""

LINGER_S = 5.0
"""How long the window's child waits for more: to start anew costs more than to wait."""

POLL_S = 0.1

NICE = 10
"""What the window's child adds to its niceness: the window comes first."""


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("history", nargs="+", type=Path, metavar="HISTORY")
    # for the window's own child: the history is one that need not survive, and it goes on for a
    # while as long as more is written, and ends with standard input
    parser.add_argument("--scratch", action="store_true", help=SUPPRESS)
    parser.add_argument("--with-parent", action="store_true", help=SUPPRESS)


def run(arguments: Namespace) -> int:
    """Index every history; the exit code. HistoryError or SourceError where one cannot be."""
    ended = parent_ended() if arguments.with_parent else threading.Event()
    if arguments.with_parent and hasattr(os, "nice"):
        os.nice(NICE)
    open_history = History.open_scratch if arguments.scratch else History.open
    for path in arguments.history:
        if not path.exists():
            raise SourceError(f"There is no history {shown(str(path))}.", "Check the path.")
        with closing(open_history(path)) as history:
            count = _index(history, ended.is_set)
            if arguments.with_parent:
                _follow(history, ended)
            else:
                say(f"{shown(str(path))}: {count:,} exchanges indexed.")
    return GOOD


def _index(history: History, is_ended: Callable[[], bool]) -> int:
    """Index all that is not; how many exchanges that were."""
    total = 0
    while not is_ended() and (count := history.index(STEP)):
        total += count
    return total


def _follow(history: History, ended: threading.Event) -> None:
    """Index what is written from now on, until nothing was for a while."""
    version = history.data_version()
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < LINGER_S and not ended.wait(POLL_S):
        before, version = version, history.data_version()
        if version != before and _index(history, ended.is_set):
            quiet_since = time.monotonic()
