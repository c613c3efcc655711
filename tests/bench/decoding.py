"""Captured URLs to verdicts, against bare loops of Python and Node."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.bench.measure import Aim, Row, amount, in_turn, middle, ratio_row
from tests.bench.surroundings import ROOT, environment, folder, need
from tests.bench.traffic import write_urls

TITLE = "Decoding"
NOTE = (
    "URLs a second, each to its parameters in order, the names of its events and its verdict. Ours "
    "knows every broken rule; the others look at name, token and time only. The bare loop is "
    "pybase64 and orjson with nothing around them: the limit. Where one in twenty is odd, ours "
    "repairs those and the others give them up. Per second of the processor, but for the two "
    "processes: per second on the clock. Omnibug and mixpanel-tools are not in the npm registry "
    "(looked for in November 2026), so they are not measured."
)
LOOPS = Path(__file__).with_name("url_loops.js")


def rows(is_quick: bool) -> list[Row]:
    """Ours against each of the loops, and two processes against one."""
    count = 20_000 if is_quick else 200_000
    rounds = 1 if is_quick else 5
    node = need("node")
    with folder() as home:
        env = environment(home)
        path, mixed = home / "urls.txt", home / "mixed.txt"
        write_urls(path, count, odd_share=0)
        write_urls(mixed, count, odd_share=0.05)
        sides: dict[str, Callable[[], float]] = {
            "ours": partial(_python, env, "trackscope", path, count),
            "bare": partial(_python, env, "bare", path, count),
            "standard": partial(_python, env, "standard", path, count),
            "plain": partial(_node, node, "plain", path, count),
            "tuned": partial(_node, node, "tuned", path, count),
            "ours mixed": partial(_python, env, "trackscope", mixed, count),
            "bare mixed": partial(_python, env, "bare", mixed, count),
            "one": partial(_on_the_clock, env, path, [count]),
            "two": partial(_on_the_clock, env, path, [count // 2] * 2),
        }
        found = {name: middle(rates) for name, rates in in_turn(rounds, sides).items()}
    ours = found["ours"]
    return [
        ratio_row("against the limit", ours, ("pybase64, orjson", found["bare"]), "/s",
                  Aim(0.8, "×", is_least=True)),
        ratio_row("one in twenty is odd", found["ours mixed"],
                  ("pybase64, orjson", found["bare mixed"]), "/s"),
        ratio_row("against the standard library", ours, ("standard library", found["standard"]),
                  "/s"),
        ratio_row("against Node", ours, ("plain loop", found["plain"]), "/s",
                  Aim(3, "×", is_least=True)),
        ratio_row("against tuned Node", ours, ("tuned loop", found["tuned"]), "/s"),
        ratio_row("two processes", found["two"], ("one", found["one"]), "/s",
                  Aim(1.7, "×", is_least=True)),
        Row("one URL", amount(1e6 / ours, "µs"), "–", 1e6 / ours, "µs"),
    ]  # fmt: skip


def _command(way: str, path: Path, start: int, count: int) -> list[str]:
    module = "tests.bench.url_loops"
    return [sys.executable, "-m", module, way, str(path), str(start), str(count)]


def _python(env: dict[str, str], way: str, path: Path, count: int) -> float:
    """URLs a second of the processor."""
    run = subprocess.run(
        _command(way, path, 0, count), env=env, cwd=ROOT, input="\n", stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    cpu_s: float = json.loads(run.stdout.splitlines()[-1])["cpu_s"]
    return count / cpu_s


def _node(node: str, way: str, path: Path, count: int) -> float:
    command = [node, str(LOOPS), way, str(path)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    cpu_s: float = json.loads(run.stdout)["cpu_s"]
    return count / cpu_s


def _on_the_clock(env: dict[str, str], path: Path, counts: Sequence[int]) -> float:
    """URLs a second on the clock, of processes that begin at once with a part each."""
    starts = [sum(counts[:index]) for index in range(len(counts))]
    processes = [
        subprocess.Popen(
            _command("trackscope", path, start, count), env=env, cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        for start, count in zip(starts, counts, strict=True)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate()[0] for process in processes]
    took_s: float = max(json.loads(output)["took_s"] for output in outputs)
    return sum(counts) / took_s
