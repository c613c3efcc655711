"""The facts without which a measurement says nothing: machine, system and versions."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("PySide6_Essentials", "httpx", "httptools", "qasync", "mixpanel")
PROGRAMS = {"nginx": "-v", "wrk": "-v", "node": "-v"}


def facts() -> dict[str, str]:
    """What the numbers were measured on, in the order of the report."""
    found = {
        "CPU": f"{_cpu_name()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GB",
        "System": f"{_system_name()}, Linux {platform.release()}",
        "Python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found | {name: _version_of(name, option) for name, option in PROGRAMS.items()}


def load() -> str:
    """How busy the machine is: processes that wanted a core over 1, 5 and 15 minutes."""
    return ", ".join(f"{each:.2f}" for each in os.getloadavg())


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _version_of(program: str, option: str) -> str:
    if shutil.which(program) is None:
        return "not installed"
    run = subprocess.run([program, option], capture_output=True, text=True, check=False)
    words = (run.stdout + run.stderr).replace("/", " ").split()
    return next((word.lstrip("v") for word in words if any(map(str.isdigit, word))), "?")
