"""Reads what a command is given: a file, standard input, or the text itself."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from trackscope.capture.stream import Stream, as_text
from trackscope.cli.output import shown
from trackscope.errors import SourceError, UsageError
from trackscope.session.opening import opened

MAX_BYTES = 32 * 1024 * 1024
"""Bytes of a source that are read (hardening, E1)."""

STANDARD_INPUT = "-"

_PATH = re.compile(
    r"""~?\.{0,2}[/\\](?!/)[^?=&{}\s]*      # from a folder: /a, ./a, ../a, ~/a
      | [A-Za-z]:\\[^?=&{}]*                # from a drive
      | (?!https?:)[^?=&{}\n]*\.[A-Za-z]\w{0,6} # a name with an extension""",
    re.VERBOSE,
)


def add_hosts(parser: ArgumentParser) -> None:
    """Describe the option that names servers of the user's."""
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="a server of yours whose /track is the protocol's; may be given again",
    )


def is_file(name: str) -> bool:
    """Whether the argument names something on disk, not a text."""
    try:
        return os.path.exists(name)
    except ValueError:  # a zero byte
        return False


def looks_like_path(text: str) -> bool:
    """Whether a text that names no file was meant to.

    >>> [looks_like_path(text) for text in ("a.har", "./a", "eyJh/b==", "h.io/track/?data=e30")]
    [True, True, False, False]
    """
    return len(text) < 4096 and _PATH.fullmatch(text) is not None


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`; SourceError where that cannot be."""
    if name == STANDARD_INPUT:
        return _bounded(sys.stdin.buffer, "Standard input")
    try:
        with open(name, "rb") as file:
            return _bounded(file, shown(name))
    except FileNotFoundError:
        raise SourceError(f"There is no file {shown(name)}.", "Check the path.") from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise SourceError(f"{shown(name)} cannot be read: {reason}.") from problem


def read_bytes_or_json(argument: str) -> bytes:
    """The bytes of a file or of standard input; those of the argument where it is JSON itself."""
    if argument.lstrip()[:1] in ("{", "[") and not is_file(argument):
        return os.fsencode(argument)
    return read_bytes(argument)


def read_text(name: str) -> str:
    """The text of a file or of standard input; bytes that are no UTF-8 as surrogate escapes."""
    return as_text(read_bytes(name))


@contextmanager
def opened_source(argument: str) -> Iterator[Stream]:
    """A source for reading forward: a file, standard input for `-`, or the text itself.

    SourceError where it cannot be read, also later, while it is.
    """
    if argument == STANDARD_INPUT:
        yield Stream(sys.stdin.buffer)
    elif is_file(argument) or looks_like_path(argument):
        with opened(Path(argument)) as stream:
            yield stream
    else:
        yield Stream(BytesIO(os.fsencode(argument)))


def name_of(argument: str, number: int) -> str:
    """What the `number`th source is called in lines: a file's name, or `argument 2` for a text."""
    if argument == STANDARD_INPUT or is_file(argument) or looks_like_path(argument):
        return argument
    return f"argument {number}"


def sentence_name(source: str) -> str:
    """A source's name as a sentence begins with it."""
    return "Standard input" if source == STANDARD_INPUT else shown(source)


def piped_input(what: str) -> str:
    """`-` where something is piped in; UsageError at a terminal, where nobody would know why
    the program waits.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(f"There is no {what}.", "Give a file, or - to read standard input.")
    return STANDARD_INPUT


def _bounded(file: BinaryIO, name: str) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise SourceError(f"{name} is larger than {limit} MB.", "Give a part of it.")
    return content
