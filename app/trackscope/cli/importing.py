"""Import captures into a history: of each capture all exchanges, or none.

A capture that could not be read to its end is not imported, unless --partial is given. Nothing is
sent anywhere. Opened again, the history shows the exchanges with the origin "opened".

exit code: 0 all captures were imported, 1 some were not, 2 none was.
"""

from __future__ import annotations

import sys
import threading
import time
from argparse import SUPPRESS, ArgumentParser, Namespace
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.book_options import add_book_arguments, chosen_book
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.parent_watch import parent_ended
from trackscope.cli.source import add_hosts
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.session.importing import Importing, Keep, Progress, summary
from trackscope.session.opening import Judging


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("capture", nargs="+", type=Path, metavar="CAPTURE")
    parser.add_argument("--history", type=Path, metavar="FILE", help="default: your own history")
    add_book_arguments(parser)
    parser.add_argument("--partial", action="store_true", help="import what can be read")
    add_hosts(parser)
    # for the window's own child, which reads captures into a file of its own: exchanges can be
    # seen as they come, progress is told as JSON, and the end of standard input cancels
    parser.add_argument("--scratch", action="store_true", help=SUPPRESS)
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)
    parser.add_argument("--with-parent", action="store_true", help=SUPPRESS)


def run(arguments: Namespace) -> int:
    """Import every capture; the exit code."""
    path = arguments.history or default_path()
    open_history = History.open_scratch if arguments.scratch else History.open
    imported = 0
    with closing(open_history(path)) as history:
        importer = _Importer(history, arguments)
        for capture in arguments.capture:
            imported += importer.run(capture)
    if imported == len(arguments.capture):
        return GOOD
    return FOUND if imported else FAILED


class _Importer:
    """Imports captures one after the other, telling how it goes."""

    def __init__(self, history: History, arguments: Namespace) -> None:
        self._history = history
        self._is_scratch = arguments.scratch
        self._is_partial = arguments.partial or arguments.scratch
        self._tells_progress = arguments.progress
        self._judging = Judging(chosen_book(arguments), time.time())
        self._hosts = arguments.host
        self._cancelled = parent_ended() if arguments.with_parent else threading.Event()

    def run(self, capture: Path) -> bool:
        """Import one capture; whether it is in the history."""
        if self._is_scratch:
            return self._read(capture, self._history.append_many).exchanges > 0
        kept = self._history.begin_import(str(capture))
        is_kept = False
        try:
            progress = self._read(capture, kept.add)
            is_kept = progress.is_whole or (self._is_partial and progress.exchanges > 0)
        finally:
            if is_kept:
                kept.finish()
            else:
                kept.abandon()
        self._tell(capture, progress, is_kept=is_kept)
        return is_kept

    def _read(self, capture: Path, keep: Keep) -> Progress:
        importing = Importing(
            keep,
            self._judging,
            clock=time.monotonic,
            on_progress=self._on_progress,
            is_cancelled=self._cancelled.is_set,
            hosts=self._hosts,
        )
        return importing.run(capture, capture.name)

    def _on_progress(self, progress: Progress) -> None:
        if self._tells_progress:
            emit(json_line(asdict(progress) | {"is_whole": progress.is_whole}))
            sys.stdout.flush()

    def _tell(self, capture: Path, progress: Progress, *, is_kept: bool) -> None:
        name = shown(str(capture))
        for problem in progress.problems:
            say(f"{name}: {problem}")
        if is_kept:
            say(f"{name}: imported {summary(progress)}")
        elif progress.exchanges:
            say(f"{name}: nothing was imported. Import what can be read: --partial.")
