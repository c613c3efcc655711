"""Turn an event or a batch as JSON into what goes on the wire.

FILE is a file, - for standard input (read too when nothing is named), or the JSON itself. The
bytes are encoded exactly as they are, with a line end if the file ends in one; --compact removes
all blanks between the tokens. What the rules say of it goes to standard error.

exit code: 0 the rules would answer 1, 1 they would answer 0 (it is encoded all the same),
2 there is nothing that could be read.
"""

from __future__ import annotations

import base64
import time
from argparse import ArgumentParser, Namespace

from trackscope.capture.payload import DEFAULT_BASE
from trackscope.capture.snippet import SNIPPETS, copy_as, note
from trackscope.cli.app import FOUND, GOOD
from trackscope.cli.book_options import add_book_arguments, chosen_book
from trackscope.cli.output import emit, say
from trackscope.cli.request_options import add_request_arguments, endpoint, request_of
from trackscope.cli.source import piped_input, read_bytes_or_json
from trackscope.errors import SourceError
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Severity
from trackscope.wire.json_layout import compact
from trackscope.wire.json_text import parse
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="file, -, or the JSON itself")
    parser.add_argument("--compact", action="store_true", help="without blanks between tokens")
    add_book_arguments(parser)
    parser.add_argument("--to", metavar="URL", help=f"where it would go (default {DEFAULT_BASE})")
    group = parser.add_argument_group("forms (without one: Base64 alone)")
    forms = group.add_mutually_exclusive_group()
    for snippet in SNIPPETS:
        names = [f"--{snippet.id}"]
        if snippet.id == "curl-bash":
            names.insert(0, "--curl")
        forms.add_argument(
            *names, dest="form", action="store_const", const=snippet.id, help=snippet.label
        )
    add_request_arguments(parser)


def run(arguments: Namespace) -> int:
    """Print the encoded payload in the form that was asked for; the exit code."""
    content = read_bytes_or_json(arguments.file or piped_input("JSON to encode"))
    if not content.strip():
        raise SourceError("There is nothing to encode: the input is empty.")
    if arguments.compact:
        content = _compacted(content)
    data = base64.b64encode(content).decode("ascii")
    url = endpoint(arguments.to) if arguments.to is not None else DEFAULT_BASE
    if arguments.form is None:
        emit(data)
        arguments.method = "POST"  # Base64 alone has no URL that could be too long
        return _judged(request_of(arguments, url, data), chosen_book(arguments))
    request = request_of(arguments, url, data)
    emit(copy_as(request, arguments.form).rstrip("\n"))
    advice = note(request, arguments.form)
    if advice:
        say(advice)
    return _judged(request, chosen_book(arguments))


def _compacted(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError("The JSON is not UTF-8, so it cannot be laid out anew.") from None
    defect = parse(text).defect
    if defect is not None:
        raise SourceError(f"This is no JSON that can be laid out anew: {defect.message}.")
    return compact(text).encode("utf-8")


def _judged(request: TrackRequest, book: RuleBook) -> int:
    verdict = judge(request, book, time.time())
    for finding in verdict.findings:
        if finding.severity is not Severity.NOTE:
            say(f"{finding.severity}: {finding.message} ({finding.rule} at {finding.at or '/'})")
    return GOOD if verdict.value else FOUND
