"""The command line starts without Qt, and everything but the window can be tested without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import trackscope

ROOT = Path(__file__).parent.parent
NAMES_OF_QT = ("PySide6", "shiboken6", "qasync")


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_the_command_line_tells_its_version_without_loading_qt() -> None:
    done = _python(
        "import sys\n"
        "from trackscope.__main__ import main\n"
        "try:\n"
        "    code = main(['--version'])\n"
        "except SystemExit as end:\n"
        "    code = end.code\n"
        f"print(code or 0, [name for name in {NAMES_OF_QT} if name in sys.modules])\n"
    )
    *version, verdict = done.stdout.splitlines()
    assert verdict == "0 []", done.stderr
    assert trackscope.__version__ in "\n".join(version)


def test_importing_the_whole_core_loads_no_qt() -> None:
    done = _python(
        "import importlib, pkgutil, sys, trackscope\n"
        "for module in pkgutil.walk_packages(trackscope.__path__, 'trackscope.'):\n"
        "    if not module.name.startswith('trackscope.gui'):\n"
        "        importlib.import_module(module.name)\n"
        f"print([name for name in {NAMES_OF_QT} if name in sys.modules])\n"
    )
    assert done.stdout == "[]\n", done.stderr


def test_all_tests_but_the_window_s_can_be_collected_with_no_qt_installed() -> None:
    done = _python(
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({NAMES_OF_QT}))\n"
        "import pytest\n"
        "sys.exit(pytest.main(['--collect-only', '-q', '-p', 'no:pytest-qt',\n"
        "    '-p', 'no:cacheprovider', '--ignore=tests/gui']))\n"
    )
    assert done.returncode == 0, done.stdout[-2000:]
