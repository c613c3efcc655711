"""Where measured programs run: folders of their own, a display of their own, and a free port."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TRACKSCOPE = str(Path(sys.executable).with_name("trackscope"))

START_S = 20.0
"""How long a program may take until it runs."""


class MissingProgramError(Exception):
    """A program that is measured against is not installed."""


def need(program: str) -> str:
    """The path of a program; MissingProgramError where it is not installed."""
    path = shutil.which(program)
    if path is None:
        raise MissingProgramError(f"{program} is not installed")
    return path


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="trackscope-bench-") as name:
        yield Path(name)


def environment(home: Path) -> dict[str, str]:
    """The environment of a program that must not see the user's own files."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("QT_")}
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        env[f"XDG_{kind}_HOME"] = str(home)
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), env.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return env


@contextmanager
def display(env: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with a screen: a virtual X server's, or Qt's own where there is none."""
    if shutil.which("Xvfb") is None:
        yield env | {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        yield env | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        end(server)


def free_port() -> int:
    """A port that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end(process: subprocess.Popen[Any]) -> None:
    """Let a process end, and see to it."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_driver(name: str, *arguments: str, env: dict[str, str], timeout_s: float = 120) -> Any:
    """Run one of the driver programs beside this file; the JSON value that it prints last."""
    command = [sys.executable, "-m", f"tests.bench.{name}", *arguments]
    run = subprocess.run(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=timeout_s, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])
