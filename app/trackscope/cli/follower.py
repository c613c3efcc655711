"""Prints exchanges as they are stored, without ever holding up those who store them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from trackscope.cli.output import LineWriter, json_line
from trackscope.errors import HistoryError
from trackscope.history.history import History
from trackscope.session.lines import exchange_line

FINISH_S = 2.0


class Follower:
    """A thread that reads what is followed back from the history and writes a line for each.

    A reader who is slow, or has stopped reading, costs nothing but a number an exchange.
    `on_reader_gone` is called, from the thread, when nobody reads any more.
    """

    def __init__(
        self, history: History, writer: LineWriter, on_reader_gone: Callable[[], object]
    ) -> None:
        self._history = history
        self._writer = writer
        self._on_reader_gone = on_reader_gone
        self._ids: SimpleQueue[int | None] = SimpleQueue()
        # a daemon: a write that blocks for ever must not keep the process from ending
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def follow(self, exchange_id: int) -> None:
        """Print this exchange when its turn comes."""
        self._ids.put(exchange_id)

    def finish(self) -> None:
        """Print what is waiting, for as long as it is being read, and end."""
        self._ids.put(None)
        self._thread.join(FINISH_S)

    def _run(self) -> None:
        while (exchange_id := self._ids.get()) is not None:
            try:
                line = json_line(exchange_line(self._history.load(exchange_id)))
            except HistoryError:
                continue  # deleted before it was printed
            try:
                self._writer.write(line)
            except OSError:
                self._on_reader_gone()
                return
