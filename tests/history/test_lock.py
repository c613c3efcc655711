"""A lock that one process at a time holds, and that ends with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from trackscope.history.lock import Lock

HOLD = (
    "import sys; from pathlib import Path; from trackscope.history.lock import Lock; "
    "print(Lock(Path(sys.argv[1]), 'x').acquire(), flush=True); sys.stdin.read()"
)


def test_a_lock_is_held_once_and_can_be_taken_when_it_is_given_back(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "h", "x"), Lock(tmp_path / "h", "x")
    assert (first.acquire(), second.acquire()) == (True, False)
    first.release()
    assert second.acquire()
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_locks_for_other_purposes_are_others(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "h", "x"), Lock(tmp_path / "h", "y")
    assert (first.acquire(), second.acquire()) == (True, True)
    first.release()
    second.release()


def test_a_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "h"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        assert not Lock(path, "x").acquire()
        process.kill()
        process.wait()
    lock = Lock(path, "x")
    assert lock.acquire()
    lock.release()


def test_a_history_in_memory_needs_none() -> None:
    assert Lock(None, "x").acquire()
    Lock(None, "x").release()
