"""How evenly a long list is painted while exchanges arrive, against a quickly made table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.bench.measure import Aim, Row, amount, percentile
from tests.bench.surroundings import display, environment, folder, run_driver

TITLE = "Frames of a long list"
NOTE = (
    "The window scrolls through Traffic, steadily and with jumps, while exchanges are written to "
    "its history by another process. A gap is the time from one painted frame to the next; a "
    "frame is begun every 8 ms. Stock is a QTableView over a QStandardItemModel to which rows are "
    "appended ten times a second."
)

ROWS, QUICK_ROWS = 1_000_000, 50_000
STOCK_ROWS, QUICK_STOCK_ROWS = 100_000, 20_000
RATE = 5_000
P99_MS, MAX_MS = 16.7, 50.0
FILL_S = 300


def rows(is_quick: bool) -> list[Row]:
    """The 99th percentile and the longest gap, the window's memory."""
    count = QUICK_ROWS if is_quick else ROWS
    stock_count = QUICK_STOCK_ROWS if is_quick else STOCK_ROWS
    seconds = "4" if is_quick else "20"
    with folder() as home, display(environment(home)) as env:
        history = home / "trackscope" / "history.trackscope"
        run_driver("exchanges", str(history), str(count), env=env, timeout_s=FILL_S)
        ours = run_driver(
            "traffic_window",
            str(history),
            str(count),
            str(RATE),
            seconds,
            env=env,
            timeout_s=FILL_S,
        )
        stock = run_driver("stock_table", str(stock_count), str(RATE), seconds, env=env)
    found = f"stock, {stock_count:,} rows: {_shown(stock['gaps_ms'])}"
    what = f"{count:,} rows, {ours['arrived']:,.0f} exchanges/s"
    gaps_ms = ours["gaps_ms"]
    p99, most = percentile(gaps_ms, 99), percentile(gaps_ms, 100)
    memory = ours["memory_mb"]
    other = f"stock: {amount(stock['memory_mb'], 'MB')}"
    return [
        Row(f"{what}, p99", _shown(gaps_ms), found, p99, "ms", Aim(P99_MS, "ms")),
        Row(f"{what}, longest", _shown(gaps_ms), found, most, "ms", Aim(MAX_MS, "ms")),
        Row("memory of the window", amount(memory, "MB"), other, memory, "MB", Aim(150, "MB")),
    ]


def _shown(gaps_ms: Sequence[Any]) -> str:
    parts = (percentile(list(gaps_ms), percent) for percent in (50, 99, 100))
    p50, p99, most = (f"{part:.1f}" for part in parts)
    return f"p50 {p50}, p99 {p99}, max {most} ms"
