"""Forwards what is in the queue to its target, steadily, and tries again what failed."""

from __future__ import annotations

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from trackscope.errors import BadTargetError, HistoryError, SendError
from trackscope.history.forward_queue import ForwardQueue, Queued
from trackscope.history.forwarding import Outcome, State
from trackscope.session.backoff import FIRST_S, asked_delay_s, delay_s
from trackscope.session.forwarding import ForwardSettings, Onward, is_repeatable, onward
from trackscope.session.sending import SendsRequests
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.reply import Reply, understand

logger = logging.getLogger(__name__)

QUIET_S = 0.5
"""Without a new request for so long, nobody has to be answered."""

HISTORY_PAUSE_S = 1.0
"""How long a history that cannot be read or written is left alone."""

NOT_AGAIN = (
    "It may have arrived and is not sent again: an event without $insert_id and time would be "
    "logged twice."
)
INTERRUPTED = f"The program ended before the answer came. {NOT_AGAIN}"
FAULT = "It could not be forwarded: a fault of this program, which is in its log."


@dataclass(frozen=True, slots=True)
class Pace:
    """How much forwarding takes of this machine and of the target's patience.

    Answering shares the event loop, so no more than `rate_per_s` requests begin in a second, and
    `busy_rate_per_s` while others come in, unless one has waited for `patience_s`. After
    `give_up_s` no failed one is tried again: the events are too old for the target by then.
    """

    concurrency: int = 4
    rate_per_s: float = 200.0
    busy_rate_per_s: float = 50.0
    patience_s: float = 30.0
    timeout_s: float = 10.0
    first_delay_s: float = FIRST_S
    give_up_s: float = 48 * 3600.0

    def rate(self, quiet_s: float, waited_s: float) -> float:
        """How many may begin in a second, so long after the last came in and the first due one.

        >>> Pace().rate(0.1, 1.0), Pace().rate(2.0, 1.0), Pace().rate(0.1, 60.0)
        (50.0, 200.0, 200.0)
        """
        is_busy = quiet_s < QUIET_S and waited_s < self.patience_s
        return self.busy_rate_per_s if is_busy else self.rate_per_s


