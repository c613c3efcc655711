"""Compose one request, send it, and print the exchange as one line of JSON.

Without --to, a collector is started for this one request, and everything is kept in the history.
With --to, it goes to that URL: with a path it is used as it is, a bare host gets /track/ (https,
but http on this machine); the exchange is kept where --history names a file.

exit code: 0 answered 1, 1 answered 0 or something else, 2 no answer.
"""

from __future__ import annotations

import asyncio
import base64
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from math import isfinite
from pathlib import Path

from trackscope.capture.exchange import Exchange
from trackscope.cli.app import FAILED, FOUND, GOOD
from trackscope.cli.book_options import add_book_arguments, chosen_book
from trackscope.cli.composition import add_payload_arguments, payload
from trackscope.cli.output import emit, json_line, say, shown
from trackscope.cli.request_options import add_request_arguments, endpoint, request_of
from trackscope.collector.server import Collector
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.sender.sender import Sender
from trackscope.session.draft import Document
from trackscope.session.lines import exchange_line
from trackscope.session.sending import KeepsExchanges, Outcome, send_document
from trackscope.session.target import COLLECTOR, ENDPOINT, Target, base_of
from trackscope.wire.era import RuleBook


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    add_payload_arguments(parser)
    add_request_arguments(parser)
    parser.add_argument("--to", metavar="URL", help="send it there (default: a collector here)")
    parser.add_argument(
        "--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="default: 10"
    )
    add_book_arguments(parser)
    parser.add_argument("--history", type=Path, metavar="FILE", help="keep the exchange there")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not isfinite(seconds) or seconds <= 0:
        raise ArgumentTypeError(f"{shown(text)} is no number of seconds")
    return seconds


class NotKept:
    """Stands for a history where none is wanted."""

    def append(self, exchange: Exchange) -> int:
        """Keep nothing; 0, which is no exchange's id."""
        return 0

    def received_for(self, request_id: str) -> Exchange | None:
        """Nothing was received here."""
        return None


def run(arguments: Namespace) -> int:
    """Send, print the exchange, explain it on standard error; the exit code."""
    outcome = asyncio.run(_send(arguments))
    line = exchange_line(outcome.exchange)
    line["id"] = outcome.exchange.id or None
    emit(json_line(line))
    explanation = outcome.explanation
    if outcome.exchange.reply is None:
        say(explanation.sentence)
        return FAILED
    for sentence in (explanation.reason, explanation.disagreement):
        if sentence:
            say(f"{sentence}.")
    return GOOD if explanation.value == 1 else FOUND


async def _send(arguments: Namespace) -> Outcome:
    if arguments.to is not None:
        url = endpoint(arguments.to)
        target = Target(base_of(url), base_of(url))
        if arguments.history is None:
            return await _sent(arguments, url, target, NotKept())
        with closing(History.open(arguments.history)) as history:
            return await _sent(arguments, url, target, history)
    path = arguments.history or default_path()
    async with _collector(path, chosen_book(arguments)) as base:
        with closing(History.open(path)) as history:
            target = Target(COLLECTOR, base)
            return await _sent(arguments, base + ENDPOINT, target, history)


@asynccontextmanager
async def _collector(path: Path, book: RuleBook) -> AsyncIterator[str]:
    """A collector on any free port, for as long as the context lasts; its address."""
    journal = Journal.open(path)
    try:
        collector = Collector(journal, era=book.era.name, strict=book.is_strict)
        base = await collector.start()
        try:
            yield base
        finally:
            await collector.stop()
    finally:
        await journal.close()


async def _sent(arguments: Namespace, url: str, target: Target, history: KeepsExchanges) -> Outcome:
    data = base64.b64encode(payload(arguments, time.time())).decode("ascii")
    async with Sender() as sender:
        return await send_document(
            Document(request_of(arguments, url, data)),
            target,
            sender=sender,
            history=history,
            book=chosen_book(arguments),
            clock=time.time,
            timeout_s=arguments.timeout,
        )
