"""Runs a collector on a history file until it is killed: `run_collector.py FILE`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from trackscope.collector.server import Collector
from trackscope.history.history import History
from trackscope.history.journal import Journal


async def main(path: Path) -> None:
    history = History.open(path)
    left_behind = history.unprocessed()
    history.close()
    collector = Collector(Journal.open(path), unprocessed=left_behind)
    print(await collector.start(), flush=True)
    await asyncio.Event().wait()


asyncio.run(main(Path(sys.argv[1])))
