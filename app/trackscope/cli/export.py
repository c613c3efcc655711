"""Write the exchanges of a history for other programs, oldest first.

ndjson and json hold everything; har opens in browsers; curl and urls can be run or opened again;
csv and parquet have a row an event, for spreadsheets and query engines (parquet needs the package
trackscope[parquet]). What is written as ndjson, har, curl or urls opens again as the same events.

Tokens and secrets are masked (first 4 and last 2 characters), also within URLs, Base64 and
bodies, unless --include-secrets is given. A payload that cannot be read is left out then.

exit code: 0 written, 2 the history cannot be read or the file not written.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from contextlib import closing
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import BinaryIO

from trackscope.capture.exchange import Origin
from trackscope.cli.app import GOOD
from trackscope.cli.output import say, shown
from trackscope.cli.source import STANDARD_INPUT
from trackscope.errors import UsageError
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term
from trackscope.session.export import FORMATS, Exported, Options, export, format_of
from trackscope.session.filter import parse
from trackscope.session.masking import masking_of
from trackscope.session.selection import Selection, found
from trackscope.session.whole_file import whole_file

STANDARD_OUTPUT = STANDARD_INPUT
"""`-` in place of a file."""


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    kinds = [form.kind for form in FORMATS]
    parser.add_argument(
        "history", nargs="?", type=Path, metavar="HISTORY", help="file (default: your own history)"
    )
    parser.add_argument("--format", choices=kinds, default="ndjson", help="default: ndjson")
    parser.add_argument(
        "--output", "-o", default=STANDARD_OUTPUT, metavar="FILE", help="default: standard output"
    )
    parser.add_argument("--origin", choices=[str(origin) for origin in Origin], help="only these")
    parser.add_argument(
        "--where",
        default="",
        metavar="FILTER",
        help="only exchanges that this finds, as in the window: game event:purchase verdict:0 "
        "-has:answer after:2h",
    )
    parser.add_argument(
        "--include-secrets", action="store_true", help="do not mask tokens and secrets"
    )
    parser.add_argument(
        "--mask",
        action="append",
        default=[],
        metavar="NAME",
        help="replace the values of this property or parameter too, each by a hash that is the "
        "same within this export (can be repeated)",
    )
    parser.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="NAME",
        help="csv, parquet: give this property a column of its own (can be repeated)",
    )
    parser.add_argument(
        "--bom", action="store_true", help="csv: begin with a byte order mark, for Excel"
    )


def run(arguments: Namespace) -> int:
    """Write the exchanges that are asked for; 0."""
    query = _query(arguments)
    with closing(History.open_to_read(arguments.history or default_path())) as history:
        wanted = found(history, query)
        if arguments.output == STANDARD_OUTPUT:
            done = _write(wanted, _standard_output(arguments.format), arguments)
        else:
            with whole_file(Path(arguments.output)) as file:
                done = _write(wanted, file, arguments)
            say(f"{done.what} written to {shown(arguments.output)}.")
    for sentence in done.sentences:
        say(sentence)
    return GOOD


def _query(arguments: Namespace) -> Query:
    """What is asked for; UsageError where the filter has a mistake."""
    read = parse(arguments.where, datetime.now())
    if read.mistakes:
        raise UsageError(f"--where cannot be read: {read.mistakes[0].message}")
    if arguments.origin is None:
        return read.query
    return Query((*read.query.terms, Term(Field.ORIGIN, arguments.origin)))


def _write(wanted: Selection, file: BinaryIO, arguments: Namespace) -> Exported:
    masking = masking_of(
        include_secrets=arguments.include_secrets, chosen=arguments.mask, salt=token_bytes(16)
    )
    options = Options(masking, tuple(arguments.columns), arguments.bom)
    return export(wanted.each(), file, arguments.format, options)


def _standard_output(kind: str) -> BinaryIO:
    """Where data goes; a terminal is no place for what is no text."""
    if not format_of(kind).is_text and sys.stdout.isatty():
        raise UsageError(
            f"{format_of(kind).name} is no text for a terminal.", "Name a file with --output."
        )
    return sys.stdout.buffer
