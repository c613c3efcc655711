"""An exchange: a request, its answer, where it came from, when, and its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from trackscope.wire.finding import Finding
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


class Origin(StrEnum):
    """How an exchange came into the history."""

    SENT = "sent"
    RECEIVED = "received"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with what became of it.

    `at` is when the request was sent or received (seconds since 1970, UTC). `verdict` is what was
    answered (1, 0, or None: no answer, or one that says neither), `predicted` what the rules said
    before. `failure` is the sentence for a request that got no answer. `request_id` links what
    this program sent to what its own collector received (the X-Request-Id header). `stored` is
    what the collector keeps of each event after processing; None until it was processed. `source`,
    `position` and `page` say where in which capture it was found, and on which page it was sent.
    """

    request: TrackRequest
    origin: Origin
    at: float
    reply: Reply | None = None
    id: int | None = None
    target: str = ""
    took_ms: float | None = None
    failure: str | None = None
    verdict: int | None = None
    predicted: int | None = None
    findings: tuple[Finding, ...] = ()
    era: str = "2011"
    strict: bool = False
    peer: str = ""
    request_id: str | None = None
    names: tuple[str, ...] = ()
    stored: tuple[dict[str, Any], ...] | None = field(default=None, compare=False)
    note: str = ""
    source: str = ""
    position: str = ""
    page: str = ""


class StoredForm(NamedTuple):
    """What the records of an exchange became after its answer, and what was found on the way."""

    exchange_id: int
    records: Sequence[dict[str, Any]]
    findings: Sequence[Finding] = ()
