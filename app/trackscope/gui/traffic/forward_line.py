"""A line of the detail: what became of forwarding the exchange; hidden where it was not to be."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.history.forwarding import Forward
from trackscope.session.forward_text import TONES, became_text


class ForwardLine(QFrame):
    """The state in a badge, and beside it where to, and why where something went wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("forwardLine")
        self._badge = Badge()
        policy = self._badge.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._badge.setSizePolicy(policy)
        self._words = ElidedLabel()
        self._words.setObjectName("forwardWords")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self._badge)
        row.addWidget(self._words, 1)
        self.hide()

    def wait(self) -> None:
        """Say nothing until it is known of another exchange; the room is kept, nothing jumps."""
        self._badge.hide()
        self._words.set_text("")

    def show_forward(self, forward: Forward | None) -> None:
        """Show how far an exchange has come."""
        if forward is not None:
            state = forward.outcome.state
            self._badge.show_state(state.value, TONES[state])
            self._badge.show()
            self._words.set_text(became_text(forward))
        self.setVisible(forward is not None)
