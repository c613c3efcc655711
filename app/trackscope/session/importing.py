"""Reads captures into a history, in batches, telling how far it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from trackscope.capture.database import is_database
from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.opening import Reading
from trackscope.errors import HistoryError, SourceError
from trackscope.history.history import History
from trackscope.session.opening import Judging, exchange_of, opened

BATCH = 1000
"""Exchanges that are kept in one step; fewer when they are large or come slowly."""

BATCH_BYTES = 4 * 1024 * 1024
BATCH_S = 0.2
FIRST_BATCH = 50
"""The first exchanges are kept at once, so that there is something to see."""

PROGRESS_S = 0.1


class State(StrEnum):
    """How far the reading of a capture is."""

    READING = "reading"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """What was read of a capture so far.

    `kind` is what the capture is ("a HAR file"), `read` and `size` are bytes of the file (None:
    its size is not known), `problems` sentences on what could not be read.
    """

    state: State
    source: str
    kind: str = ""
    read: int = 0
    size: int | None = None
    exchanges: int = 0
    events: int = 0
    passed_over: Mapping[str, int] = field(default_factory=dict)
    problems: Sequence[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the capture was read to its end, without a gap."""
        return self.state is State.DONE and not self.problems


def summary(progress: Progress) -> str:
    """What was read, as the end of a sentence.

    >>> summary(Progress(State.DONE, "a", exchanges=2, events=3, passed_over={"noise": 4}))
    '2 requests with 3 events; 4 passed over: noise.'
    """
    parts = [f"{_counted(progress.exchanges, 'request')} with {_counted(progress.events, 'event')}"]
    passed_over = sorted(progress.passed_over.items(), key=lambda each: -each[1])
    if passed_over:
        total = sum(count for _, count in passed_over)
        reasons = (
            passed_over[0][0]
            if len(passed_over) == 1
            else ", ".join(f"{reason} ({count:,})" for reason, count in passed_over)
        )
        parts.append(f"{total:,} passed over: {reasons}")
    return f"{'; '.join(parts)}."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


Keep = Callable[[Sequence[Exchange]], object]
"""Keeps exchanges in a history, after those that were kept before."""


class _CancelledError(Exception):
    """Reading was asked to stop."""


class Importing:
    """Reads one capture into a history; `run` does it, and blocks until it is done.

    `on_progress` is told about ten times a second. `is_cancelled` is asked as often: reading then
    stops, and what was kept stays kept. `clock` gives seconds that only ever grow.
    """

    def __init__(
        self,
        keep: Keep,
        judging: Judging,
        *,
        clock: Callable[[], float],
        on_progress: Callable[[Progress], object] = lambda progress: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        hosts: Collection[str] = (),
    ) -> None:
        self._keep_all = keep
        self._judging = judging
        self._clock = clock
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._hosts = hosts
        self._told_s = clock()
        self._source = ""
        self._reading: Reading | None = None
        self._exchanges = self._events = 0

    def run(self, path: Path, source: str) -> Progress:
        """Read the capture at `path`, called `source` in its exchanges; what it came to.

        A history is read as a capture is, through its own connection. What cannot be read ends as
        FAILED with the sentence that says why; errors of the history that keeps it are raised.
        """
        self._source, self._reading = source, None
        self._exchanges = self._events = 0
        try:
            with opened(path, self._tick) as stream:
                self._reading = Reading(stream, hosts=self._hosts)
                if is_database(stream.head):
                    self._keep_in_batches(self._of_history(path))
                else:
                    self._keep_in_batches(self._of_capture(self._reading))
        except SourceError as problem:
            return self._ended(State.FAILED, str(problem))
        except _CancelledError:
            return self._ended(State.CANCELLED, "It was cancelled: what was read is there.")
        return self._ended(State.DONE)

    def _of_capture(self, reading: Reading) -> Iterator[Exchange]:
        for captured, read in reading.recognised():
            yield exchange_of(captured, read, self._judging, self._source)

    def _of_history(self, path: Path) -> Iterator[Exchange]:
        try:
            with closing(History.open_to_read(path)) as history:
                for exchange in history.each():
                    yield _as_opened(exchange, self._source)
        except HistoryError as problem:
            raise SourceError(problem.message, problem.next_step) from problem

    def _keep_in_batches(self, exchanges: Iterator[Exchange]) -> None:
        batch: list[Exchange] = []
        weight, began_s = 0, self._clock()
        limit = FIRST_BATCH
        try:
            for exchange in exchanges:
                batch.append(exchange)
                weight += len(exchange.request.url) + len(exchange.request.body)
                is_full = len(batch) >= limit or weight >= BATCH_BYTES
                if is_full or self._clock() - began_s >= BATCH_S:
                    self._keep(batch)
                    batch = []
                    self._tick()
                    weight, began_s, limit = 0, self._clock(), BATCH
        finally:  # what came before a failure or a cancellation is kept too
            self._keep(batch)

    def _keep(self, batch: list[Exchange]) -> None:
        if batch:
            self._keep_all(batch)
            self._exchanges += len(batch)
            self._events += sum(len(each.names) for each in batch)

    def _tick(self) -> None:
        if self._clock() - self._told_s >= PROGRESS_S:
            self._told_s = self._clock()
            self._on_progress(self._progress(State.READING))
            if self._is_cancelled():
                raise _CancelledError

    def _ended(self, state: State, problem: str = "") -> Progress:
        progress = self._progress(state, problem)
        self._on_progress(progress)
        return progress

    def _progress(self, state: State, problem: str = "") -> Progress:
        reading = self._reading
        if reading is None:
            return Progress(state, self._source, problems=(problem,) if problem else ())
        report = reading.report
        problems = (*report.problems, problem) if problem else tuple(report.problems)
        return Progress(
            state,
            self._source,
            reading.name,
            reading.stream.consumed,
            reading.stream.size,
            self._exchanges,
            self._events,
            dict(report.passed_over),
            problems,
        )


def _as_opened(exchange: Exchange, source: str) -> Exchange:
    """An exchange of another history; what was opened there already keeps its own source."""
    opened = replace(exchange, id=None, origin=Origin.OPENED, request_id=None)
    if exchange.source:
        return opened
    return replace(opened, source=source, position=f"exchange {exchange.id}")
