"""Reads captures into a history, in batches, telling how far it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from trackscope.capture.exchange import Exchange
from trackscope.capture.opening import Reading
from trackscope.capture.stream import Stream
from trackscope.errors import SourceError
from trackscope.session.opening import Judging, examine, exchange_of, opened

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


class KeepsExchanges(Protocol):
    """Where imported exchanges go: an import of a history."""

    def add(self, exchanges: Sequence[Exchange]) -> object:
        """Keep these, after those that were added before."""


class _CancelledError(Exception):
    """Reading was asked to stop."""


class Importing:
    """Reads one capture into a history; `run` does it, and blocks until it is done.

    `on_progress` is told about ten times a second. `is_cancelled` is asked as often: reading then
    stops, and what was kept stays kept. `clock` gives seconds that only ever grow.
    """

    def __init__(
        self,
        into: KeepsExchanges,
        judging: Judging,
        *,
        clock: Callable[[], float],
        on_progress: Callable[[Progress], object] = lambda progress: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        hosts: Collection[str] = (),
    ) -> None:
        self._into = into
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

        A capture that cannot be read ends as FAILED with the sentence that says why. Errors of the
        history are raised.
        """
        self._source, self._reading = source, None
        self._exchanges = self._events = 0
        try:
            with opened(path, self._tick) as stream:
                self._read_all(stream)
        except SourceError as problem:
            return self._ended(State.FAILED, str(problem))
        except _CancelledError:
            return self._ended(State.CANCELLED, "It was cancelled: what was read is there.")
        return self._ended(State.DONE)

    def _read_all(self, stream: Stream) -> None:
        self._reading = Reading(stream, hosts=self._hosts)
        batch: list[Exchange] = []
        weight, began_s = 0, self._clock()
        limit = FIRST_BATCH
        try:
            for captured in self._reading:
                examined = examine(captured, self._judging)
                batch.append(exchange_of(examined, self._judging.book, self._source))
                weight += len(captured.request.url) + len(captured.request.body)
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
            self._into.add(batch)
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
