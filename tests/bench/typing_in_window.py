"""Types into the running program: opens it as `trackscope` does, and prints what each key took.

Its argument is a JSON list of cases: the fields of `Case`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from trackscope.__main__ import main
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.window import MainWindow

EVENTS = 50
PROPERTIES = 40
SETTLE_S = 0.3
PAUSE_S = 0.5
LATE_S = 30.0
MARK = "here:"


@dataclass(frozen=True, slots=True)
class Case:
    """A payload of about `size` characters, laid out or not, sent by `method`; keys to type.

    With `faulty`, no event has a token: a finding each.
    """

    size: int
    indent: bool
    method: str
    faulty: bool
    keys: int


def payload(case: Case) -> str:
    """A batch of that many characters; in its middle, a value in which to type."""
    value = "value " * max(1, case.size // EVENTS // PROPERTIES // 6 - 4)
    events: list[dict[str, Any]] = []
    for index in range(EVENTS):
        properties: dict[str, Any] = {
            "token": "e3bc4100330c35722740fb8c6f5abddc",
            "distinct_id": f"user-{index}",
            "time": int(time.time()),
        }
        if case.faulty:
            del properties["token"]
        for number in range(PROPERTIES):
            properties[f"property {number:04}"] = f"{value}{number}"
        events.append({"event": f"Step {index}", "properties": properties})
    events[EVENTS // 2]["properties"]["note"] = MARK
    if case.indent:
        return json.dumps(events, indent=2)
    return json.dumps(events, separators=(",", ":"))


class Typist:
    """Types in the middle of the JSON pane and waits until JSON and Base64 are painted."""

    def __init__(self, window: MainWindow) -> None:
        self._json = _editor(window, "json")
        self._data = _editor(window, "base64Data")
        self._method = window.findChild(QComboBox, "method")

    def measure(self, case: Case) -> dict[str, Any]:
        """Milliseconds of each key: until both are painted, and until the window is free again.

        `pause_ms` is the longest time that the window was busy in the pause after the last key.
        """
        text = payload(case)
        self._fill(text, case.method)
        at = text.index(MARK) + len(MARK)
        self._json.setFocus()
        self._json.select_range(at, at)
        self._data.select_range(at * 4 // 3, at * 4 // 3)
        _settle(SETTLE_S)
        painted_ms, free_ms = [], []
        for _ in range(case.keys):
            painted, free = self._key()
            painted_ms.append(painted)
            free_ms.append(free)
        pause_ms = _settle(PAUSE_S)
        return {"painted_ms": painted_ms, "free_ms": free_ms, "pause_ms": pause_ms}

    def _fill(self, text: str, method: str) -> None:
        assert isinstance(self._method, QComboBox)
        self._json.select_range(0, len(self._json.text()))
        self._json.insert("[]")
        self._method.setCurrentText(method)
        self._method.activated.emit(self._method.currentIndex())
        self._json.select_range(0, len(self._json.text()))
        self._json.insert(text)
        _settle(SETTLE_S)

    def _key(self) -> tuple[float, float]:
        before = self._data.text()
        started = time.perf_counter()
        QTest.keyClick(self._json, Qt.Key.Key_X)
        while self._data.text() == before:  # should a worker encode it
            QApplication.processEvents()
            assert time.perf_counter() < started + LATE_S, "Base64 does not follow"
        self._json.viewport().repaint()
        self._data.viewport().repaint()
        painted = time.perf_counter()
        QApplication.processEvents()  # judging, and what else was put off
        freed = time.perf_counter()
        return (painted - started) * 1000, (freed - started) * 1000


def _editor(window: MainWindow, name: str) -> CodeEdit:
    found = window.findChild(CodeEdit, name)
    assert isinstance(found, CodeEdit)
    return found


def _settle(seconds: float) -> float:
    """Let everything happen that was put off; the longest time in ms that one thing took."""
    longest_s = 0.0
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        QApplication.processEvents()
        longest_s = max(longest_s, time.perf_counter() - started)
        time.sleep(0.002)
    return longest_s * 1000


def run_cases(window: MainWindow, cases: Sequence[Case]) -> None:
    """Measure every case, print the results, close the window."""
    typist = Typist(window)
    results = [typist.measure(case) for case in cases]
    window.close()
    print(json.dumps(results))


if __name__ == "__main__":
    wanted = [Case(**case) for case in json.loads(sys.argv[1])]
    show = MainWindow.show

    def show_and_type(window: MainWindow) -> None:
        show(window)
        QTimer.singleShot(1500, lambda: run_cases(window, wanted))

    MainWindow.show = show_and_type  # type: ignore[assignment, method-assign]  # to get hold of the window
    main([])
