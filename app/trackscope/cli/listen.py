"""Run the collector alone, until Ctrl+C or a signal to end.

It prints one line, "listening on http://127.0.0.1:PORT", when it accepts connections; with
--follow one line of JSON for every exchange after that. Every event that is answered 1 is in the
history, on disk.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from trackscope.capture.exchange import Exchange
from trackscope.cli.app import GOOD
from trackscope.cli.follower import Follower
from trackscope.cli.forwarding import add_arguments as add_forwarding
from trackscope.cli.forwarding import forwarding, settings_of
from trackscope.cli.output import emit, say, shown
from trackscope.collector.limits import Limits
from trackscope.collector.parent import parent_gone
from trackscope.collector.server import LOOPBACK, Collector
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.wire.era import ERAS

PORT = 8700


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    limits = Limits()
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"0 takes any free one (default: {PORT})"
    )
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help=f"address to listen on, and a name to answer for (default: {LOOPBACK})",
    )
    parser.add_argument("--era", choices=list(ERAS), default="2011", help="the rule book")
    parser.add_argument("--strict", action="store_true", help="judge by the letter of the text")
    parser.add_argument("--history", type=Path, metavar="FILE", help="default: your own history")
    parser.add_argument(
        "--max-body",
        type=_bytes,
        default=limits.max_body,
        metavar="BYTES",
        help=f"default: {limits.max_body}",
    )
    parser.add_argument("--follow", action="store_true", help="print every exchange as it comes")
    add_forwarding(parser)
    # for the window's own child: it ends when standard input does, so never outlives the window
    parser.add_argument("--with-parent", action="store_true", help=SUPPRESS)


def _bytes(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{shown(text)} is no number of bytes")
    return int(text)


def run(arguments: Namespace) -> int:
    """Serve until told to stop; 0. CollectorError and HistoryError where it cannot begin."""
    tally: Counter[int | None] = Counter()
    asyncio.run(_serve(arguments, tally))
    answered = ", ".join(f"{tally[value]} answered {value}" for value in (1, 0))
    say(f"Stopped. {tally.total()} received: {answered}.")
    return GOOD


async def _serve(arguments: Namespace, tally: Counter[int | None]) -> None:
    forward = settings_of(arguments)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    _on_signals(loop, stop.set)
    path = arguments.history or default_path()
    with closing(History.open(path)) as history:
        follower = None
        if arguments.follow:
            follower = Follower(history, partial(loop.call_soon_threadsafe, stop.set))

        def count(exchange: Exchange) -> None:
            tally[exchange.verdict] += 1
            if follower is not None and exchange.id is not None:
                follower.follow(exchange.id)

        journal = Journal.open(path)
        try:
            collector = _collector(arguments, journal, history, count)
            async with forwarding(forward, journal, history, path):
                await _until(collector, stop, is_child=arguments.with_parent)
        finally:
            await journal.close()
            if follower is not None:
                follower.finish()


def _collector(
    arguments: Namespace,
    journal: Journal,
    history: History,
    on_exchange: Callable[[Exchange], None],
) -> Collector:
    return Collector(
        journal,
        host=arguments.host,
        port=arguments.port,
        era=arguments.era,
        strict=arguments.strict,
        limits=Limits(max_body=arguments.max_body),
        unprocessed=tuple(_unprocessed(history)),
        on_exchange=on_exchange,
    )


async def _until(collector: Collector, stop: asyncio.Event, *, is_child: bool) -> None:
    """Serve until the event is set, or until the parent is gone."""
    address = await collector.start()
    ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait())]
    if is_child:
        ends.append(asyncio.ensure_future(parent_gone(_unbuffered_input())))
    try:
        emit(f"listening on {address}")
        sys.stdout.flush()
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        await collector.stop()


def _unbuffered_input() -> BinaryIO:
    """Standard input without the lock of its buffer: a thread that still holds that, reading,
    would abort the interpreter at its end.
    """
    return FileIO(sys.stdin.fileno(), closefd=False)


def _unprocessed(history: History) -> Iterator[Exchange]:
    """What an earlier run answered with 1 and did not get round to, a page at a time."""
    last_id = 0
    while page := history.unprocessed(after_id=last_id):
        yield from page
        last_id = page[-1].id or 0


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
