"""How long the command line takes to start, against a bare Python and a bare Node."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from time import perf_counter

from tests.bench.measure import Aim, Row, in_turn, middle, ratio_row
from tests.bench.surroundings import TRACKSCOPE, environment, folder, need

TITLE = "Start of the command line"
NOTE = "From starting the process to its end, wall clock."


def rows(is_quick: bool) -> list[Row]:
    """`trackscope --version` beside `python -c pass` and `node -e 0`."""
    rounds = 5 if is_quick else 31
    with folder() as home:
        env = environment(home)

        def timed(command: Sequence[str]) -> Callable[[], float]:
            def run() -> float:
                started = perf_counter()
                subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
                return (perf_counter() - started) * 1000

            return run

        sides = {
            "ours": timed([TRACKSCOPE, "--version"]),
            "python": timed([sys.executable, "-c", "pass"]),
            "node": timed([need("node"), "-e", "0"]),
        }
        took = in_turn(rounds, sides)
    ours, python, node = (middle(took[name][1:]) for name in ("ours", "python", "node"))
    what = "trackscope --version"
    return [
        ratio_row(what, ours, ("python -c pass", python), "ms", Aim(2, "×")),
        ratio_row(what, ours, ("node -e 0", node), "ms", Aim(1, "×")),
    ]
