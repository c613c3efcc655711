"""A process for tests: appends numbered exchanges to the history named, and prints each id."""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from tests.history.conftest import exchange

from trackscope.history.journal import Journal

PRODUCERS = 16


async def produce(journal: Journal, numbers: count[int], prefix: str) -> None:
    """Print what is on disk, never anything that is not."""
    while True:
        name = f"{prefix}-{next(numbers)}"
        id_ = await journal.append(exchange(name))
        print(id_, name, flush=True)


async def main() -> None:
    """Append until killed."""
    journal = Journal.open(Path(sys.argv[1]))
    numbers = count()
    await asyncio.gather(*(produce(journal, numbers, sys.argv[2]) for _ in range(PRODUCERS)))


asyncio.run(main())
