"""The collector with every 1 on disk, against a constant answer and the bare server library."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import servers
from tests.bench.measure import Aim, Row, in_turn, middle, ratio_row
from tests.bench.surroundings import folder, need

from trackscope.wire.encoding import to_base64

TITLE = "Collector"
CONNECTIONS = 32
NOTE = (
    f"wrk with {CONNECTIONS} connections sends as fast as it is answered, on the same cores as the "
    "server. Each request is a GET with one event of ten properties; ours decodes, judges and "
    "stores it before it answers. CPU is that of the server's processes."
)

_COUNTED = re.compile(r"(\d+) requests in")
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_P99 = re.compile(r"99%\s+([\d.]+)(us|ms|s)")
_FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
_IN_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What one flood came to. `lost` are counted requests of which no 1 is on disk."""

    requests: int
    per_s: float
    p99_ms: float
    cpu_us: float
    lost: int = 0


def rows(is_quick: bool) -> list[Row]:
    """Rate, latency and cost of each server; the count of what is on disk."""
    seconds = 1 if is_quick else 5
    with folder() as home:
        batch = home / "batch.lua"
        batch.write_text(_batch_script())
        sides: dict[str, Callable[[], Load]] = {
            "ours": partial(_flood_ours, home, seconds),
            "library": partial(_flood_library, home, seconds),
            "nginx": partial(_flood_nginx, home, seconds),
            "batches": partial(_flood_ours, home, seconds, batch),
        }
        found = in_turn(1 if is_quick else 3, sides)
    return _rows(found)


def _rows(found: dict[str, list[Load]]) -> list[Row]:
    def of(name: str, field: str) -> float:
        return middle([getattr(load, field) for load in found[name]])

    ours = found["ours"] + found["batches"]
    lost, stored = sum(load.lost for load in ours), sum(load.requests for load in ours)
    rate, p99_ms, cpu_us = (of("ours", field) for field in ("per_s", "p99_ms", "cpu_us"))
    seen_s = f"bare library: {of('library', 'per_s'):,.0f}/s, nginx: {of('nginx', 'per_s'):,.0f}/s"
    seen_ms = f"bare library: {of('library', 'p99_ms'):.3g} ms"
    events_per_s = 50 * of("batches", "per_s")
    what_cpu = "CPU of one request"
    return [
        Row("requests", f"{rate:,.0f}/s", seen_s, rate, "/s", Aim(10_000, "/s", is_least=True)),
        Row("answer, p99", f"{p99_ms:.3g} ms", seen_ms, p99_ms, "ms", Aim(10, "ms")),
        Row("answered 1, not on disk", f"{lost}", f"of {stored:,}", lost, "", Aim(0, "")),
        ratio_row(what_cpu, cpu_us, ("bare library", of("library", "cpu_us")), "µs"),
        ratio_row(what_cpu, cpu_us, ("nginx", of("nginx", "cpu_us")), "µs"),
        Row("events in batches of 50", f"{events_per_s:,.0f}/s", "–", events_per_s, "/s"),
    ]


def _flood_ours(home: Path, seconds: int, script: Path | None = None) -> Load:
    history = home / f"{time.monotonic_ns()}.trackscope"
    with servers.collector(home, history) as server:
        load = _flood(server, seconds, script)
    ones = _ones(history)
    for path in home.glob(f"{history.name}*"):
        path.unlink()
    # wrk ends in the middle: what each connection was waiting for is stored but not counted
    assert ones <= load.requests + CONNECTIONS, "more is stored than was sent"
    lost = max(0, load.requests - ones)
    return Load(load.requests, load.per_s, load.p99_ms, load.cpu_us, lost)


def _flood_library(home: Path, seconds: int) -> Load:
    with servers.bare_library(home) as server:
        return _flood(server, seconds)


def _flood_nginx(home: Path, seconds: int) -> Load:
    with servers.nginx(home) as server:
        return _flood(server, seconds)


def _flood(server: servers.Server, seconds: int, script: Path | None = None) -> Load:
    command = [need("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    if script is not None:
        command += ["-s", str(script)]
    url = f"{server.address}/track/"
    if script is None:
        url += "?" + urlencode({"data": to_base64(json.dumps(_event(0))), "ip": "1"})
    cpu_before = server.cpu_s()
    run = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    cpu = server.cpu_s() - cpu_before
    said = run.stdout
    assert not _FAILED.search(said), said
    counted, rate, p99 = _COUNTED.search(said), _RATE.search(said), _P99.search(said)
    assert counted, said
    assert rate, said
    assert p99, said
    requests = int(counted[1])
    p99_ms = float(p99[1]) * _IN_MS[p99[2]]
    return Load(requests, float(rate[1]), p99_ms, cpu / requests * 1e6)


def _ones(history: Path) -> int:
    """The exchanges on disk that were answered 1 and hold all of the request."""
    connection = sqlite3.connect(history)
    try:
        query = (
            "SELECT count(*) FROM exchange WHERE verdict = 1 AND length(url) + length(body) > 99"
        )
        (ones,) = connection.execute(query).fetchone()
        return int(ones)
    finally:
        connection.close()


def _batch_script() -> str:
    """What makes wrk post batches of 50 events."""
    data = to_base64(json.dumps([_event(index) for index in range(50)]))
    return (
        'wrk.method = "POST"\n'
        'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n'
        f'wrk.body = "{urlencode({"data": data})}"\n'
    )


def _event(index: int) -> dict[str, object]:
    properties = {
        "token": "e3bc4100330c35722740fb8c6f5abddc",
        "distinct_id": f"user-{index}",
        "time": int(time.time()),
        "$os": "Linux",
        "$browser": "Firefox",
        "$screen_width": 1920,
        "plan": "premium",
        "is_trial": False,
        "amount": 12.5,
        "page": "/checkout/confirm",
    }
    return {"event": "Order placed", "properties": properties}
