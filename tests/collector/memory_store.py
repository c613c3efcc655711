"""A store in memory, which can be told to fail or to be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trackscope.capture.exchange import Exchange
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

    async def add_stored(
        self,
        exchange_id: int,
        stored: Sequence[dict[str, Any]],
        findings: Sequence[Finding] = (),
    ) -> None:
        index = exchange_id - 1
        self.exchanges[index] = replace(self.exchanges[index], stored=tuple(stored))
        self.findings[exchange_id] = tuple(findings)
        self.processed.append(exchange_id)