class Forwarder:
    """Takes requests from a queue and sends them, each until it is answered.

    What is under way is noted on disk before, and its answer after it. A request without an
    answer is sent again if it cannot have arrived, or if the target would count it once all the
    same. A target that fails (no answer, 429, 5xx) is left alone for a while, and then tried with
    one request at a time. `on_outcome` is told what became of each try.
    """

    def __init__(
        self,
        queue: ForwardQueue,
        sender: SendsRequests,
        settings: ForwardSettings,
        *,
        on_outcome: Callable[[int, Outcome], None] = lambda _, __: None,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        pace: Pace | None = None,
    ) -> None:
        self._queue = queue
        self._sender = sender
        self._settings = settings
        self._on_outcome = on_outcome
        self._clock = clock
        self._chance = chance
        self._pace = pace or Pace()
        self._name = f"trackscope-{uuid.uuid4().hex[:12]}"
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._is_ending = False
        self._failures = 0
        self._paused_until = 0.0
        self._came_at = 0.0

    async def run(self) -> None:
        """Forward until the task is cancelled; what is under way then stays so on disk."""
        self._queue.when_queued(self._something_came)
        try:
            await self._insist(self._begin)
            while True:
                await self._insist(self._step)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until there is nothing that could be sent now."""
        await self._idle.wait()

    async def finish(self) -> None:
        """Begin nothing more, and wait until what is under way is answered, or is not."""
        self._is_ending = True
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _something_came(self) -> None:
        self._came_at = time.monotonic()
        self._idle.clear()
        self._wake.set()

    async def _begin(self) -> None:
        """Decide about what was under way when an earlier run ended."""
        for each in await self._queue.interrupted():
            is_again = each.exchange is not None and is_repeatable(decode(each.exchange.request))
            state, why = (State.WAITING, "") if is_again else (State.UNKNOWN, INTERRUPTED)
            await self._ended(each.id, Outcome(state, self._clock(), why))
        if self._settings.is_again:
            await self._queue.send_again()

    async def _step(self) -> None:
        """Begin to send what there is room for, or wait until that changes."""
        self._wake.clear()
        room = self._room()
        pause_s = self._paused_until - time.monotonic()
        if room <= 0 or pause_s > 0:
            self._tell_if_idle()
            await self._changed(pause_s if pause_s > 0 else None)
            return
        found = await self._queue.due(self._clock(), room)
        if found:
            await self._take(found)
            await asyncio.sleep(len(found) / self._rate(found))
            return
        self._tell_if_idle()
        due_at = await self._queue.next_due_at()
        await self._changed(None if due_at is None else due_at - self._clock())

    def _room(self) -> int:
        """How many more may be under way."""
        if self._is_ending:
            return 0
        return (1 if self._failures else self._pace.concurrency) - len(self._tasks)

    def _rate(self, found: Sequence[Queued]) -> float:
        waited_s = max(
            (self._clock() - each.exchange.at for each in found if each.exchange), default=0.0
        )
        return self._pace.rate(time.monotonic() - self._came_at, waited_s)

    def _tell_if_idle(self) -> None:
        if not self._tasks and not self._wake.is_set():
            self._idle.set()

    async def _changed(self, timeout_s: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._wake.wait()

    async def _take(self, found: Sequence[Queued]) -> None:
        planned = await asyncio.to_thread(lambda: [self._planned(each) for each in found])
        ready = []
        for each, plan in zip(found, planned, strict=True):
            if isinstance(plan, Outcome):
                await self._ended(each.id, plan)
            elif plan.request is None:
                await self._queue.drop(each.id)
            else:
                ready.append((each, plan))
        if ready:
            await self._queue.mark_sending([each.id for each, _ in ready], self._clock())
        for each, plan in ready:
            task = asyncio.create_task(self._forward(each, plan), name=f"forward {each.id}")
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()

    def _planned(self, queued: Queued) -> Onward | Outcome:
        """What goes out, or why nothing does; in a thread."""
        now, exchange = self._clock(), queued.exchange
        if exchange is None:
            return Outcome(State.LEFT_OUT, now, queued.problem)
        age_s = now - exchange.at
        if queued.tries and age_s > self._pace.give_up_s:
            tried = f"{queued.tries} tries in {age_s / 3600:.0f} hours did not succeed."
            return Outcome(State.GIVEN_UP, now, tried)
        try:
            plan = onward(exchange, self._settings, self._name)
        except Exception:
            # one request must not keep all that follow from being forwarded
            logger.exception("Exchange %d could not be forwarded.", queued.id)
            return Outcome(State.LEFT_OUT, now, FAULT)
        return Outcome(State.LEFT_OUT, now, plan.why) if plan.why else plan

    async def _forward(self, queued: Queued, plan: Onward) -> None:
        try:
            outcome = await self._tried(queued, plan)
        except Exception:
            # as above: what comes back is as hostile as what was received
            logger.exception("Exchange %d could not be forwarded.", queued.id)
            outcome = Outcome(State.UNKNOWN, self._clock(), FAULT)
        await self._ended(queued.id, outcome)

    async def _tried(self, queued: Queued, plan: Onward) -> Outcome:
        assert plan.request is not None
        assert plan.decoded is not None
        try:
            received = await self._sender.send(plan.request, timeout_s=self._pace.timeout_s)
        except SendError as problem:
            return self._unanswered(queued, plan.decoded, problem)
        reply = received.reply
        if reply.status == 429 or reply.status >= 500:
            asked_s = asked_delay_s(reply.header("retry-after"), self._clock())
            why = f"{understand(plan.decoded, reply).sentence}."
            return self._to_be_repeated(queued, why, asked_s, reply.status)
        self._failures = 0
        return answered(plan.decoded, reply, self._clock())

    def _unanswered(self, queued: Queued, decoded: Decoded, problem: SendError) -> Outcome:
        if isinstance(problem, BadTargetError):
            return Outcome(State.GIVEN_UP, self._clock(), str(problem))
        outcome = self._to_be_repeated(queued, problem.message)
        if not problem.may_have_arrived or is_repeatable(decoded):
            return outcome
        return Outcome(State.UNKNOWN, self._clock(), f"{problem.message} {NOT_AGAIN}")

    def _to_be_repeated(
        self, queued: Queued, why: str, asked_s: float = 0.0, status: int | None = None
    ) -> Outcome:
        """Leave the target alone for a while, and this request at least as long."""
        first_s, chance = self._pace.first_delay_s, self._chance()
        if time.monotonic() >= self._paused_until:  # else it failed together with others
            self._failures += 1
            pause_s = max(delay_s(self._failures, chance, first_s), asked_s)
            self._paused_until = time.monotonic() + pause_s
        wait_s = max(delay_s(queued.tries + 1, chance, first_s), asked_s)
        now = self._clock()
        return Outcome(State.WAITING, now, why, status, due_at=now + wait_s)

    async def _ended(self, exchange_id: int, outcome: Outcome) -> None:
        """Note it, however long the history takes: an answer is never forgotten."""
        await self._insist(lambda: self._queue.record(exchange_id, outcome))
        self._on_outcome(exchange_id, outcome)

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do it, again and again while the history allows no reading or writing."""
        is_first = True
        while True:
            try:
                return await step()
            except HistoryError as problem:
                if is_first:
                    logger.warning("Forwarding waits for the history. %s", problem)
                is_first = False
                await asyncio.sleep(HISTORY_PAUSE_S)


def answered(decoded: Decoded, reply: Reply, now: float) -> Outcome:
    """What an answer makes of a request: sent, if it says 1 or is the picture or the redirect
    that was asked for; else refused.
    """
    meaning = understand(decoded, reply)
    is_as_asked = (meaning.kind == "pixel" and decoded.is_on("img")) or (
        meaning.kind == "redirect" and bool(decoded.value("redirect"))
    )
    if meaning.value == 1 or is_as_asked:
        return Outcome(State.SENT, now, "", reply.status, meaning.value)
    return Outcome(State.REFUSED, now, f"{meaning.sentence}.", reply.status, meaning.value)
