"""The process that reads captures for the window: `trackscope import` as a child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from trackscope.gui.child import prepare
from trackscope.session.importing import Progress, State
from trackscope.session.progress import progress_of

_CANCEL_MS = 2_000
"""What a child that is told to stop has for the batch it is at."""

MAX_LINE = 1 << 20


class ReaderProcess(QObject):
    """Reads files into a history in a process of its own.

    `told` carries a Progress about ten times a second, and the last one of each file; `ended`
    comes once, when there is no more to be told. The child stops when its standard input closes:
    by `cancel`, or because the window is gone.
    """

    told = Signal(object)
    ended = Signal()

    def __init__(self, history: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._process: QProcess | None = None
        self._last: Progress | None = None
        self._names: tuple[str, ...] = ()
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.setInterval(_CANCEL_MS)
        self._deadline.timeout.connect(self._kill)

    @property
    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._process is not None

    def start(self, files: Sequence[Path]) -> None:
        """Read the files, one after the other; nothing while others are being read."""
        if self._process is not None:
            return
        self._last = None
        self._names = tuple(file.name for file in files)
        process = QProcess(self)
        prepare(process, "import", [*self._options(), *map(str, files)])
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start()

    def cancel(self) -> None:
        """Let the child keep what it has and end; it is ended where it does not in 2 seconds."""
        if self._process is not None:
            self._process.closeWriteChannel()
            self._deadline.start()

    def stop(self) -> None:
        """End the child now, and wait for that."""
        process, self._process = self._process, None
        self._deadline.stop()
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            process.readyReadStandardOutput.disconnect(self._on_output)
            process.kill()
            process.waitForFinished(_CANCEL_MS)
            process.deleteLater()

    def _options(self) -> list[str]:
        return ["--progress", "--scratch", "--history", str(self._history), "--with-parent", "--"]

    def _on_output(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            progress = progress_of(bytes(process.readLine(MAX_LINE).data()))
            if progress is not None:
                self._last = progress
                self.told.emit(progress)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _on_finished(self) -> None:
        self._on_output()
        process, self._process = self._process, None
        self._deadline.stop()
        if process is None:
            return
        said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        process.deleteLater()
        if self._last is None or self._last.state is State.READING:
            self.told.emit(self._broken_off(said))
        self.ended.emit()

    def _broken_off(self, said: str) -> Progress:
        """The child ended without a last word: killed, or not able to begin."""
        last = self._last or Progress(State.FAILED, self._names[0] if self._names else "")
        reason = said.splitlines()[-1][:300] if said else "The reading was ended from outside."
        return replace(last, state=State.FAILED, problems=(*last.problems, reason))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._process = None
            said = "The reading could not be started: the program's own files are missing."
            self.told.emit(self._broken_off(said))
            self.ended.emit()
