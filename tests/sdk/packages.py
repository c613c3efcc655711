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
    folder = BUILD / "npm"
    lock = folder / "package-lock.json"
    if not _is_same(lock, LOCKS / lock.name):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", lock.name):
            shutil.copy(LOCKS / name, folder)
        _install([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, lock)
    return folder / "node_modules"


def python_package(requirement: str) -> Path:
    """A folder for PYTHONPATH with what `packages/REQUIREMENT.txt` names."""
    folder = BUILD / requirement
    lock = folder / f"{requirement}.txt"
    if not _is_same(lock, LOCKS / lock.name):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(LOCKS / lock.name, folder)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _install([*pip, "--no-deps", "--require-hashes", "--target", ".", "-r", lock], folder, lock)
    return folder


def without_proxy() -> dict[str, str]:
    """The environment for an SDK: it speaks to loopback, whatever proxy the user has."""
    return {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}


def _is_same(copy: Path, original: Path) -> bool:
    return copy.is_file() and copy.read_bytes() == original.read_bytes()


def _install(command: list[str | Path], folder: Path, lock: Path) -> None:
    """Run an installer; where it fails, the copy of the lock, which tells that it ran, goes."""
    try:
        found = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
        problem = found.stderr.strip()[-300:] if found.returncode else ""
    except subprocess.TimeoutExpired:
        problem = f"no answer in {INSTALL_S} s"
    if problem:
        lock.unlink()
        pytest.skip(f"{lock.stem} could not be installed, so it was not tried: {problem}")
