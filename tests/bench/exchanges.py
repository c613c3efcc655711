"""Writes exchanges into a history: many at once, or so many a second until its input ends.

exchanges.py HISTORY COUNT
exchanges.py HISTORY --rate COUNT_A_SECOND
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from urllib.parse import quote

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.wire.encoding import to_base64
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

BATCH = 10_000
STEP_S = 0.05
NAMES = ("game", "signup", "purchase", "page view", "login")


def exchanges(first: int = 0) -> Iterator[Exchange]:
    """Received events of several kinds, a tenth of them answered 0; without end."""
    started = time.time()
    for number in count(first):
        name = NAMES[number % len(NAMES)]
        payload = (
            f'{{"event":"{name}","properties":{{"token":"e3bc4100330c35722740fb8c6f5abddc",'
            f'"distinct_id":"user-{number}","time":{started:.0f},"level":{number % 50}}}}}'
        )
        url = f"http://127.0.0.1:8700/track/?data={quote(to_base64(payload))}"
        verdict = 0 if number % 10 == 0 else 1
        reply = Reply(200, (("Content-Type", "text/plain"),), str(verdict).encode())
        request = TrackRequest("GET", url)
        yield Exchange(request, Origin.RECEIVED, time.time(), reply, verdict=verdict, names=(name,))


def fill(path: Path, wanted: int) -> None:
    """Write so many, as fast as they can be."""
    source = exchanges()
    with closing(History.open_scratch(path)) as history:
        for start in range(0, wanted, BATCH):
            history.append_many(islice(source, min(BATCH, wanted - start)))


def arrive(path: Path, rate: int) -> None:
    """Write so many a second until standard input ends; then print how many it were."""
    gone = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        gone.set()

    threading.Thread(target=wait, daemon=True).start()
    source = exchanges()
    written, began = 0, time.monotonic()
    with closing(History.open(path)) as history:
        while not gone.wait(STEP_S):
            due = round((time.monotonic() - began) * rate) - written
            written += len(history.append_many(islice(source, due)))
    print(written / (time.monotonic() - began))


if __name__ == "__main__":
    if sys.argv[2] == "--rate":
        arrive(Path(sys.argv[1]), int(sys.argv[3]))
    else:
        fill(Path(sys.argv[1]), int(sys.argv[2]))
        print(sys.argv[2])
