"""What the window's collector forwards, and where to: off until somebody switches it on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from trackscope.errors import UsageError
from trackscope.gui.collector_process import CollectorProcess, CollectorState, State
from trackscope.session.forward_change import Answer
from trackscope.session.forwarding import ForwardSettings


class ForwardSwitch(QObject):
    """`switched` carries the ForwardSettings that hold from now on, None for off; `refused` says
    why it is not as asked. A collector that is started anew forwards nothing.
    """

    switched = Signal(object)
    refused = Signal(str)

    def __init__(self, process: CollectorProcess) -> None:
        super().__init__(process)
        self._process = process
        self.current: ForwardSettings | None = None
        process.forwarded.connect(self._on_answered)
        process.changed.connect(self._on_changed)

    @property
    def is_possible(self) -> bool:
        """Whether there is a collector that could forward."""
        return self._process.current.state is State.LISTENING

    def start(self, settings: ForwardSettings) -> None:
        """Forward so from now on."""
        try:
            self._process.forward(settings)
        except UsageError as problem:
            self.refused.emit(str(problem))

    def stop(self) -> None:
        """Forward nothing any more; what waits is kept."""
        self._process.forward(None)

    def _on_answered(self, answer: Answer) -> None:
        self._become(answer.settings)
        if answer.error:
            self.refused.emit(answer.error)

    def _on_changed(self, state: CollectorState) -> None:
        if self.current is not None and state.state is not State.LISTENING:
            self._become(None)

    def _become(self, settings: ForwardSettings | None) -> None:
        self.current = settings
        self.switched.emit(settings)
