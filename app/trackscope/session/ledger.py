"""The delivery ledger: what came of every event, by its name and sender, and which are missing.

Exchanges are fed one at a time, and memory is bounded however many there are. Duplicates are told
by a hash of 64 bits: of token and `$insert_id`, or of the whole event where it has none. At least
the last 1,048,576 different ones are remembered, in 32 MB at most.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import orjson

from trackscope.capture.exchange import Exchange
from trackscope.session.numbering import Numbering, Numberings, stem_of
from trackscope.session.remembered import GENERATION, Remembered
from trackscope.session.target import COLLECTOR
from trackscope.wire.decoding import decode
from trackscope.wire.endpoint import RECORDING, Kind, endpoint_name, kind_of, record_names
from trackscope.wire.glance import glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.sender import sender_at_a_glance, sender_of
from trackscope.wire.shown import short

MAX_ENTRIES = 1_000
"""Lines of the ledger; names and senders beyond them share a line."""

OTHERS = "other events"
UNREADABLE = "unreadable"
"""What stands for the name of further events, and of requests whose payload cannot be read."""

ANY_SENDER = "any sender"
"""What stands for the senders of further events."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: how often an event came from a sender, and what became of it.

    `refused` were answered 0, or with a status of 400 and more; of those `unanswered` there is no
    answer, or one that says neither. `duplicated` came before with the same token and
    `$insert_id`; `alike` have none and are equal to one that came before, perhaps a duplicate.
    What was refused before is no duplicate when it comes again.
    """

    event: str
    sender: str
    received: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    duplicated: int = 0
    alike: int = 0


COUNTS = tuple(each.name for each in fields(Entry))[2:]
"""The names of an entry's counts, in their order."""


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """The ledger at a moment.

    `entries` have the most frequent first, `total` is their sum. `numberings` are the running
    numbers. `is_complete` is False where so many events came that older ones are forgotten, so
    that duplicates of them are not told.
    """

    entries: tuple[Entry, ...] = ()
    total: Entry = field(default=Entry("total", ""))
    numberings: tuple[Numbering, ...] = ()
    is_complete: bool = True

    @property
    def is_clean(self) -> bool:
        """Whether nothing was refused, duplicated or is missing."""
        is_numbered = all(not each.missing and not each.repeated for each in self.numberings)
        return is_numbered and not self.total.refused and not self.total.duplicated


class Ledger:
    """Counts exchanges; `table` says what they came to so far, at any time.

    `number` is the property that holds a running number; without one, some usual names and
    numbered names of events are tried. What this program sent to its own collector is counted
    where it was received.
    """

    def __init__(self, number: str | None = None, remembered: int = GENERATION) -> None:
        self._lines: dict[tuple[str, str], Counter[str]] = {}
        self._numberings = Numberings(number)
        self._seen = Remembered(remembered)

    def add_all(self, exchanges: Iterable[Exchange]) -> None:
        """Count these exchanges, in the order in which they were received."""
        for exchange in exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> None:
        """Count an exchange; one that carries no events and means to carry none is passed over."""
        request = exchange.request
        if exchange.target == COLLECTOR:
            return
        events, sender = _read(request)
        outcome = _outcome(exchange)
        if events is None:
            if request.method != "OPTIONS" and endpoint_name(request) in RECORDING:
                self._count(UNREADABLE, sender, outcome)
            return
        is_of_events = kind_of(request, events) is Kind.EVENTS
        for name, event in zip(map(short, record_names(request, events)), events, strict=True):
            line = self._count(name, sender, outcome)
            if not is_of_events or not isinstance(event, dict):
                continue
            properties = event.get("properties")
            known = properties if isinstance(properties, dict) else {}
            self._numberings.add(name, known, sender)
            if outcome != "refused":
                self._tell_duplicate(line, event, known)

    def table(self) -> LedgerTable:
        """What was counted so far."""
        numberings = self._numberings.as_tuple()
        stems = {(each.label, each.sender) for each in numberings}
        merged: dict[tuple[str, str], Counter[str]] = {}
        total: Counter[str] = Counter()
        for (name, sender), line in self._lines.items():
            stem = stem_of(name)
            key = (stem[0], sender) if stem and (stem[0], sender) in stems else (name, sender)
            merged.setdefault(key, Counter()).update(line)
            total.update(line)
        entries = [_entry(event, sender, line) for (event, sender), line in merged.items()]
        entries.sort(key=lambda each: (-each.received, each.event, each.sender))
        return LedgerTable(
            tuple(entries), _entry("total", "", total), numberings, not self._seen.has_forgotten
        )

    def _count(self, name: str, sender: str, outcome: str) -> Counter[str]:
        """The line of an event, after counting it there."""
        line = self._line(name, sender)
        line["received"] += 1
        line[outcome] += 1
        return line

    def _line(self, name: str, sender: str) -> Counter[str]:
        key = (name, sender)
        if key not in self._lines and len(self._lines) >= MAX_ENTRIES:
            stem = stem_of(name)
            has_room = len(self._lines) < 2 * MAX_ENTRIES
            key = (stem[0], sender) if stem and has_room else (OTHERS, ANY_SENDER)
        return self._lines.setdefault(key, Counter())

    def _tell_duplicate(
        self, line: Counter[str], event: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> None:
        insert_id = properties.get("$insert_id")
        if isinstance(insert_id, str | int) and insert_id != "":
            key = _key_of([properties.get("token"), insert_id])
            line["duplicated"] += self._seen.has_seen(key)
        else:
            line["alike"] += self._seen.has_seen(_key_of(event))


def _entry(event: str, sender: str, line: Counter[str]) -> Entry:
    return Entry(event, sender, *(line[name] for name in COUNTS))


def _read(request: TrackRequest) -> tuple[Sequence[Any] | None, str]:
    """The events, None for a payload that cannot be read, and who sent them."""
    seen = glance(request)
    if seen is not None:
        return seen.events, sender_at_a_glance(request, seen).title
    decoded = decode(request)
    return decoded.events, sender_of(request, decoded).title


def _outcome(exchange: Exchange) -> str:
    """The count that an exchange's events belong to: `accepted`, `refused` or `unanswered`."""
    if exchange.verdict is not None:
        return "accepted" if exchange.verdict else "refused"
    is_failed = exchange.reply is not None and exchange.reply.status >= 400
    return "refused" if is_failed else "unanswered"


def _key_of(value: Any) -> int:
    """A number from 1 to 2^64 - 1 that equal JSON values have in common, in this process.

    It is Python's own hash, which is seeded: no capture can choose where its keys stand.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError):  # half an emoji, or an integer of more than 64 bits
        text = json.dumps(value, sort_keys=True).encode()
    return hash(text) & _KEY_BITS or 1


_KEY_BITS = 2**64 - 1
