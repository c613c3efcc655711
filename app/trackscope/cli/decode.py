"""Show what tracking requests carry, one line of JSON a request.

Each SOURCE is a file, - for standard input, or the text itself: a capture (HAR, access log,
mitmproxy flows, pcap, NDJSON, CSV, an e-mail's source), a URL, Base64, JSON, a curl command, a
form body, or any text that holds URLs. What it is, is found by its content. Without a SOURCE,
standard input is read.

A request that cannot be decoded has "events": null and the finding that says why.

With --format the requests are exported instead, as by: trackscope import, trackscope export.
Tokens and secrets are masked then, unless --include-secrets is given: exports are passed on.

exit code: 0 all decoded (repaired ones included, whatever their verdict), 1 some could not be
decoded or a source could not be read to its end, 2 nothing could be read.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from typing import NamedTuple

from trackscope.capture.exchange import Exchange
from trackscope.capture.found import Captured
from trackscope.capture.opening import Reading
from trackscope.capture.shape import Recognised
from trackscope.cli import export_options
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.book_options import add_book_arguments, chosen_book
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.source import add_hosts, name_of, opened_source, piped_input, sentence_name
from trackscope.errors import SourceError, UsageError
from trackscope.session.arrival import AS_IT_WAS, Arrival, arrival
from trackscope.session.lines import Line, request_line
from trackscope.session.opening import Judging, examine, exchange_of
from trackscope.wire.decoding import decode

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
    add_hosts(parser)
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help="export as: ndjson, json, csv, har, curl, urls, parquet (see: trackscope export)",
    )
    export_options.add_arguments(parser)


def _arrival(text: str) -> Arrival:
    try:
        return arrival(text)
    except ValueError:
        raise ArgumentTypeError(f"{shown(text)} is no time") from None


def run(arguments: Namespace) -> int:
    """Print a line for every request of every source, or export them; the exit code."""
    decoding = _Decoding(arguments)
    requests = decoding.requests(arguments.source or [piped_input("text to decode")])
    if arguments.format is None:
        if option := export_options.given(arguments):
            raise UsageError(f"{option} is for exports.", "Name a --format too.")
        for each in requests:
            emit(json_line(decoding.line(each)))
    elif (first := next(requests, None)) is not None:  # what cannot be read leaves no file
        exchanges = map(decoding.exchange, count(1), chain((first,), requests))
        export_options.write(exchanges, arguments)
    return decoding.exit_code


class _Request(NamedTuple):
    """A request that was found, and in which source."""

    source: str
    captured: Captured
    read: Recognised


class _Decoding:
    """Reads sources one after the other, and counts how that goes."""

    def __init__(self, arguments: Namespace) -> None:
        self._hosts = arguments.host
        self._judging = Judging(chosen_book(arguments), time.time(), arrival=arguments.now)
        self._found = self._missed = 0

    @property
    def exit_code(self) -> int:
        """What it came to, when all was read."""
        if not self._found:
            return FAILED
        return FOUND if self._missed else GOOD

    def requests(self, sources: Iterable[str]) -> Iterator[_Request]:
        """The requests of every source; what is to be said of them is said on the way."""
        for number, argument in enumerate(sources, 1):
            source = name_of(argument, number)
            before = self._found
            try:
                with opened_source(argument) as stream:
                    reading = Reading(stream, hosts=self._hosts)
                    for captured, read in _told(source, reading.recognised()):
                        yield self._counted(_Request(source, captured, read))
            except SourceError as problem:
                say(f"{sentence_name(source)}: {problem}")
                self._missed += 1
            else:
                self._missed += not reading.report.is_whole
                _tell(source, reading, is_empty=self._found == before)

    def _counted(self, request: _Request) -> _Request:
        read = request.read
        if read.seen is None and read.decoded is None:
            read = read._replace(decoded=decode(request.captured.request))
        self._found += 1
        self._missed += read.decoded is not None and read.decoded.events is None
        return request._replace(read=read)

    def line(self, request: _Request) -> Line:
        """The request's line."""
        source, captured, read = request
        examined = examine(captured, self._judging, read.decoded)
        return request_line(
            captured.request,
            examined.decoded,
            examined.predicted,
            examined.findings,
            source=source,
            position=captured.position,
            era=self._judging.book.era.name,
        )

    def exchange(self, number: int, request: _Request) -> Exchange:
        """The request as the exchange of that number."""
        source, captured, read = request
        return replace(exchange_of(captured, read, self._judging, source), id=number)


def _told(
    source: str, found: Iterable[tuple[Captured, Recognised]]
) -> Iterator[tuple[Captured, Recognised]]:
    """The same; what was changed to read them is told, the same once."""
    noted: Counter[str] = Counter()
    for captured, read in found:
        for note in captured.notes:
            noted[note] += note in noted or len(noted) < MAX_NOTES
            if noted[note] == 1:
                say(f"{shown(source)}, {captured.position}: {note}.")
        yield captured, read
    for note, times in noted.items():
        if times > 1:
            say(f"{shown(source)}: {times - 1:,} more: {note}.")


def _tell(source: str, reading: Reading, *, is_empty: bool) -> None:
    """What was left out, in a sentence each: nothing is dropped in silence."""
    report = reading.report
    if is_empty and report.is_whole:
        say(f"{sentence_name(source)}: this is {reading.name}, without a tracking request.")
    for problem in report.problems:
        say(f"{sentence_name(source)}: {problem}")
    for reason, times in report.passed_over.most_common():
        say(f"{shown(source)}: {times:,} passed over: {reason}.")
