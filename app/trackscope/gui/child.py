"""How the window starts this program's own commands as children."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QProcess


def prepare(process: QProcess, command: str, arguments: Sequence[str]) -> None:
    """Let the process run `trackscope COMMAND ARGUMENT …` by this interpreter, or by a frozen
    build of it, which is the program itself.
    """
    is_frozen = getattr(sys, "frozen", False)
    before = [command] if is_frozen else ["-m", "trackscope", command]
    process.setProgram(sys.executable)
    process.setArguments([*before, *arguments])
