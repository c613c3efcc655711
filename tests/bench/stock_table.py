"""A QTableView over a QStandardItemModel into which rows arrive, as a program is quickly written.

stock_table.py ROWS ROWS_A_SECOND SECONDS
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView
from tests.bench.frame_gaps import FrameGaps
from tests.bench.processes import resident_mb

COLUMNS = 9
ARRIVE_MS = 100


def main(rows: int, arriving: int, seconds: float) -> None:
    """Fill the model, let rows arrive, and print the gaps."""
    app = QApplication(sys.argv[:1])
    model = QStandardItemModel(0, COLUMNS)
    view = QTableView()
    view.setModel(model)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.resize(1280, 400)

    def add(count: int) -> None:
        for _ in range(count):
            model.appendRow([QStandardItem(f"cell {column}") for column in range(COLUMNS)])

    add(rows)
    view.show()
    timer = QTimer()
    timer.timeout.connect(lambda: add(arriving * ARRIVE_MS // 1000))
    timer.start(ARRIVE_MS)

    def tell(gaps_ms: list[float]) -> None:
        print(json.dumps({"gaps_ms": gaps_ms, "memory_mb": resident_mb(os.getpid())}))
        app.quit()

    FrameGaps(view, seconds, tell)
    app.exec()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
