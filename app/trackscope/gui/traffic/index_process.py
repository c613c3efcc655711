"""The process that indexes a history for the window: `trackscope index` as a child."""

from __future__ import annotations

from PySide6.QtCore import QObject, QProcess, Signal

from trackscope.gui.child import prepare
from trackscope.session.listing import Place

_STOP_MS = 2_000


class IndexProcess(QObject):
    """Indexes one history in a process of its own, whose work no frame waits for.

    The child ends by itself when nothing was written for some seconds, and with the window.
    `ended` carries whether it did what it was started for.
    """

    ended = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._place: Place | None = None

    @property
    def place(self) -> Place | None:
        """The history that is being indexed; None when none is."""
        return self._place if self._process is not None else None

    def start(self, place: Place) -> None:
        """Index this history; another one is left as far as it came."""
        self.stop()
        self._place = place
        process = QProcess(self)
        scratch = ["--scratch"] if place.is_scratch else []
        prepare(process, "index", ["--with-parent", *scratch, "--", str(place.path)])
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start()

    def stop(self) -> None:
        """End the child now: each of its steps is whole or not there at all."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(_STOP_MS)
            process.deleteLater()

    def _on_finished(self, exit_code: int, _: QProcess.ExitStatus) -> None:
        self._on_end(is_done=exit_code == 0)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_end(is_done=False)

    def _on_end(self, *, is_done: bool) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            self.ended.emit(is_done)
