"""An access log of a gigabyte, against a loop over its lines and against ripgrep."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from tests.bench.log_loops import PATTERN
from tests.bench.measure import Aim, Row, in_turn, middle, ratio_row
from tests.bench.surroundings import ROOT, environment, folder, need
from tests.bench.traffic import write_log

TITLE = "Access log"
NOTE = (
    "Megabytes a second of a combined log of 1 GB in which one line in a hundred is a tracking "
    "request (one in twenty where it says so). Ours yields every request with its events, its "
    "findings' rules and its verdict; the loop matches each line, parses its query and decodes "
    "Base64 and JSON with the standard library; behind ripgrep's pipe a bare loop of pybase64 and "
    "orjson decodes what was found. The loop is compared per second of the processor, the others "
    "on the clock; two processes read a half each."
)
MB = 1_000_000


def rows(is_quick: bool) -> list[Row]:
    """One process against the loop, two against ripgrep's pipe, and ripgrep alone."""
    size = 50 * MB if is_quick else 1000 * MB
    rounds = 1 if is_quick else 3
    rg = need("rg")
    with folder() as home:
        env = environment(home)
        path, dense = home / "access.log", home / "dense.log"
        write_log(path, size, 0.01)
        write_log(dense, size // 5, 0.05)
        ours, theirs = partial(_read, env, "trackscope"), partial(_read, env, "loop")
        sides: dict[str, Callable[[], float]] = {
            "ours": partial(ours, path, 1, "cpu_s"),
            "loop": partial(theirs, path, 1, "cpu_s"),
            "dense": partial(ours, dense, 1, "cpu_s"),
            "dense loop": partial(theirs, dense, 1, "cpu_s"),
            "two": partial(ours, path, 2, "took_s"),
            "pipe": partial(_read, env, "piped", path, 1, "took_s"),
            "rg": partial(_find, rg, path),
        }
        found = {name: middle(rates) for name, rates in in_turn(rounds, sides).items()}
    return [
        ratio_row("one process", found["ours"], ("loop over lines", found["loop"]), "MB/s",
                  Aim(4, "×", is_least=True)),
        ratio_row("one line in twenty tracks", found["dense"],
                  ("loop over lines", found["dense loop"]), "MB/s"),
        ratio_row("two processes", found["two"], ("rg | python", found["pipe"]), "MB/s",
                  Aim(0.9, "×", is_least=True)),
        ratio_row("two processes", found["two"], ("rg alone, which only finds", found["rg"]),
                  "MB/s"),
    ]  # fmt: skip


def _read(env: dict[str, str], way: str, path: Path, parts: int, measure: str) -> float:
    """Megabytes a second of processes that begin at once with a part each."""
    places = _places(path, parts)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.log_loops", way, str(path), str(start), str(end)],
            env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for start, end in pairwise(places)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    results = [json.loads(process.communicate()[0]) for process in processes]
    took_s: float = max(result[measure] for result in results)
    return places[-1] / MB / took_s


def _places(path: Path, parts: int) -> list[int]:
    """Where the parts of a file begin, at the beginning of lines, and its end."""
    size = path.stat().st_size
    places = [0]
    with path.open("rb") as file:
        for part in range(1, parts):
            file.seek(size * part // parts)
            file.readline()
            places.append(file.tell())
    return [*places, size]


def _find(rg: str, path: Path) -> float:
    started = time.perf_counter()
    subprocess.run([rg, "--count", "--text", PATTERN, str(path)], check=True, capture_output=True)
    return path.stat().st_size / MB / (time.perf_counter() - started)
