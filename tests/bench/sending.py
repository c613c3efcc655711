"""Sending events one by one and in batches, against mixpanel-python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.bench import servers
from tests.bench.measure import Aim, Row, amount, in_turn, middle
from tests.bench.surroundings import environment, folder, run_driver

TITLE = "Sending"
NOTE = (
    "Events a second to nginx with a constant answer, one request after the other unless it says "
    "how many are under way at once. Ours makes the request as the window does, sends it, and "
    "reads what the answer means. Behind the rate: CPU time of the client for an event."
)


def rows(is_quick: bool) -> list[Row]:
    """One by one, ten at once, batches of 50."""
    requests = 100 if is_quick else 600
    with folder() as home, servers.nginx(home) as server:
        run = partial(_send, server.address + "/verbose", environment(home), requests)
        sides: dict[str, Callable[[], dict[str, Any]]] = {
            "one": partial(run, "trackscope", 1, 1),
            "their one": partial(run, "mixpanel", 1, 1),
            "ten": partial(run, "trackscope", 1, 10),
            "batch": partial(run, "trackscope", 50, 1),
            "their batch": partial(run, "mixpanel", 50, 1),
            "ten batches": partial(run, "trackscope", 50, 10),
        }
        found = in_turn(1 if is_quick else 5, sides)
    return [
        _row("one by one", found["one"], found["their one"]),
        _row("one by one, 10 at once", found["ten"], found["their one"]),
        _row("batches of 50", found["batch"], found["their batch"], Aim(2.5, "×", is_least=True)),
        _row("batches of 50, 10 at once", found["ten batches"], found["their batch"]),
    ]


def _send(
    url: str, env: dict[str, str], requests: int, client: str, batch: int, at_once: int
) -> dict[str, Any]:
    arguments = (client, str(batch), str(requests), str(at_once), url)
    result: dict[str, Any] = run_driver("events_out", *arguments, env=env)
    return result


def _row(
    what: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]], aim: Aim | None = None
) -> Row:
    def of(results: list[dict[str, Any]], field: str) -> float:
        return middle([each[field] for each in results])

    def shown(results: list[dict[str, Any]]) -> str:
        return f"{amount(of(results, 'per_s'), '/s')}, {amount(of(results, 'cpu_us'), 'µs')}"

    ratio = of(ours, "per_s") / of(theirs, "per_s")
    return Row(what, shown(ours), f"mixpanel-python: {shown(theirs)}", ratio, "×", aim)
