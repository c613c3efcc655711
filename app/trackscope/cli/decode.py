"""Show what tracking requests carry, one line of JSON a request.

Each SOURCE is a file, - for standard input, or the text itself: a URL, Base64, JSON, a curl
command, a form body, or any text that holds URLs. Without one, standard input is read.

A request that cannot be decoded has "events": null and the finding that says why.
exit code: 0 all decoded (repaired ones included, whatever their verdict), 1 some could not be
decoded or a source could not be read, 2 nothing could be read.
"""

from __future__ import annotations

import re
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isfinite

from trackscope.capture import detect
from trackscope.capture.found import Found
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.source import (
    STANDARD_INPUT,
    is_file,
    looks_like_path,
    piped_input,
    read_bytes,
    read_text,
)
from trackscope.errors import SourceError
from trackscope.session.lines import Line, request_line
from trackscope.wire.era import RuleBook, rule_book
from trackscope.wire.rules import judge

_HAR = re.compile(r'\s*\{\s*"log"\s*:\s*\{')
_ACCESS_LOG = re.compile(r"\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:")


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("source", nargs="*", metavar="SOURCE", help="file, -, or the text itself")
    parser.add_argument("--strict", action="store_true", help="judge by the letter of the text")
    parser.add_argument(
        "--now",
        type=moment,
        metavar="TIME",
        help="judge as if it arrived then: seconds since 1970, or 2011-11-23T12:00:00Z",
    )


def moment(text: str) -> float:
    """Seconds since 1970 of such a number, or of a date and time (UTC where it names no zone)."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            read = datetime.fromisoformat(text)
        except ValueError:
            raise ArgumentTypeError(f"{shown(text)} is no time") from None
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    if not isfinite(seconds):
        raise ArgumentTypeError(f"{shown(text)} is no time")
    return seconds


def run(arguments: Namespace) -> int:
    """Print a line for every request of every source; the exit code."""
    book = rule_book(strict=arguments.strict)
    now = time.time() if arguments.now is None else arguments.now
    sources = arguments.source or [piped_input("text to decode")]
    was_read = False
    missed = 0
    for number, argument in enumerate(sources, 1):
        try:
            source, found = _read(argument, number)
        except SourceError as problem:
            say(str(problem))
            missed += 1
            continue
        for line in _lines(source, found, book, now):
            emit(json_line(line))
            was_read = True
            missed += line["events"] is None
        _tell(source, found)
    if not was_read:
        return FAILED
    return FOUND if missed else GOOD


def _read(argument: str, number: int) -> tuple[str, Found]:
    """A source's name and what was found in it."""
    if argument == STANDARD_INPUT or is_file(argument):
        source, text = argument, read_text(argument)
    elif looks_like_path(argument):
        source, text = argument, read_bytes(argument).decode()  # says that there is no such file
    else:
        source, text = f"argument {number}", argument
    if _HAR.match(text):
        raise _not_yet(source, "a HAR capture")
    found = detect.read_text(text)
    if found.problem and _ACCESS_LOG.match(text):
        raise _not_yet(source, "an access log")
    if found.problem:
        name = "Standard input" if source == STANDARD_INPUT else shown(source)
        raise SourceError(f"{name}: {found.problem}")
    return source, found


def _not_yet(source: str, kind: str) -> SourceError:
    return SourceError(
        f"{shown(source)} is {kind}, which this version does not read yet.",
        "Copy a request's URL, or copy it as curl, and decode that.",
    )


def _lines(source: str, found: Found, book: RuleBook, now: float) -> Iterator[Line]:
    for captured in found.requests:
        verdict = judge(captured.request, book, now)
        yield request_line(
            captured.request,
            verdict.decoded,
            verdict.value,
            verdict.findings,
            source=source,
            position=captured.position,
        )


def _tell(source: str, found: Found) -> None:
    """What was left out, in a sentence each: nothing is dropped in silence."""
    for captured in found.requests:
        for note in captured.notes:
            say(f"{shown(source)}, {captured.position}: {note}.")
    for reason, count in found.passed_over.items():
        say(f"{shown(source)}: {count} passed over: {reason}.")
