"""Opens captures: each request in one becomes an exchange with its verdict and findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import BinaryIO, cast

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.found import Captured
from trackscope.capture.shape import Recognised
from trackscope.capture.stream import Stream
from trackscope.errors import SourceError
from trackscope.session.arrival import AS_IT_WAS, Arrival
from trackscope.session.capture_findings import findings_on
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.endpoint import record_names
from trackscope.wire.era import RULES, RuleBook
from trackscope.wire.finding import Finding
from trackscope.wire.reply import understand
from trackscope.wire.request import host_of
from trackscope.wire.rules import judge
from trackscope.wire.rules.quick import quick_verdict
from trackscope.wire.rules.sdk_answer import answer_findings, is_ordinary


@dataclass(frozen=True, slots=True)
class Judging:
    """How what was captured is judged.

    `now` is the moment of arrival (seconds since 1970) of requests of which the capture does not
    tell one; `arrival` says whether another moment than its own counts.
    """

    book: RuleBook
    now: float
    arrival: Arrival = AS_IT_WAS

    def moment(self, captured: Captured) -> float:
        """When the request counts as received."""
        return self.arrival.of(self.now if captured.at is None else captured.at)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was captured, decoded and judged.

    `predicted` is the verdict the request deserves; None where the capture does not hold all of
    it; `findings` then begin with `capture.incomplete`. They end with what was changed to read it
    (`capture.changed`), and with what a known SDK makes of the answer.
    """

    captured: Captured
    at: float
    decoded: Decoded
    predicted: int | None
    findings: tuple[Finding, ...]


@contextmanager
def opened(path: Path, on_read: Callable[[], object] = lambda: None) -> Iterator[Stream]:
    """A capture on disk, to be read forward; SourceError where it cannot be, also while it is.

    `on_read` is that of `Stream`.
    """
    with _readable():
        file = _CaptureFile(path)
    with file:
        yield Stream(cast("BinaryIO", file), _size(file), on_read)


class _CaptureFile(FileIO):
    """A file that is open for reading, whose failures are those of the source."""

    def read(self, size: int | None = -1, /) -> bytes:
        with _readable():
            return super().read(-1 if size is None else size) or b""


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SourceError("There is no such file.", "Check the path.") from None
    except IsADirectoryError:
        raise SourceError("This is a folder.", "Give the files in it.") from None
    except PermissionError:
        raise SourceError("It may not be read.", "Ask for the right to read it.") from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise SourceError(f"It cannot be read: {reason}.", "Check the disk.") from problem


def examine(captured: Captured, judging: Judging, decoded: Decoded | None = None) -> Examined:
    """Decode and judge what was captured; `decoded` is given where that was done already."""
    examined = _judged(captured, judging, decoded)
    if captured.reply is None:
        return examined
    told = answer_findings(captured.request, examined.decoded, captured.reply, judging.book)
    return replace(examined, findings=examined.findings + told)


def _judged(captured: Captured, judging: Judging, decoded: Decoded | None) -> Examined:
    """The same without a look at the answer."""
    request, moment = captured.request, judging.moment(captured)
    verdict = judge(request, judging.book, moment, decoded)
    findings = tuple(findings_on(captured.problem, captured.notes, verdict.findings, judging.book))
    predicted = None if captured.problem else verdict.value
    return Examined(captured, moment, verdict.decoded, predicted, findings)


def exchange_of(
    captured: Captured, read: Recognised, judging: Judging, source: str = ""
) -> Exchange:
    """The exchange of something captured in `source`: its answer is what the capture holds.

    Where a glance was enough to read the request, its findings name their rules only;
    `trackscope.session.explanation.findings_of` has them in full.
    """
    found = _of_request(captured, read, judging, source)
    if captured.reply is None or is_ordinary(captured.request, captured.reply):
        return found
    decoded = read.decoded or decode(captured.request)
    told = answer_findings(captured.request, decoded, captured.reply, judging.book)
    return replace(found, findings=found.findings + told)


def _of_request(captured: Captured, read: Recognised, judging: Judging, source: str) -> Exchange:
    """The same without a look at the answer."""
    if read.seen is not None and not captured.problem:
        moment = judging.moment(captured)
        quick = quick_verdict(captured.request.url, read.seen, judging.book, moment)
        if quick is not None:
            named = (_named(rule, judging.book) for rule in quick.rules)
            findings = tuple(findings_on("", captured.notes, named, judging.book))
            names = tuple(read.seen.names)
            if len(names) != len(read.seen.events) or "" in names:
                names = record_names(captured.request, read.seen.events)
            return _exchange(captured, judging, source, moment, quick.value, findings, names)
    examined = _judged(captured, judging, read.decoded)
    return _exchange(
        captured,
        judging,
        source,
        examined.at,
        examined.predicted,
        examined.findings,
        record_names(captured.request, examined.decoded.events or ()),
    )


def _exchange(
    captured: Captured,
    judging: Judging,
    source: str,
    at: float,
    predicted: int | None,
    findings: tuple[Finding, ...],
    names: tuple[str, ...],
) -> Exchange:
    return Exchange(
        captured.request,
        Origin.OPENED,
        at,
        captured.reply,
        target=host_of(captured.request),
        took_ms=captured.took_ms,
        verdict=_answered(captured),
        predicted=predicted,
        findings=findings,
        era=judging.book.era.name,
        strict=judging.book.is_strict,
        peer=captured.peer,
        names=names,
        source=source,
        position=captured.position,
        page=captured.page,
    )


def _answered(captured: Captured) -> int | None:
    """1 or 0 as it was answered; None without an answer, or for one that says neither."""
    reply = captured.reply
    if reply is None or not reply.body:
        return None
    if reply.status == 200 and reply.body in _PLAIN:
        return _PLAIN[reply.body]
    return understand(decode(captured.request), reply).value


_PLAIN = {b"1": 1, b"0": 0}
"""The answers that most requests get."""


def _named(rule: str, book: RuleBook) -> Finding:
    return Finding(rule, book.severities[rule], "", f"expected: {RULES[rule].title}")


def _size(file: FileIO) -> int | None:
    """The length of a regular file; None for a pipe, whose end nobody knows."""
    return os.fstat(file.fileno()).st_size or None
