"""The import contracts of pyproject.toml hold, cover every folder, and catch what they should."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "app" / "trackscope"
PURE = {"capture", "plan", "wire"}


def _contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def _parts() -> set[str]:
    """The names directly under the package: folders and modules."""
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def _sources(contract: str) -> set[str]:
    return {name.removeprefix("trackscope.") for name in _contracts()[contract]["source_modules"]}


def _lint(source: Path, contract: str, cache: Path) -> subprocess.CompletedProcess[str]:
    """Check one contract over the package in the folder `source`."""
    linter = Path(sys.executable).with_name("lint-imports")
    settings = ["--config", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache)]
    return subprocess.run(
        [str(linter), *settings, "--contract", contract],
        capture_output=True,
        text=True,
        check=False,
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source)},
    )


def test_no_part_but_the_window_is_left_out_of_the_rule_on_qt() -> None:
    assert _sources("qt") == _parts() - {"gui", "__main__"}


def test_no_part_but_the_sender_is_left_out_of_the_rule_on_httpx() -> None:
    assert _sources("httpx") == _parts() - {"sender"}


def test_every_pure_part_is_under_the_rule_on_input_and_output() -> None:
    assert _sources("pure") == _parts() & PURE


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's folders and empty modules: what the contracts see, with no import in it."""
    source = tmp_path_factory.mktemp("skeleton")
    package = source / "trackscope"
    for part in _parts():
        if (PACKAGE / part).is_dir():
            (package / part).mkdir(parents=True)
            (package / part / "__init__.py").touch()
    for module in PACKAGE.glob("*.py"):
        (package / module.name).touch()
    for workspace in ("compose", "traffic"):
        (package / "gui" / workspace).mkdir()
        (package / "gui" / workspace / "__init__.py").touch()
    return source


FAULTS = [
    ("layers", "wire/fault.py", "import trackscope.session"),
    ("layers", "sender/fault.py", "import trackscope.history"),
    ("layers", "cli/fault.py", "def f():\n    from trackscope import gui"),
    ("layers", "newcomer/__init__.py", ""),
    ("workspaces", "gui/compose/fault.py", "import trackscope.gui.traffic"),
    ("qt", "session/fault.py", "from PySide6.QtCore import QObject"),
    ("qt", "collector/fault.py", "def f():\n    import qasync"),
    ("qt", "wire/fault.py", "import trackscope.gui.bridge"),
    ("httpx", "gui/fault.py", "import httpx"),
    ("pure", "wire/fault.py", "import asyncio.subprocess"),
    ("pure", "capture/fault.py", "def f():\n    import sqlite3"),
]


@pytest.mark.parametrize(("contract", "path", "code"), FAULTS)
def test_a_planted_fault_is_caught(
    contract: str, path: str, code: str, skeleton: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    shutil.copytree(skeleton, source)
    bridge = source / "trackscope" / "gui" / "bridge.py"
    bridge.write_text("import PySide6\n", encoding="utf-8")
    fault = source / "trackscope" / path
    fault.parent.mkdir(exist_ok=True)
    fault.write_text(code + "\n", encoding="utf-8")

    done = _lint(source, contract, tmp_path / "cache")

    assert done.returncode == 1, done.stdout
    assert "1 broken" in done.stdout


def test_the_contracts_allow_what_is_meant_to_be_allowed(skeleton: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(skeleton, source)
    package = source / "trackscope"
    (package / "sender" / "post.py").write_text("import httpx, asyncio\n", encoding="utf-8")
    (package / "cli" / "send.py").write_text("import trackscope.sender.post\n", encoding="utf-8")
    (package / "gui" / "app.py").write_text("import PySide6, qasync\n", encoding="utf-8")
    for contract in _contracts():
        done = _lint(source, contract, tmp_path / "cache")
        assert done.returncode == 0, done.stdout
