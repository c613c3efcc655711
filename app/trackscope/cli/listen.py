"""Run the collector alone, until Ctrl+C or a signal to end.

It prints one line, "listening on http://127.0.0.1:PORT", when it accepts connections, and with
--control a second one, "control on http://127.0.0.1:PORT with token TOKEN"; with --follow one line
of JSON for every exchange after that. Every event that is answered 1 is in the history, on disk.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from trackscope.capture.exchange import Exchange
from trackscope.cli.app import GOOD
from trackscope.cli.follower import Follower
from trackscope.cli.forwarding import Forwarding, forwarding, settings_of
from trackscope.cli.forwarding import add_arguments as add_forwarding
from trackscope.cli.listen_settings import PORT, ListenSettings, merged
from trackscope.cli.output import LineWriter, emit, say, shown
from trackscope.cli.own_history import open_history
from trackscope.cli.tally import Tally
from trackscope.collector.arrivals import Arrivals
from trackscope.collector.change import carry_out, write_outcome
from trackscope.collector.control import MAX_BODY, ControlApp
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.http_server import HttpServer
from trackscope.collector.limits import Limits
from trackscope.collector.parent import parent_gone
from trackscope.collector.server import LOOPBACK, Collector
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.session.aftermath import Trace, aftermath, by_fault
from trackscope.session.forward_change import is_forward, write_answer
from trackscope.session.forwarding import ForwardSettings
from trackscope.wire.era import ERAS

MAX_LOOKED_AT = 20_000
"""Exchanges that are looked at for what an SDK did after faulty answers."""

_STEP = 500


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments; those that are not given are None."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="options from a TOML file; those here win"
    )
    parser.add_argument("--port", type=int, help=f"0 takes any free one (default: {PORT})")
    parser.add_argument(
        "--host", help=f"address to listen on, and a name to answer for (default: {LOOPBACK})"
    )
    parser.add_argument("--era", choices=list(ERAS), help="the rule book (default: 2011)")
    parser.add_argument(
        "--strict", action=BooleanOptionalAction, help="judge by the letter of the text"
    )
    parser.add_argument("--history", type=Path, metavar="FILE", help="default: your own history")
    parser.add_argument(
        "--recover",
        action="store_true",
        help="set a damaged history aside, and go on with what is readable of it",
    )
    parser.add_argument(
        "--max-body", type=_bytes, metavar="BYTES", help=f"default: {Limits().max_body}"
    )
    parser.add_argument(
        "--fault",
        action="append",
        metavar="FAULT",
        help='a faulty answer and who gets it (repeatable), as in "500 every 3", "429 2 first 3", '
        '"slow 5 event \'Sign up\'", "cut token abc"; there are also 0, error TEXT, any status '
        "from 400 to 599, type TYPE, no-cors",
    )
    parser.add_argument(
        "--follow", action=BooleanOptionalAction, help="print every exchange as it comes"
    )
    parser.add_argument(
        "--control",
        type=int,
        nargs="?",
        const=0,
        metavar="PORT",
        help="answer test suites on a second port (any free one), with the token that is printed",
    )
    add_forwarding(parser)
    # for the window's own child: it ends when standard input does, so never outlives the window,
    # and takes changes from there
    parser.add_argument("--with-parent", action="store_true", help=SUPPRESS)


def _bytes(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{shown(text)} is no number of bytes")
    return int(text)


def run(arguments: Namespace) -> int:
    """Serve until told to stop; 0. CollectorError and HistoryError where it cannot begin."""
    settings = merged(arguments)
    forward = settings_of(settings)
    path = settings.history or default_path()
    with closing(open_history(path, is_recovering=arguments.recover)) as history:
        listening = _Listening(settings, forward, path, history)
        asyncio.run(listening.serve(is_child=arguments.with_parent))
        for sentence in listening.closing_words():
            say(sentence)
    return GOOD


class _Listening:
    """A collector with all that follows it."""

    def __init__(
        self,
        settings: ListenSettings,
        forward: ForwardSettings | None,
        path: Path,
        history: History,
    ) -> None:
        self._settings = settings
        self._path = path
        self._history = history
        self._tally = Tally()
        self._writer = LineWriter()
        self._follower: Follower | None = None
        self._arrivals = Arrivals()
        self._forward = forward
        self._duplicate_count = 0

    async def serve(self, *, is_child: bool) -> None:
        """Serve until a signal comes, or the parent is gone."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        _on_signals(loop, stop.set)
        if self._settings.follow:
            is_over = partial(loop.call_soon_threadsafe, stop.set)
            self._follower = Follower(self._history, self._writer, is_over)
        journal = Journal.open(self._path)
        try:
            async with forwarding(self._forward, journal, self._history, self._path) as onward:
                collector = self._collector(journal)
                await self._until(stop, collector, onward if is_child else None)
        finally:
            await journal.close()
            if self._follower is not None:
                self._follower.finish()

    def closing_words(self) -> Iterator[str]:
        """What there is to say of it all."""
        yield from self._tally.sentences(self._duplicate_count)
        first_id = self._tally.first_fault_id
        if first_id is not None:
            for each in by_fault(self._traces(first_id)):
                yield f"{each.sentence}."

    def _traces(self, first_id: int) -> tuple[Trace, ...]:
        return aftermath(_since(self._history, first_id))

    def _collector(self, journal: Journal) -> Collector:
        settings = self._settings
        return Collector(
            journal,
            host=settings.host,
            port=settings.port,
            era=settings.era,
            strict=settings.strict,
            faults=settings.fault,
            limits=Limits(max_body=settings.max_body),
            unprocessed=tuple(_unprocessed(self._history)),
            on_exchange=self._take,
            on_asked=self._tally.asked,
        )

    def _take(self, exchange: Exchange) -> None:
        self._tally.count(exchange)
        if self._settings.control is not None:
            self._arrivals.add(exchange)
        if self._follower is not None and exchange.id is not None:
            self._follower.follow(exchange.id)

    async def _until(
        self, stop: asyncio.Event, collector: Collector, onward: Forwarding | None
    ) -> None:
        """Serve until a signal comes or, with what its lines can change, the parent is gone."""
        token = secrets.token_urlsafe(24)
        control = self._control(collector, token)
        ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait())]
        try:
            lines = [f"listening on {await collector.start()}"]
            if control is not None:
                lines.append(f"control on {await control.start()} with token {token}")
            emit("\n".join(lines))
            sys.stdout.flush()
            if onward is not None:
                on_line = partial(self._obey, collector, onward, asyncio.get_running_loop())
                ends.append(asyncio.ensure_future(parent_gone(_unbuffered_input(), on_line)))
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            if control is not None:
                await control.stop()
            await collector.stop()
            self._duplicate_count = collector.duplicate_count

    def _control(self, collector: Collector, token: str) -> HttpServer | None:
        port = self._settings.control
        if port is None:
            return None
        app = ControlApp(
            self._arrivals,
            token,
            AllowedHosts(),
            standing=lambda: collector.standing,
            change=collector.change,
            traces=lambda first_id: [each.as_line() for each in self._traces(first_id)],
        )
        return HttpServer(app, LOOPBACK, port, Limits(max_body=MAX_BODY))

    def _obey(
        self,
        collector: Collector,
        onward: Forwarding,
        loop: asyncio.AbstractEventLoop,
        line: bytes,
    ) -> None:
        """Carry out what the parent asks for; called in the thread that reads from it."""

        async def done() -> str:
            if is_forward(line):
                return write_answer(await onward.carry_out(line, collector.address))
            return write_outcome(carry_out(line, collector.change))

        self._writer.write(asyncio.run_coroutine_threadsafe(done(), loop).result())


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


def _since(history: History, first_id: int) -> Iterator[Exchange]:
    """The exchanges from an id on, a page at a time, and not more than are looked at."""
    end = min(history.newest_id() + 1, first_id + MAX_LOOKED_AT)
    for start in range(first_id, end, _STEP):
        yield from history.load_many(range(start, min(start + _STEP, end)))


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
