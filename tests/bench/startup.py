"""How long the window takes to appear and to be ready, and its memory, against an empty one."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.measure import Aim, Row, amount, in_turn, middle, ratio_row
from tests.bench.surroundings import display, environment, folder, run_driver

TITLE = "Start of the window"
NOTE = (
    "From starting the process. The empty window is a QMainWindow of the same size with the same "
    "Qt modules imported. Ready to send: the built-in collector listens, and what the first Send "
    "imports is imported. Memory is what is in RAM then, without the collector's process."
)

STARTED = "BENCH_STARTED_NS"


def rows(is_quick: bool) -> list[Row]:
    """First frame, ready to send, memory."""
    with folder() as home, display(environment(home)) as env:
        first = _start("trackscope_window", env=env)  # makes the history, and warms the disk
        modules = first["modules"]
        sides = {
            "ours": lambda: _start("trackscope_window", env=env),
            "empty": lambda: _start("empty_window", *modules, env=env),
        }
        found = in_turn(2 if is_quick else 9, sides)
        offscreen = env["QT_QPA_PLATFORM"] == "offscreen"

    def of(name: str, field: str) -> float:
        return middle([each[field] for each in found[name]])

    painted = ("empty window", of("empty", "painted_ms"))
    memory = ("empty window", of("empty", "memory_mb"))
    where = " (offscreen)" if offscreen else ""
    collector_mb = of("ours", "collector_mb")
    return [
        ratio_row(f"first frame{where}", of("ours", "painted_ms"), painted, "ms", Aim(1.15, "×")),
        ratio_row("ready to send", of("ours", "ready_ms"), painted, "ms", Aim(2.5, "×")),
        ratio_row("memory", of("ours", "memory_mb"), memory, "MB", Aim(1.8, "×")),
        Row("memory of the collector", amount(collector_mb, "MB"), "–", collector_mb, "MB"),
    ]


def _start(driver: str, *arguments: str, env: dict[str, str]) -> dict[str, Any]:
    env = env | {STARTED: str(time.monotonic_ns())}
    result: dict[str, Any] = run_driver(driver, *arguments, env=env)
    return result
