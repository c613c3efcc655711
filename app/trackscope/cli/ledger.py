"""Say what came of every event: received, accepted, refused, duplicated, and which are missing.

Each SOURCE is a history or a capture; without one it is your own history. Events are counted by
name and sender. Duplicated events have an $insert_id that came before; alike are those that have
none and are equal to one that came before. --number names the property that holds a running
number: which numbers are missing is then told; without it, some usual names (seq, n, number, …)
and numbered names ("event 17") are tried. What this program sent to its own collector is counted
where it was received.

exit code: 0 all came once and were accepted, or there is no answer to know it by; 1 something was
refused, duplicated or is missing, or a source was not read to its end; 2 nothing could be read.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.source import add_hosts
from trackscope.history.file import default_path
from trackscope.session.importing import Importing
from trackscope.session.ledger import Ledger
from trackscope.session.ledger_text import ledger_record, ledger_text
from trackscope.session.opening import Judging
from trackscope.wire.era import rule_book
from trackscope.wire.shown import escaped


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("source", nargs="*", type=Path, metavar="SOURCE", help="history or capture")
    parser.add_argument("--number", metavar="PROPERTY", help="the property with a running number")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_hosts(parser)


def run(arguments: Namespace) -> int:
    """Print the ledger of all sources together; the exit code."""
    ledger = Ledger(arguments.number)
    reading = Importing(
        ledger.add_all,
        Judging(rule_book(), time.time()),
        clock=time.monotonic,
        hosts=arguments.host,
    )
    read = missed = 0
    for path in arguments.source or [default_path()]:
        progress = reading.run(path, path.name)
        read += progress.is_whole or progress.exchanges > 0
        missed += not progress.is_whole
        for problem in progress.problems:
            say(f"{shown(str(path))}: {problem}")
    if not read:
        return FAILED
    table = ledger.table()
    if arguments.json:
        emit(json_line(ledger_record(table)))
    else:
        emit("\n".join(map(escaped, ledger_text(table).split("\n"))))
    return GOOD if table.is_clean and not missed else FOUND
