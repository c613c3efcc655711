"""What happens to an event after its answer: it becomes its stored form."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from trackscope.capture.exchange import Exchange, StoredForm
from trackscope.collector.judging import Logged
from trackscope.collector.records import insert_id_of
from trackscope.collector.store import Store
from trackscope.errors import TrackscopeError
from trackscope.wire.endpoint import Kind, kind_of, token_of
from trackscope.wire.era import RuleBook, era_named, rule_book
from trackscope.wire.finding import Finding
from trackscope.wire.rules import judge
from trackscope.wire.stored import stored_record

logger = logging.getLogger(__name__)

EXPRESS_PER_SECOND = 100
"""Requests with `test=1` of one token that go before the others (decisions, "Storing")."""

MAX_WAITING = 10_000
MAX_WAITING_BYTES = 64 * 1024 * 1024
MAX_INSERT_IDS = 100_000
MAX_TOKENS = 1_000

BATCH = 1_000
BATCH_BYTES = 4 * 1024 * 1024
"""Requests whose stored forms are kept together, and bytes of them; one request may be larger."""

TURN_BYTES = 64 * 1024
"""Bytes of requests that are processed before others are served."""

LARGE = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Job:
    exchange: Exchange
    logged: Logged
    findings: tuple[Finding, ...] = ()


class Recent:
    """Remembers the last keys it was shown, a bounded number of them.

    >>> recent = Recent(limit=2)
    >>> [recent.has_seen(key) for key in "abacb"]
    [False, False, True, False, True]
    """

    def __init__(self, limit: int = MAX_INSERT_IDS) -> None:
        self._limit = limit
        self._keys: OrderedDict[object, None] = OrderedDict()

    def has_seen(self, key: object) -> bool:
        """Whether the key was shown before; it is remembered from now on."""
        if key in self._keys:
            return True
        self._keys[key] = None
        if len(self._keys) > self._limit:
            self._keys.popitem(last=False)
        return False


class ExpressLane:
    """Lets a number of requests a second through for each token.

    >>> lane = ExpressLane(per_second=1, monotonic=lambda: 5.0)
    >>> lane.lets_in("a"), lane.lets_in("a"), lane.lets_in("b")
    (True, False, True)
    """

    def __init__(
        self,
        per_second: int = EXPRESS_PER_SECOND,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._second = -1
        self._counts: dict[str, int] = {}

    def lets_in(self, token: str) -> bool:
        """Whether one more request of this token goes first in the current second."""
        second = int(self._monotonic())
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get(token, 0)
        if count >= self._per_second or (count == 0 and len(self._counts) >= MAX_TOKENS):
            return False
        self._counts[token] = count + 1
        return True


class Processor:
    """Works off what was logged: first what came with `test=1`, then the rest in order."""

    def __init__(self, store: Store, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.duplicate_count = 0
        self._store = store
        self._lane = ExpressLane(monotonic=monotonic)
        self._recent = Recent()
        self._express: deque[_Job] = deque()
        self._ordinary: deque[_Job] = deque()
        self._waiting_bytes = 0
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._idle = asyncio.Event()

    async def room(self) -> None:
        """Wait until so little is left to process that more may be taken."""
        await self._room.wait()

    def add(self, exchange: Exchange, logged: Logged) -> None:
        """Take an exchange that has its id, and what of it was logged."""
        findings: tuple[Finding, ...] = ()
        queue = self._ordinary
        if logged.is_test:
            if self._lane.lets_in(_token(logged)):
                queue = self._express
            else:
                findings = (_too_many_tests(exchange),)
        queue.append(_Job(exchange, logged, findings))
        self._waiting_bytes += _size(exchange)
        self._tell()

    async def drained(self) -> None:
        """Wait until everything taken so far was processed."""
        await self._idle.wait()

    async def run(self, unprocessed: Iterable[Exchange] = ()) -> None:
        """Process for ever; `unprocessed` is what an earlier run answered and left behind."""
        left_behind = iter(unprocessed)
        is_rest = True
        while True:
            batch = self._next_batch()
            if not batch and is_rest:
                is_rest = self._take_from(left_behind)
                continue
            if not batch:
                self._idle.set()
                await self._work.wait()
                continue
            await self._process(batch)
            self._waiting_bytes -= sum(_size(job.exchange) for job in batch)
            self._tell()

    def _take_from(self, left_behind: Iterator[Exchange]) -> bool:
        exchange = next(left_behind, None)
        if exchange is None:
            return False
        book = _book_of(exchange)
        verdict = judge(exchange.request, book, exchange.at)
        self.add(exchange, Logged.of(verdict))
        return True

    def _next_batch(self) -> list[_Job]:
        batch: list[_Job] = []
        size = 0
        for queue in (self._express, self._ordinary):
            while queue and len(batch) < BATCH and size < BATCH_BYTES:
                batch.append(queue.popleft())
                size += _size(batch[-1].exchange)
        return batch

    async def _process(self, batch: list[_Job]) -> None:
        forms = []
        size = 0
        for job in batch:
            form = await self._form_or_none(job)
            forms += [form] if form else []
            size += _size(job.exchange)
            if size > TURN_BYTES:
                size = 0
                await asyncio.sleep(0)
        try:
            await self._store.add_stored(forms)
        except TrackscopeError as problem:
            # the raw requests are on disk: the next start processes them
            logger.warning("Requests that were not processed: %d. %s", len(forms), problem)
        except Exception:
            # one failure must not end the processing of all that follow
            logger.exception("Requests that could not be processed: %d.", len(forms))

    async def _form_or_none(self, job: _Job) -> StoredForm | None:
        try:
            if _size(job.exchange) > LARGE:
                return await asyncio.to_thread(self._stored, job)
            return self._stored(job)
        except Exception:
            # nor must one request
            logger.exception("Request %s could not be processed.", job.exchange.id)
            return None

    def _stored(self, job: _Job) -> StoredForm:
        exchange, logged = job.exchange, job.logged
        assert exchange.id is not None
        kind = kind_of(exchange.request, logged.records)
        keep = partial(
            stored_record,
            kind=kind,
            requester_ip=exchange.peer.rpartition(":")[0].strip("[]"),
            at=exchange.at,
            ip_flag=logged.has_ip,
            era=era_named(exchange.era),
        )
        stored = []
        findings = list(job.findings)
        for index in logged.indexes:
            record = logged.records[index]
            stored.append(keep(record))
            insert_id = insert_id_of(record) if kind is Kind.EVENTS else None
            if insert_id and self._recent.has_seen((token_of(record), insert_id)):
                self.duplicate_count += 1
                findings.append(_seen_before(exchange, index, insert_id))
        return StoredForm(exchange.id, stored, findings)

    def _tell(self) -> None:
        waiting = len(self._express) + len(self._ordinary)
        if waiting < MAX_WAITING and self._waiting_bytes < MAX_WAITING_BYTES:
            self._room.set()
        else:
            self._room.clear()
        if waiting:
            self._idle.clear()
            self._work.set()
        else:
            self._work.clear()


def _token(logged: Logged) -> str:
    return token_of(logged.records[0]) if logged.records else ""


def _book_of(exchange: Exchange) -> RuleBook:
    return rule_book(era_named(exchange.era).name, exchange.strict)


def _size(exchange: Exchange) -> int:
    return len(exchange.request.body) + len(exchange.request.url)


def _too_many_tests(exchange: Exchange) -> Finding:
    return Finding(
        "test.rate",
        _book_of(exchange).severities["test.rate"],
        "?test",
        f"more than {EXPRESS_PER_SECOND} requests with test=1 came within a second: "
        "this one was processed in the ordinary queue",
    )


def _seen_before(exchange: Exchange, index: int, insert_id: str) -> Finding:
    return Finding(
        "event.duplicate",
        _book_of(exchange).severities["event.duplicate"],
        f"/{index}/properties/$insert_id",
        f"an event with the $insert_id {insert_id[:80]} was received before; both were logged",
    )
