"""Programs of others that are measured against, each in a virtual environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.surroundings import ROOT

FOLDER = ROOT / "build" / "peers"
INSTALL_S = 300.0
"""How long an installation may take; it is done once."""


def python_with(package: str) -> Path | None:
    """The interpreter of an environment that has the package; None if it cannot be installed.

    Never the project's own environment: such packages pin what it pins otherwise.
    """
    home = FOLDER / package.partition("==")[0]
    python = home / "bin" / "python"
    if (home / "installed").exists():
        return python
    try:
        _run([sys.executable, "-m", "venv", str(home)])
        _run([str(python), "-m", "pip", "install", "--quiet", package])
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"{package} could not be installed and is left out: {problem}")
        return None
    (home / "installed").touch()
    return python


def node_with(package: str) -> Path | None:
    """The folder of node_modules that has the package; None if it cannot be installed."""
    name = package.partition("@")[0]
    home = FOLDER / f"node-{name}"
    modules = home / "node_modules"
    if (modules / name).exists():
        return modules
    try:
        home.mkdir(parents=True, exist_ok=True)
        _run(
            [
                "npm",
                "install",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--prefix",
                str(home),
                package,
            ]
        )
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"{package} could not be installed and is left out: {problem}")
        return None
    return modules


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, timeout=INSTALL_S, capture_output=True)
