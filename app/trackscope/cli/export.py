"""Write the exchanges of a history to standard output, one line of JSON each, oldest first.

Tokens and secrets are masked (first 4 and last 2 characters) unless --include-secrets is given.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

from trackscope.capture.exchange import Origin
from trackscope.cli.app import GOOD
from trackscope.cli.output import emit, json_line
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term, query_of
from trackscope.session.lines import exchange_line
from trackscope.session.masking import masked


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument(
        "history", nargs="?", type=Path, metavar="HISTORY", help="file (default: your own history)"
    )
    parser.add_argument("--format", choices=("ndjson",), default="ndjson", help="default: ndjson")
    parser.add_argument("--origin", choices=[str(origin) for origin in Origin], help="only these")
    parser.add_argument(
        "--where",
        default="",
        metavar="WORDS",
        help="only exchanges in which each of the words begins a word: of an event's name, a "
        "value, the address, the target, a finding, the note",
    )
    parser.add_argument("--include-secrets", action="store_true", help="do not mask anything")


def run(arguments: Namespace) -> int:
    """Print a line for every exchange that is asked for; 0."""
    query = query_of(arguments.where)
    if arguments.origin is not None:
        query = Query((*query.terms, Term(Field.ORIGIN, arguments.origin)))
    with closing(History.open_to_read(arguments.history or default_path())) as history:
        for exchange in history.each(query):
            line = exchange_line(exchange)
            emit(json_line(line if arguments.include_secrets else masked(line)))
    return GOOD
