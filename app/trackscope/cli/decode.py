"""Show what tracking requests carry, one line of JSON a request.

Each SOURCE is a file, - for standard input, or the text itself: a capture (HAR, access log,
mitmproxy flows, pcap, NDJSON, CSV, an e-mail's source), a URL, Base64, JSON, a curl command, a
form body, or any text that holds URLs. What it is, is found by its content. Without a SOURCE,
standard input is read.

A request that cannot be decoded has "events": null and the finding that says why.
exit code: 0 all decoded (repaired ones included, whatever their verdict), 1 some could not be
decoded or a source could not be read to its end, 2 nothing could be read.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterator

from trackscope.capture.opening import Reading
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.book_options import add_book_arguments, chosen_book
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.source import name_of, opened_source, piped_input, sentence_name
from trackscope.errors import SourceError
from trackscope.session.arrival import AS_IT_WAS, Arrival, arrival
from trackscope.session.lines import Line, request_line
from trackscope.session.opening import Judging, examine

MAX_NOTES = 20
"""Different notes on what was changed to read a source that are told; findings have them all."""


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("source", nargs="*", metavar="SOURCE", help="file, -, or the text itself")
    add_book_arguments(parser)
    parser.add_argument(
        "--now",
        type=_arrival,
        default=AS_IT_WAS,
        metavar="TIME",
        help="judge as if it arrived then: seconds since 1970, 2011-11-23T12:00:00Z, or +3d for "
        "three days later than it did (default: when the capture says, otherwise now)",
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="a server of yours whose /track is the protocol's; may be given again",
    )


def _arrival(text: str) -> Arrival:
    try:
        return arrival(text)
    except ValueError:
        raise ArgumentTypeError(f"{shown(text)} is no time") from None


def run(arguments: Namespace) -> int:
    """Print a line for every request of every source; the exit code."""
    judging = Judging(chosen_book(arguments), time.time(), arrival=arguments.now)
    sources = arguments.source or [piped_input("text to decode")]
    printed = missed = 0
    for number, argument in enumerate(sources, 1):
        source = name_of(argument, number)
        before = printed
        try:
            with opened_source(argument) as stream:
                reading = Reading(stream, hosts=arguments.host)
                for line in _lines(source, reading, judging):
                    emit(json_line(line))
                    printed += 1
                    missed += line["events"] is None
        except SourceError as problem:
            say(f"{sentence_name(source)}: {problem}")
            missed += 1
        else:
            missed += not reading.report.is_whole
            _tell(source, reading, is_empty=printed == before)
    if not printed:
        return FAILED
    return FOUND if missed else GOOD


def _lines(source: str, reading: Reading, judging: Judging) -> Iterator[Line]:
    noted: Counter[str] = Counter()
    for captured, read in reading.recognised():
        for note in captured.notes:
            noted[note] += note in noted or len(noted) < MAX_NOTES
            if noted[note] == 1:
                say(f"{shown(source)}, {captured.position}: {note}.")
        examined = examine(captured, judging, read.decoded)
        yield request_line(
            captured.request,
            examined.decoded,
            examined.predicted,
            examined.findings,
            source=source,
            position=captured.position,
            era=judging.book.era.name,
        )
    for note, count in noted.items():
        if count > 1:
            say(f"{shown(source)}: {count - 1:,} more: {note}.")


def _tell(source: str, reading: Reading, *, is_empty: bool) -> None:
    """What was left out, in a sentence each: nothing is dropped in silence."""
    report = reading.report
    if is_empty and report.is_whole:
        say(f"{sentence_name(source)}: this is {reading.name}, without a tracking request.")
    for problem in report.problems:
        say(f"{sentence_name(source)}: {problem}")
    for reason, count in report.passed_over.most_common():
        say(f"{shown(source)}: {count:,} passed over: {reason}.")
