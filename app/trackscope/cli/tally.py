"""Counts what a running collector does, for the words that it ends with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trackscope.capture.exchange import Exchange
from trackscope.collector.faults import demanded
from trackscope.wire.endpoint import endpoint_name


class Tally:
    """Exchanges by verdict and endpoint, faulty answers, and questions that are no exchange."""

    def __init__(self) -> None:
        self.first_fault_id: int | None = None
        self._verdicts: Counter[int | None] = Counter()
        self._endpoints: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()

    def count(self, exchange: Exchange) -> None:
        """Count an exchange that was answered."""
        self._verdicts[exchange.verdict] += 1
        self._endpoints[endpoint_name(exchange.request)] += 1
        fault = demanded(exchange)
        if fault is not None:
            self._faults[fault] += 1
            if exchange.id is not None:
                # a slow answer is out later than those after it
                self.first_fault_id = min(exchange.id, self.first_fault_id or exchange.id)

    def asked(self, endpoint: str) -> None:
        """Count a request for what is no exchange."""
        self._asked[endpoint] += 1

    def sentences(self, duplicate_count: int) -> Iterator[str]:
        """What there is to say in the end; `duplicate_count` is of events seen before."""
        answered = ", ".join(f"{self._verdicts[value]} answered {value}" for value in (1, 0))
        others = self._verdicts[None]
        answered += f", {others} answered neither" if others else ""
        yield f"Stopped. {self._verdicts.total()} received: {answered}."
        if set(self._endpoints) - {"track"}:
            yield f"By endpoint: {_counted(self._endpoints, '/')}."
        if self._asked:
            yield f"Asked, and not counted as received: {_counted(self._asked, '/')}."
        if duplicate_count:
            yield f"Duplicates: {duplicate_count} with an $insert_id that was seen before."
        if self._faults:
            yield f"Faulty answers on demand: {_counted(self._faults)}."


def _counted(counts: Counter[str], mark: str = "") -> str:
    return ", ".join(f"{count} × {mark}{name}" for name, count in counts.most_common())
