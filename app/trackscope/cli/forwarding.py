"""Forwarding in `trackscope listen`: its options, and what is said of it."""

from __future__ import annotations

import asyncio
import time
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from types import MappingProxyType

from trackscope.cli.listen_settings import ListenSettings
from trackscope.cli.output import say, shown
from trackscope.errors import TrackscopeError, UsageError
from trackscope.history.forward_queue import ForwardQueue
from trackscope.history.forwarding import Outcome, State
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.sender.outgoing import address_of
from trackscope.sender.sender import Sender
from trackscope.session.forward_change import Answer, read_forward
from trackscope.session.forwarder import Forwarder
from trackscope.session.forwarding import ForwardSettings, checked_target
from trackscope.wire.tokens import ANY

EVERY_S = 30.0
"""How often a trouble of one kind is said."""

STOP_S = 3.0
"""How long forwarding goes on after the collector has stopped."""

UNDER_WAY_S = 1.5
"""How long what is under way may take when forwarding is switched off."""

_TROUBLES: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: "Exchange {id} is not forwarded yet, and tried again: {why}",
        State.REFUSED: "Exchange {id} was forwarded, but not accepted: {why}",
        State.UNKNOWN: "Exchange {id} may not have been forwarded: {why}",
        State.GIVEN_UP: "Exchange {id} was not forwarded: {why}",
        State.LEFT_OUT: "Exchange {id} is not forwarded: {why}",
    }
)


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the arguments on forwarding."""
    group = parser.add_argument_group("forwarding (see docs/guide/forward.md)")
    group.add_argument(
        "--forward",
        metavar="URL",
        help="send what is received on to this server, once it was answered; paths stay",
    )
    group.add_argument(
        "--forward-token",
        action="append",
        type=_token_pair,
        metavar="FROM=TO",
        help=f"replace this token on the way, {ANY} any other; may be given again",
    )
    group.add_argument(
        "--forward-only",
        action="append",
        metavar="EVENT",
        help="only requests with such an event; may be given again",
    )
    group.add_argument(
        "--forward-accepted",
        action=BooleanOptionalAction,
        help="only what was answered 1 here",
    )
    group.add_argument(
        "--forward-again",
        action=BooleanOptionalAction,
        help="also what an earlier run may have forwarded already, or gave up",
    )


def _token_pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise ArgumentTypeError(f"{shown(text)} does not say FROM=TO")
    return old, new


def settings_of(settings: ListenSettings) -> ForwardSettings | None:
    """What is to be forwarded where, None for nothing; UsageError."""
    if settings.forward is None:
        for name in ("forward_token", "forward_only", "forward_accepted", "forward_again"):
            if getattr(settings, name):
                option = f"--{name.replace('_', '-')}"
                raise UsageError(f"{option} needs a target.", "Name one with --forward URL.")
        return None
    return ForwardSettings(
        checked_target(settings.forward, settings.host, settings.port),
        MappingProxyType(dict(settings.forward_token)),
        frozenset(settings.forward_only),
        settings.forward_accepted,
        settings.forward_again,
    )


class Forwarding:
    """Forwards what a journal writes: to one target at a time, or to none."""

    def __init__(self, journal: Journal, history: History, path: Path) -> None:
        self._journal = journal
        self._history = history
        self._path = path
        self._settings: ForwardSettings | None = None
        self._forwarder: Forwarder | None = None
        self._ending = AsyncExitStack()

    async def switch(self, settings: ForwardSettings | None) -> None:
        """Forward as told from now on, or not any more.

        HistoryError where another program forwards to that target: then nothing is forwarded.
        """
        await self.stop()
        if settings is None:
            return
        async with AsyncExitStack() as stack:
            url = settings.target
            queue = await ForwardQueue.open(self._journal, self._history, self._path, url)
            stack.callback(queue.close)
            sender = await stack.enter_async_context(Sender())
            sender.warm_up()
            reports = Reports(url)
            stack.callback(lambda: say(reports.tally(_waiting(self._history, url))))
            self._forwarder = Forwarder(queue, sender, settings, on_outcome=reports.tell)
            stack.push_async_callback(_ended, self._forwarder, _started(self._forwarder))
            self._settings, self._ending = settings, stack.pop_all()

    async def drain(self) -> None:
        """Wait until all that can be sent now is sent, at most `STOP_S`."""
        if self._forwarder is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._forwarder.idle(), STOP_S)

    async def stop(self) -> None:
        """Forward no more, and say the tally; what still waits stays in the queue."""
        self._settings = self._forwarder = None
        await self._ending.aclose()

    async def carry_out(self, line: bytes, collector: str) -> Answer:
        """Switch as a line asks for; `collector` is the address of the one that is forwarded."""
        try:
            settings = read_forward(line)
            if settings is not None:
                own = address_of(collector)
                target = checked_target(settings.target, own.host, own.port)
                settings = replace(settings, target=target)
            await self.switch(settings)
        except TrackscopeError as problem:
            return Answer(self._settings, str(problem))
        return Answer(self._settings)


def _started(forwarder: Forwarder) -> asyncio.Task[None]:
    running = asyncio.create_task(forwarder.run(), name="forwarding")
    running.add_done_callback(_say_if_broken)
    return running


async def _ended(forwarder: Forwarder, running: asyncio.Task[None]) -> None:
    """Let what is under way be answered, and stop the rest."""
    with suppress(TimeoutError):
        await asyncio.wait_for(forwarder.finish(), UNDER_WAY_S)
    running.cancel()
    await asyncio.wait([running])


@asynccontextmanager
async def forwarding(
    settings: ForwardSettings | None, journal: Journal, history: History, path: Path
) -> AsyncIterator[Forwarding]:
    """Forward what the journal writes in the meantime; with None, only say what waits.

    At the end, what can still be sent within `STOP_S` is sent if `settings` asked for it.
    """
    _say_what_waits(history, settings)
    forwarding = Forwarding(journal, history, path)
    await forwarding.switch(settings)
    try:
        yield forwarding
        if settings is not None:
            await forwarding.drain()
    finally:
        await forwarding.stop()


def _say_what_waits(history: History, settings: ForwardSettings | None) -> None:
    if settings is not None:
        say(_announcement(settings))
    for target in history.forward_targets():
        waiting = target.counts[State.WAITING]
        if waiting and settings is not None and target.url == settings.target:
            say(f"{_requests(waiting)} of an earlier run will be forwarded now.")
        elif waiting:
            url = shown(target.url)
            say(f"{_requests(waiting)} of an earlier run will wait until you --forward {url}.")


def _announcement(settings: ForwardSettings) -> str:
    url = shown(settings.target)
    tokens = ", with other tokens" if settings.tokens else ""
    if not settings.leaves_machine:
        return f"forwarding to {url}{tokens}"
    return (
        f"FORWARDING TO {url}{tokens}: what is received here LEAVES THIS MACHINE and is logged "
        "there."
    )


def _say_if_broken(running: asyncio.Task[None]) -> None:
    if not running.cancelled() and (fault := running.exception()) is not None:
        say(f"Forwarding has stopped by a fault of this program ({fault!r}): answering goes on.")


def _waiting(history: History, url: str) -> int:
    counts = (each.counts for each in history.forward_targets() if each.url == url)
    return sum(count[State.WAITING] + count[State.SENDING] for count in counts)


def _requests(count: int) -> str:
    return f"{count:,} request{'' if count == 1 else 's'}"


class Reports:
    """Counts what became of forwarding, and says what goes wrong: at once, then now and then."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._url = shown(url)
        self._monotonic = monotonic
        self._counts: Counter[State] = Counter()
        self._said_at: dict[State, float] = {}
        self._unsaid: Counter[State] = Counter()
        self._is_failing = False

    def tell(self, exchange_id: int, outcome: Outcome) -> None:
        """Take note of what became of a try."""
        state = outcome.state
        self._counts[state] += 1
        if self._is_failing and state in (State.SENT, State.REFUSED):
            self._is_failing = False
            say(f"Forwarding to {self._url} works again.")
        if not outcome.why:
            return
        now = self._monotonic()
        if now - self._said_at.get(state, -inf) < EVERY_S:
            self._unsaid[state] += 1
            return
        self._said_at[state] = now
        self._is_failing |= state is State.WAITING
        sentence = _TROUBLES[state].format(id=exchange_id, why=shown(outcome.why))
        others = self._unsaid.pop(state, 0)
        say(f"{sentence} ({others} more like it since the last one.)" if others else sentence)

    def tally(self, waiting: int) -> str:
        """What was forwarded in this run, and how much still waits, in a sentence."""
        counts = self._counts
        failed = counts[State.UNKNOWN] + counts[State.GIVEN_UP] + counts[State.LEFT_OUT]
        return (
            f"Forwarded to {self._url}: {counts[State.SENT]} accepted, "
            f"{counts[State.REFUSED]} refused, {failed} not sent, {waiting} waiting."
        )
