"""A large HAR file: time and memory of reading what was tracked out of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench import har_file
from tests.bench.measure import Aim, Row, amount, in_turn, middle
from tests.bench.peers import python_with
from tests.bench.surroundings import ROOT

TITLE = "HAR files"
NOTE = (
    "A HAR as DevTools exports it (indented, program text and images as answers), of which 5 % of "
    "the entries are tracking requests. Each reader is a process of its own. Ours decodes what it "
    "finds; the others only compare URLs, except mitmdump, which reads every exchange. Time is CPU "
    "time, from the first line of the reader on; the file is in the page cache."
)

MEGABYTE = 1_000_000
LENGTHS_MB = (500, 2000)
WHOLE_MB = 500
"""Up to which the file is also given to those that hold it as a whole."""

LIMIT_S = 600.0
"""How long one reader may take."""

_FOLDER = ROOT / "build" / "bench"
_READER = Path(__file__).with_name("har_peer.py")


@dataclass(frozen=True, slots=True)
class Took:
    """What one reader took, in CPU seconds and MB at the most, and how much it found."""

    cpu_s: float
    peak_mb: float
    first_ms: float = 0.0
    count: int = 0


def rows(is_quick: bool) -> list[Row]:
    """Each reader against ours, for each length of file."""
    found = []
    for length in LENGTHS_MB[:1] if is_quick else LENGTHS_MB:
        path = _written(length)
        rounds = 1 if is_quick else 3
        quick = {name: partial(_read, python, name, path) for name, python in _streaming().items()}
        taken = in_turn(rounds, quick)
        if length <= WHOLE_MB:
            taken |= in_turn(1, _heavy(path))
        found += _rows(length, taken)
    return found


def _written(length_mb: int) -> Path:
    """The file, which is made once and is the same each time."""
    path = _FOLDER / f"{length_mb}.har"
    if not path.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        half_done = path.with_suffix(".part")
        har_file.write(half_done, length_mb * MEGABYTE)
        half_done.rename(path)
    return path


def _streaming() -> dict[str, Path]:
    """The readers that need little memory, with the interpreter of each."""
    ijson = python_with("ijson")
    readers = {"ours": Path(sys.executable), "read": Path(sys.executable)}
    return readers | ({"ijson": ijson} if ijson else {})


def _heavy(path: Path) -> dict[str, Callable[[], Took]]:
    """Those that hold all of it, measured once."""
    own = Path(sys.executable)
    sides: dict[str, Callable[[], Took]] = {
        "json": partial(_read, own, "json", path),
        "orjson": partial(_read, own, "orjson", path),
    }
    mitmproxy = python_with("mitmproxy")
    if mitmproxy:
        sides["mitmdump"] = partial(_mitmdump, mitmproxy, path)
    return sides


def _read(python: Path, name: str, path: Path) -> Took:
    command = [str(python), str(_READER), name, str(path)]
    env = os.environ | {"PYTHONPATH": str(ROOT / "app")}
    done = subprocess.run(
        command, check=True, capture_output=True, timeout=LIMIT_S, env=env, text=True
    )
    took = json.loads(done.stdout)
    return Took(took["cpu_s"], took["peak_mb"], took["first_ms"], took["count"])


def _mitmdump(python: Path, path: Path) -> Took:
    """What `mitmdump -r` takes; its start-up is part of it."""
    program = python.with_name("mitmdump")
    with subprocess.Popen(
        [str(program), "-q", "-n", "--set", f"confdir={_FOLDER}", "-r", str(path)],
        stdout=subprocess.DEVNULL,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Took(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _rows(length_mb: int, taken: dict[str, list[Took]]) -> list[Row]:
    def cpu_s(name: str) -> float:
        return middle([each.cpu_s for each in taken[name]])

    def peak_mb(name: str) -> float:
        return middle([each.peak_mb for each in taken[name]])

    what, ours = f"{length_mb:,} MB, time", cpu_s("ours")
    found = []
    for name in taken:
        if name != "ours":
            aim = _AIMS.get(name) if length_mb == LENGTHS_MB[-1] else None
            against = f"{name}, {amount(peak_mb(name), 'MB')}"
            found.append(_times_faster(what, ours, (against, cpu_s(name)), aim))
    first_ms = middle([each.first_ms for each in taken["ours"]])
    peak = peak_mb("ours")
    count = f"{taken['ours'][0].count:,} requests"
    return [
        *found,
        Row(f"{length_mb:,} MB, memory", amount(peak, "MB"), count, peak, "MB", Aim(100, "MB")),
        Row(
            f"{length_mb:,} MB, first row", amount(first_ms, "ms"), "", first_ms, "ms",
            Aim(150, "ms"),
        ),
    ]  # fmt: skip


_AIMS = {"ijson": Aim(3, "×", is_least=True), "read": Aim(0.25, "×", is_least=True)}


def _times_faster(what: str, ours: float, against: tuple[str, float], aim: Aim | None) -> Row:
    """How many times as fast as the other ours is."""
    name, other = against
    return Row(what, amount(ours, "s"), f"{name}: {amount(other, 's')}", other / ours, "×", aim)
