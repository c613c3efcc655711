"""How exchanges are written for other programs: the options that commands share."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, BinaryIO

from trackscope.cli.output import say, shown
from trackscope.cli.source import STANDARD_INPUT
from trackscope.errors import UsageError

if TYPE_CHECKING:
    from trackscope.capture.exchange import Exchange
    from trackscope.session.export import Exported

STANDARD_OUTPUT = STANDARD_INPUT
"""`-` in place of a file."""


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the options, all but the format."""
    parser.add_argument(
        "--output", "-o", default=STANDARD_OUTPUT, metavar="FILE", help="default: standard output"
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


def given(arguments: Namespace) -> str:
    """The first of these options that was given; empty where none was."""
    values = {
        "--output": arguments.output != STANDARD_OUTPUT,
        "--include-secrets": arguments.include_secrets,
        "--mask": arguments.mask,
        "--columns": arguments.columns,
        "--bom": arguments.bom,
    }
    return next((name for name, value in values.items() if value), "")


def write(exchanges: Iterable[Exchange], arguments: Namespace) -> None:
    """Write the exchanges as asked for, and say what was written where and what was left out."""
    if arguments.output == STANDARD_OUTPUT:
        done = _export(exchanges, _standard_output(arguments.format), arguments)
    else:
        from trackscope.session.whole_file import whole_file

        with whole_file(Path(arguments.output)) as file:
            done = _export(exchanges, file, arguments)
        say(f"{done.what} written to {shown(arguments.output)}.")
    for sentence in done.sentences:
        say(sentence)


def _export(exchanges: Iterable[Exchange], file: BinaryIO, arguments: Namespace) -> Exported:
    # imported here, so that commands that may export, but seldom do, start without them
    from trackscope.session.export import Options, export
    from trackscope.session.masking import masking_of

    masking = masking_of(
        include_secrets=arguments.include_secrets, chosen=arguments.mask, salt=token_bytes(16)
    )
    options = Options(masking, tuple(arguments.columns), arguments.bom)
    return export(exchanges, file, arguments.format, options)


def _standard_output(kind: str) -> BinaryIO:
    """Where data goes; a terminal is no place for what is no text."""
    from trackscope.session.export import format_of

    if not format_of(kind).is_text and sys.stdout.isatty():
        raise UsageError(
            f"{format_of(kind).name} is no text for a terminal.", "Name a file with --output."
        )
    return sys.stdout.buffer
