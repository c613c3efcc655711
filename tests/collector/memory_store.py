"""A store in memory, which can be told to fail or to be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from trackscope.capture.exchange import Exchange, StoredForm
from trackscope.errors import HistoryError
from trackscope.wire.finding import Finding


class MemoryStore:
    """Keeps what it is given; `gate` holds every append back while it is not set."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.findings: dict[int, tuple[Finding, ...]] = {}
        self.processed: list[int] = []
        self.failure: str | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def append(self, exchange: Exchange) -> int:
        await self.gate.wait()
        if self.failure is not None:
            raise HistoryError(self.failure, "Make room.")
        exchange_id = len(self.exchanges) + 1
        self.exchanges.append(replace(exchange, id=exchange_id))
        return exchange_id

    async def add_stored(self, forms: Sequence[StoredForm]) -> None:
        for id_, records, findings in forms:
            self.exchanges[id_ - 1] = replace(self.exchanges[id_ - 1], stored=tuple(records))
            self.findings[id_] = tuple(findings)
            self.processed.append(id_)
