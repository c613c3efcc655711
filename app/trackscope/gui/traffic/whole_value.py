"""A value that is too long for a cell, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from trackscope.gui.widgets.code_view import CodeView
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.session.form import Type
from trackscope.session.value_tree import Node

_SIZE = (640, 400)


class WholeValue(QDialog):
    """Shows a node's value uncut; it does not hold up the window it belongs to."""

    def __init__(self, node: Node, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build_ui(node)

    def _build_ui(self, node: Node) -> None:
        self.setObjectName("wholeValue")
        self.setWindowTitle(plain(node.label, 80))
        self.resize(*_SIZE)
        is_json = node.type in (Type.LIST, Type.OBJECT) or (node.grow is not None and node.json)
        text = node.json_text if is_json else node.whole_value
        view = CodeView("json" if is_json else "plain")
        view.setObjectName("wholeValueText")
        view.setAccessibleName("Whole value")
        view.setReadOnly(True)
        view.show_text(text)
        pane = Pane(node.label)
        pane.set_extra(f"{len(text):,} character{'' if len(text) == 1 else 's'}")
        pane.set_content(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(pane)
