"""A process for tests: imports numbered exchanges into the history named, and never finishes."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from tests.history.conftest import exchange

from trackscope.capture.exchange import Origin
from trackscope.history.history import History


def main() -> None:
    """Add batches until killed, and say after each how much was added."""
    running = History.open(Path(sys.argv[1])).begin_import("a.har")
    for number in count():
        running.add(exchange(f"imported-{number}", Origin.OPENED) for _ in range(50))
        print(running.count, flush=True)


main()
