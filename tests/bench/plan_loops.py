"""Checks events against a plan in one of two ways, and prints what that took.

Arguments: the way (`trackscope` or `bare`), a file of events, and how many are checked.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tests.bench.plan_check import EVENTS, SCHEMA

from trackscope.capture.exchange import Exchange, Origin
from trackscope.plan.checking import Checking
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.schema import compiled
from trackscope.wire.request import TrackRequest

PLAN = Plan(tuple(Entry(Entity.EVENT, f"Event {n}", SCHEMA) for n in range(EVENTS)))


def with_trackscope() -> Callable[[Any], object]:
    """Counts and findings, as `trackscope check` has them."""
    checking = Checking(PLAN)
    exchange = Exchange(TrackRequest("GET", "http://h/track/"), Origin.OPENED, 0.0)
    return lambda event: checking.add(event, 0, exchange)


def bare() -> Callable[[Any], object]:
    """Nothing but the validator."""
    validators = {entry.name: compiled(entry.schema) for entry in PLAN.entries}

    def check(event: Any) -> object:
        validator, properties = validators[event["event"]], event["properties"]
        return validator.is_valid(properties) or list(validator.iter_errors(properties))

    return check


def main() -> None:
    """Run, and print a line of JSON."""
    way, path, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    events = [json.loads(line) for line in path.read_text().splitlines()]
    check = with_trackscope() if way == "trackscope" else bare()
    for event in events:
        check(event)
    started = time.process_time()
    for event in islice(cycle(events), count):
        check(event)
    print(json.dumps({"count": count, "cpu_s": time.process_time() - started}))


if __name__ == "__main__":
    main()
