"""Write the exchanges of a history for other programs, oldest first.

ndjson and json hold everything; har opens in browsers; curl and urls can be run or opened again;
csv and parquet have a row an event, for spreadsheets and query engines (parquet needs the package
trackscope[parquet]). What is written as ndjson, har, curl or urls opens again as the same events.

Tokens and secrets are masked (first 4 and last 2 characters), also within URLs, Base64 and
bodies, unless --include-secrets is given. A payload that cannot be read is left out then.

exit code: 0 written, 2 the history cannot be read or the file not written.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from trackscope.capture.database import is_database
from trackscope.capture.exchange import Origin
from trackscope.capture.stream import HEAD
from trackscope.cli import export_options
from trackscope.cli.app import GOOD
from trackscope.cli.output import shown
from trackscope.errors import UsageError
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term
from trackscope.session.export import FORMATS
from trackscope.session.filter import parse
from trackscope.session.selection import found


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    kinds = [form.kind for form in FORMATS]
    parser.add_argument(
        "history", nargs="?", type=Path, metavar="HISTORY", help="file (default: your own history)"
    )
    parser.add_argument("--format", choices=kinds, default="ndjson", help="default: ndjson")
    parser.add_argument("--origin", choices=[str(origin) for origin in Origin], help="only these")
    parser.add_argument(
        "--where",
        default="",
        metavar="FILTER",
        help="only exchanges that this finds, as in the window: game event:purchase verdict:0 "
        "-has:answer after:2h",
    )
    export_options.add_arguments(parser)


def run(arguments: Namespace) -> int:
    """Write the exchanges that are asked for; 0."""
    query = _query(arguments)
    path = arguments.history or default_path()
    _check_is_history(path, arguments.format)
    with closing(History.open_to_read(path)) as history:
        export_options.write(found(history, query).each(), arguments)
    return GOOD


def _check_is_history(path: Path, kind: str) -> None:
    """UsageError where a capture is given instead, which is not to be called a damaged history."""
    if not path.is_file():
        return
    with suppress(OSError), path.open("rb") as file:
        head = file.read(HEAD)
        if head and not is_database(head):
            name = shown(str(path))
            raise UsageError(
                f"{name} is no history.",
                f"If it is a capture, export it by: trackscope decode {name} --format {kind}",
            )


def _query(arguments: Namespace) -> Query:
    """What is asked for; UsageError where the filter has a mistake."""
    read = parse(arguments.where, datetime.now())
    if read.mistakes:
        raise UsageError(f"--where cannot be read: {read.mistakes[0].message}")
    if arguments.origin is None:
        return read.query
    return Query((*read.query.terms, Term(Field.ORIGIN, arguments.origin)))
