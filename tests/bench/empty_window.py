"""An empty window of the same Qt modules, which are the arguments: what Qt itself costs."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from tests.bench.first_frame import FirstFrame, since_start_ms
from tests.bench.processes import resident_mb

STAYS_MS = 300


def main() -> None:
    """Import the modules, show the window, print when it was painted and its memory."""
    for name in sys.argv[1:]:
        import_module(f"PySide6.{name}")
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1280, 800)
    painted: list[float] = []
    FirstFrame(window, lambda: painted.append(since_start_ms()))
    window.show()
    QTimer.singleShot(STAYS_MS, app.quit)
    app.exec()
    print(json.dumps({"painted_ms": painted[0], "memory_mb": resident_mb(os.getpid())}))


if __name__ == "__main__":
    main()
