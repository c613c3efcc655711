"""An empty window of the same Qt modules, which are the arguments: what Qt itself costs."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

for name in sys.argv[1:]:
    import_module(f"PySide6.{name}")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.first_frame import FirstFrame, since_start_ms
from tests.bench.measure import resident_mb

if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1280, 800)
    painted: list[float] = []
    watch = FirstFrame(window, lambda: painted.append(since_start_ms()))
    window.show()
    QTimer.singleShot(300, app.quit)
    app.exec()
    result = {"painted_ms": painted[0], "memory_mb": resident_mb(os.getpid())}
    print(json.dumps(result))
