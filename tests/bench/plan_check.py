"""Events against a plan of 200 events: ours, the bare validator's loop, and Ajv."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.measure import Aim, Row, amount, in_turn, middle, ratio_row
from tests.bench.peers import node_with
from tests.bench.surroundings import ROOT, environment, folder, need

TITLE = "Checking against a plan"
NOTE = (
    "Events a second of the processor, parsed already, each against its schema in a plan of 200. "
    "Ours keeps the counts and the first evidence of every finding, in words; the bare loop only "
    "asks the same validator yes or no, and for its errors where it is no; Ajv collects all errors "
    "and words none."
)
EVENTS = 200
SCHEMA: dict[str, Any] = {
    "properties": {
        "amount": {"type": "number", "minimum": 0},
        "plan": {"enum": ["free", "pro"]},
        "name": {"type": "string", "maxLength": 100},
        "sku": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "ok": {"type": "boolean"},
    },
    "required": ["amount", "plan"],
}
LOOP = Path(__file__).with_name("plan_loop.js")


def rows(is_quick: bool) -> list[Row]:
    """Ours against each of the loops, all right and with one event in twenty wrong."""
    count = 50_000 if is_quick else 1_000_000
    rounds = 1 if is_quick else 3
    ajv = node_with("ajv@8")
    found = {}
    with folder() as home:
        env = environment(home)
        for name, share in (("right", 0.0), ("mixed", 0.05)):
            path = home / f"{name}.ndjson"
            _write(path, share)
            sides: dict[str, Callable[[], float]] = {
                "ours": partial(_python, env, "trackscope", path, count),
                "bare": partial(_python, env, "bare", path, count),
            }
            if ajv is not None:
                sides["ajv"] = partial(_node, ajv, path, count)
            found[name] = {way: middle(rates) for way, rates in in_turn(rounds, sides).items()}
    right, mixed = found["right"], found["mixed"]
    table = [
        ratio_row("all right", right["ours"], ("bare validator", right["bare"]), "/s"),
        ratio_row("one in twenty is wrong", mixed["ours"], ("bare validator", mixed["bare"]), "/s"),
    ]
    if ajv is not None:
        aim = Aim(0.5, "×", is_least=True)
        table.append(ratio_row("all right", right["ours"], ("Ajv", right["ajv"]), "/s", aim))
        table.append(
            ratio_row("one in twenty is wrong", mixed["ours"], ("Ajv", mixed["ajv"]), "/s")
        )
    one_us = 1e6 / right["ours"]
    return [*table, Row("one event", amount(one_us, "µs"), "–", one_us, "µs")]


def _write(path: Path, wrong_share: float) -> None:
    """Some thousands of events, the same at every run."""
    chance = random.Random(1)
    with path.open("w") as file:
        for _ in range(10_000):
            is_wrong = chance.random() < wrong_share
            properties = {
                "token": "e3bc4100330c35722740fb8c6f5abddc",
                "distinct_id": f"user-{chance.randrange(1000)}",
                "time": 1_322_092_800,
                "$browser": "Firefox",
                "mp_lib": "web",
                "amount": "3.5" if is_wrong else 3.5,
                "plan": "pro",
                "name": "ann",
                "sku": "a-1",
                "ok": True,
            }
            event = {"event": f"Event {chance.randrange(EVENTS)}", "properties": properties}
            file.write(json.dumps(event) + "\n")


def _python(env: dict[str, str], way: str, path: Path, count: int) -> float:
    command = [sys.executable, "-m", "tests.bench.plan_loops", way, str(path), str(count)]
    return _rate(subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, check=True))


def _node(modules: Path, path: Path, count: int) -> float:
    command = [need("node"), str(LOOP), str(modules), json.dumps(SCHEMA), str(path), str(count)]
    return _rate(subprocess.run(command, stdout=subprocess.PIPE, check=True))


def _rate(run: subprocess.CompletedProcess[bytes]) -> float:
    read = json.loads(run.stdout)
    rate: float = read["count"] / read["cpu_s"]
    return rate
