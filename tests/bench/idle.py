"""What the program costs when nobody does anything: the window, and its collector listening."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from tests.bench.measure import Aim, Row, amount
from tests.bench.processes import children, cpu_s
from tests.bench.surroundings import START_S, TRACKSCOPE, display, end, environment, folder

TITLE = "Idle"
NOTE = "CPU time of the open window and of the collector it started, over the time that passes."
SETTLE_S = 3.0
UNIT = "% of a core"


def rows(is_quick: bool) -> list[Row]:
    """The share of a core that each process takes."""
    seconds = 2.0 if is_quick else 15.0
    with folder() as home, display(environment(home)) as env:
        window = subprocess.Popen([TRACKSCOPE], env=env, stderr=subprocess.DEVNULL)
        try:
            collector = _child(window.pid)
            _wait_for_port(collector)
            time.sleep(SETTLE_S)
            pids = (window.pid, collector)
            before = [cpu_s(pid) for pid in pids]
            time.sleep(seconds)
            shares = [
                (cpu_s(pid) - was) / seconds * 100 for pid, was in zip(pids, before, strict=True)
            ]
        finally:
            end(window)
            _wait_for_end(collector)
    return [
        _row("window", shares[0], seconds),
        _row("collector, listening", shares[1], seconds),
    ]


def _row(what: str, share: float, seconds: float) -> Row:
    against = f"over {seconds:.0f} s"
    return Row(what, amount(share, UNIT), against, share, UNIT, Aim(0.5, UNIT))


def _child(pid: int) -> int:
    deadline = time.monotonic() + START_S
    while not (found := children(pid)):
        assert time.monotonic() < deadline, "the window started no collector"
        time.sleep(0.05)
    return found[0]


def _wait_for_port(pid: int) -> None:
    """Wait until the process listens: one of its open files is a listening socket."""
    deadline = time.monotonic() + START_S
    while not _listening_sockets() & _open_sockets(pid):
        assert time.monotonic() < deadline, "the collector does not listen"
        time.sleep(0.05)


def _listening_sockets() -> set[str]:
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    fields = (line.split() for line in table)
    return {f"socket:[{field[9]}]" for field in fields if field[3] == "0A"}


def _open_sockets(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(link.readlink()))
        except OSError:  # closed meanwhile
            continue
    return found


def _wait_for_end(pid: int) -> None:
    """The collector notices that its window is gone."""
    deadline = time.monotonic() + START_S
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
