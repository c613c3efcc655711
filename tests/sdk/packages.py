"""Puts the locked SDKs into the build folder, from the registries that pip and npm are set to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LOCKS = Path(__file__).parent / "packages"
BUILD = Path(__file__).parents[2] / "build" / "sdk"
INSTALL_S = 180


def npm_packages() -> Path:
    """The `node_modules` with all that `packages/package-lock.json` names."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed: the SDKs of npm were not tried")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    return _installed("npm", ["package-lock.json", "package.json"], command) / "node_modules"


def python_package(requirement: str) -> Path:
    """A folder for PYTHONPATH with what `packages/REQUIREMENT.txt` names."""
    lock = f"{requirement}.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "--no-deps", "--require-hashes", "--target", ".", "-r", lock]
    return _installed(requirement, [lock], command)


def without_proxy() -> dict[str, str]:
    """The environment for an SDK: it speaks to loopback, whatever proxy the user has."""
    return {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}


def _installed(name: str, files: list[str], command: list[str]) -> Path:
    """The folder in which the installer ran, now or earlier, for the same lock (the first file)."""
    folder, lock = BUILD / name, LOCKS / files[0]
    stamp = folder / ".installed"
    if stamp.is_file() and stamp.read_bytes() == lock.read_bytes():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy(LOCKS / file, folder)
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=INSTALL_S, check=True)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name} was not installed within {INSTALL_S} s, so it was not tried")
    except subprocess.CalledProcessError as problem:
        reason = " ".join(problem.stderr.decode("utf-8", "replace").split())[-300:]
        pytest.skip(f"{name} could not be installed, so it was not tried: {reason}")
    shutil.copy(lock, stamp)
    return folder
