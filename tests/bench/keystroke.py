"""How long a key in a long payload takes until the JSON and the Base64 pane are painted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.measure import Aim, Row, middle, percentile
from tests.bench.surroundings import display, environment, folder, run_driver

TITLE = "A key in a long payload"
NOTE = (
    "In the running program: a key typed in a value in the middle of a batch of 50 events, until "
    "the JSON and the Base64 pane are painted; judged by the median. `free`: until the window "
    "is ready for the next key. `in a pause`: how long it is then busy with what it put off."
)


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    size: int
    indent: bool
    method: str
    aim_ms: float
    faulty: bool = False


CASES = (
    _Case("100 kB, indented, POST", 100_000, True, "POST", 16),
    _Case("100 kB, one line, POST", 100_000, False, "POST", 16),
    _Case("100 kB, indented, GET", 100_000, True, "GET", 16),
    _Case(
        "100 kB, indented, POST, a finding in each event, until free",
        100_000,
        True,
        "POST",
        16,
        True,
    ),
    _Case("1 MB, indented, POST", 1_000_000, True, "POST", 33),
    _Case("1 MB, one line, POST", 1_000_000, False, "POST", 33),
)


def rows(is_quick: bool) -> list[Row]:
    """Each size and layout."""
    cases = CASES[:2] if is_quick else CASES
    keys = 10 if is_quick else 100
    wanted = [
        {
            "size": case.size,
            "indent": case.indent,
            "method": case.method,
            "faulty": case.faulty,
            "keys": keys,
        }
        for case in cases
    ]
    with folder() as home, display(environment(home)) as env:
        found = run_driver("typing_in_window", json.dumps(wanted), env=env, timeout_s=300)
    return [_row(case, result) for case, result in zip(cases, found, strict=True)]


def _row(case: _Case, result: dict[str, Any]) -> Row:
    painted = result["painted_ms"]
    later = f"free: {_shown(result['free_ms'])}; in a pause: {result['pause_ms']:.0f} ms"
    # Findings are drawn after both panes, and hold up the next key: there it is that which counts.
    counts = result["free_ms"] if case.faulty else painted
    return Row(case.name, _shown(painted), later, middle(counts), "ms", Aim(case.aim_ms, "ms"))


def _shown(values_ms: Sequence[float]) -> str:
    parts = (percentile(list(values_ms), percent) for percent in (50, 99, 100))
    p50, p99, most = (f"{part:.1f}" for part in parts)
    return f"p50 {p50}, p99 {p99}, max {most} ms"
