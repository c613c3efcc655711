"""The window's own collector: `trackscope listen` as a child that ends with the window."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QProcess, Signal

from trackscope.collector.change import Change, Standing, read_outcome, write_change
from trackscope.gui.child import prepare
from trackscope.session.forward_change import read_answer, write_forward
from trackscope.session.forwarding import ForwardSettings

PORT = 8700
"""Where the collector listens if nothing else does."""

NEIGHBOURS = 10
"""Ports after that one which are tried where it is taken: by another window, say."""

_TAKEN = "is taken"

_LISTENING = "listening on "
_STOP_MS = 3000


class State(StrEnum):
    """What the collector is doing."""

    STARTING = "starting"
    LISTENING = "listening"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CollectorState:
    """The state, the address when listening, and the sentence when it failed."""

    state: State
    address: str = ""
    message: str = ""


class CollectorProcess(QObject):
    """Starts and stops the child, and tells its state by `changed(CollectorState)`.

    The child takes changes on its standard input, by whose end it notices that the window is gone;
    what came of each is told by `answered(Outcome)`, and of those to forwarding by
    `forwarded(Answer)`.
    """

    changed = Signal(object)
    answered = Signal(object)
    forwarded = Signal(object)

    def __init__(self, history: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._process: QProcess | None = None
        self._port = PORT
        self._standing = Standing("2011", strict=False)
        self.current = CollectorState(State.STOPPED)

    @property
    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._process is not None

    def start(self, standing: Standing) -> None:
        """Start the child on the usual port, or on the next one that is free.

        It judges by the era of `standing`, strictly or not.
        """
        if self._process is None:
            self._port = PORT
            self._standing = standing
            self._spawn()

    def ask(self, change: Change) -> None:
        """Ask the child, if there is one, for a change; the answer is told later."""
        if self._process is not None:
            self._process.write(write_change(change))

    def forward(self, settings: ForwardSettings | None) -> None:
        """Ask the child to forward so, or nothing any more; the answer is told later.

        UsageError where the settings are more than can be said.
        """
        if self._process is not None:
            self._process.write(write_forward(settings))

    def _spawn(self) -> None:
        process = QProcess(self)
        prepare(process, "listen", self._options())
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._become(CollectorState(State.STARTING))
        process.start()

    def stop(self) -> None:
        """Let the child finish what it has begun, and wait for its end at most 3 seconds."""
        process, self._process = self._process, None
        if process is None:
            return
        process.finished.disconnect(self._on_finished)
        process.errorOccurred.disconnect(self._on_error)
        process.closeWriteChannel()
        if not process.waitForFinished(_STOP_MS):
            process.kill()
            process.waitForFinished(_STOP_MS)
        process.deleteLater()
        self._become(CollectorState(State.STOPPED))

    def _options(self) -> list[str]:
        options = ["--port", str(self._port), "--history", str(self._history), "--with-parent"]
        options += ["--era", self._standing.era]
        return [*options, "--strict"] if self._standing.strict else options

    def _on_output(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._take(_text(self._process.readLine()).rstrip("\r\n"))

    def _take(self, line: str) -> None:
        outcome = read_outcome(line)
        if outcome is not None:
            self.answered.emit(outcome)
        elif (answer := read_answer(line)) is not None:
            self.forwarded.emit(answer)
        elif line.startswith(_LISTENING):
            address = line.removeprefix(_LISTENING)
            message = f"Port {PORT} is taken: the collector listens on {self._port}."
            said = "" if self._port == PORT else message
            self._become(CollectorState(State.LISTENING, address, said))

    def _on_finished(self) -> None:
        process, self._process = self._process, None
        message = "The collector ended."
        if process is not None:
            said = _text(process.readAllStandardError()).strip()
            message = said.splitlines()[-1][:300] if said else message
            process.deleteLater()
        if _TAKEN in message and self._port < PORT + NEIGHBOURS:
            self._port += 1
            self._spawn()
            return
        self._become(CollectorState(State.FAILED, message=message))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._process = None
            message = "The collector could not be started: the program's own files are missing."
            self._become(CollectorState(State.FAILED, message=message))

    def _become(self, state: CollectorState) -> None:
        self.current = state
        self.changed.emit(state)


def _text(output: QByteArray) -> str:
    return bytes(output.data()).decode("utf-8", "replace")
