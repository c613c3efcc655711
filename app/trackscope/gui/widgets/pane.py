"""A part of the window: a header with title, state and actions over its content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.plain import plain


class Pane(QFrame):
    """Give it content with `set_content`; the banner lies between header and content."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: QWidget | None = None
        self.__build(title)

    def __build(self, title: str) -> None:
        # Not `_build_ui`: panes are subclassed, and the subclass builds its own.
        self._title = _label(title, "paneTitle")
        self._extra = _label("", "paneExtra")
        self._badge = Badge()
        self._badge.hide()
        header = QFrame()
        header.setObjectName("paneHeader")
        self._row = QHBoxLayout(header)
        self._row.setContentsMargins(12, 0, 6, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addWidget(self._extra)
        self._row.addWidget(self._badge)
        self.banner = Banner()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(header)
        self._column.addWidget(self.banner)

    def set_content(self, content: QWidget) -> None:
        """Fill the pane; what filled it before is deleted."""
        if self._content is not None:
            self._content.deleteLater()
        self._content = content
        self._column.addWidget(content, 1)

    def add_action_widget(self, widget: QWidget) -> None:
        """Put a button or another small widget at the right end of the header."""
        self._row.addWidget(widget)

    def set_title(self, title: str) -> None:
        """Name the pane."""
        self._title.setText(plain(title, 120))

    def set_extra(self, text: str) -> None:
        """Say something about the content, such as "204 bytes"."""
        self._extra.setText(plain(text, 120))
        self._extra.setVisible(bool(text))

    def set_badge(self, text: str, role: str) -> None:
        """Show the content's state."""
        self._badge.show_state(text, role)
        self._badge.show()

    def clear_badge(self) -> None:
        """Show no state."""
        self._badge.hide()

    def show_banner(
        self,
        role: str,
        sentence: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        word: str = "",
    ) -> None:
        """Say what is wrong with the content, with a button for each (words, what it does), and
        perhaps a word in a badge before it.
        """
        self.banner.say(role, sentence, actions, word)

    def hide_banner(self) -> None:
        """Say nothing."""
        self.banner.hide()


def _label(text: str, name: str) -> QLabel:
    label = QLabel(plain(text, 120))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    return label
