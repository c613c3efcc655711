"""Paints every widget of the window's material, light and dark: `gallery.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QSplitter,
    QTableView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.code_line import CodeLine
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.mark import Mark
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.progress_line import ProgressLine
from trackscope.gui.widgets.segmented import Segmented
from trackscope.gui.widgets.toast import Toast

JSON = """{
  "event": "game",
  "properties": {
    "token": "e3bc4100330c35722740fb8c6f5abddc",
    "time": 1322092800,
    "level": -7.5e3,
    "premium": false,
    "note": "tab\\t == != -> \u202egnp.exe",
    "nothing": null
  }
}"""
DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiZTNiYzQxMDAzMzBjMzU3" * 70 + "fQ=="


def bar() -> QWidget:
    """The top bar."""
    widget = QWidget()
    widget.setObjectName("topBar")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(widget)
    row.setContentsMargins(8, 0, 12, 0)
    row.addWidget(Segmented(("Compose", "Traffic", "Verify"), "Workspace"))
    row.addStretch()
    target = QComboBox()
    target.addItems(["Built-in collector  127.0.0.1:8700", "Staging"])
    target.setMinimumWidth(260)
    caption = QLabel("Target")
    caption.setObjectName("captionLabel")
    row.addWidget(caption)
    row.addWidget(target)
    row.addWidget(IconButton("search", "Search", key="Ctrl+K"))
    widget.setFixedHeight(44)
    return widget


def url_row() -> QWidget:
    """Method, URL and Send."""
    widget = QWidget()
    widget.setObjectName("urlRow")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(widget)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(8)
    method = QComboBox()
    method.addItems(["GET", "POST"])
    method.setFixedWidth(84)
    line = CodeLine()
    line.setObjectName("requestUrl")
    line.show_text("http://127.0.0.1:8700/track/?data=" + DATA + "&ip=1")
    for each in (method, line, IconButton("copy", "Copy as", "Copy as…", "outlined")):
        row.addWidget(each)
    row.addWidget(IconButton("send", "Send", "Send", "primary"))
    return widget


def editors() -> QWidget:
    """JSON and Base64 in panes."""
    splitter = QSplitter(Qt.Orientation.Vertical)
    json = CodeEdit("json")
    json.show_text(JSON)
    json.set_marks([Mark(39, 46, "error"), Mark(95, 105, "link"), Mark(110, 117, "warning")])
    pane = Pane("JSON")
    pane.set_content(json)
    pane.set_badge("not valid", "danger")
    pane.set_extra("204 bytes")
    pane.add_action_widget(IconButton("wand-sparkles", "Format JSON", "Format"))
    pane.show_banner(
        "danger",
        "A comma is missing after the value of token, at character 83 of the text.",
        [("Insert it", print)],
    )
    data = CodeEdit("base64")
    data.show_text(DATA)
    other = Pane("Base64 · data")
    other.set_content(data)
    other.set_badge("valid", "success")
    other.add_action_widget(IconButton("copy", "Copy"))
    splitter.addWidget(pane)
    splitter.addWidget(other)
    return splitter


def table() -> QTableView:
    """Rows, one of them selected."""
    model = QStandardItemModel(0, 3)
    model.setHorizontalHeaderLabels(["Property", "Type", "Value"])
    for number in range(30):
        model.appendRow([QStandardItem(f"{word} {number}") for word in ("key", "text", "value")])
    view = QTableView()
    view.setModel(model)
    model.setParent(view)
    view.setShowGrid(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(26)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    )
    view.horizontalHeader().setStretchLastSection(True)
    view.horizontalHeader().setHighlightSections(False)
    view.setSortingEnabled(True)
    view.selectRow(2)
    return view


def tree() -> QTreeView:
    """Branches."""
    model = QStandardItemModel(0, 1)
    model.setHorizontalHeaderLabels(["Field"])
    root = QStandardItem("Request")
    root.appendRow([QStandardItem("Parameters")])
    model.appendRow(root)
    view = QTreeView()
    model.setParent(view)
    view.setModel(model)
    view.expandAll()
    view.setMaximumHeight(100)
    return view


def inputs() -> QWidget:
    """Fields, boxes and buttons."""
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(12, 12, 12, 12)
    column.setSpacing(8)
    checks = QHBoxLayout()
    for name, is_checked, is_enabled in (
        ("ip", True, True),
        ("img", False, True),
        ("on", True, False),
        ("off", False, False),
    ):
        box = QCheckBox(name)
        box.setChecked(is_checked)
        box.setEnabled(is_enabled)
        checks.addWidget(box)
    radio = QRadioButton("either")
    radio.setChecked(True)
    checks.addWidget(radio)
    checks.addWidget(QRadioButton("or"))
    column.addLayout(checks)
    empty = QLineEdit()
    empty.setPlaceholderText("https://…")
    wrong = QLineEdit("not a name")
    wrong.setProperty("invalid", True)
    disabled = QLineEdit("disabled")
    disabled.setEnabled(False)
    spin = QSpinBox()
    spin.setValue(48)
    column.addWidget(QLineEdit("game"))
    for each in (empty, wrong, disabled, spin):
        column.addWidget(each)
    buttons = QHBoxLayout()
    off = QPushButton("Disabled")
    off.setEnabled(False)
    for button in (QPushButton("Plain"), off, IconButton("plus", "Add", "Add property")):
        buttons.addWidget(button)
    column.addLayout(buttons)
    badges = QHBoxLayout()
    for text, role in (
        ("1", "success"),
        ("0", "danger"),
        ("no answer", "attention"),
        ("1×1 GIF", "info"),
    ):
        badges.addWidget(Badge(text, role))
    badges.addStretch()
    column.addLayout(badges)
    column.addWidget(ElidedLabel("A long sentence that has no room: " + "on and on " * 20))
    line = ProgressLine()
    line.set_fraction(0.4)
    line._begin()
    column.addWidget(line)
    return widget


def page() -> QWidget:
    """All of it."""
    widget = QWidget()
    widget.setObjectName("gallery")
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar())
    column.addWidget(url_row())
    left = QWidget()
    stack = QVBoxLayout(left)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(0)
    for each in (inputs(), tree(), table()):
        stack.addWidget(each)
    splitter = QSplitter()
    splitter.addWidget(left)
    splitter.addWidget(editors())
    splitter.setSizes([420, 640])
    column.addWidget(splitter, 1)
    return widget


def main(folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    theme = Theme(app)
    theme.apply()
    widget = page()
    widget.resize(1100, 900)
    widget.show()
    toast = Toast(widget)
    menu = QMenu(widget)
    menu.addAction("Copy as URL").setShortcut("Ctrl+Shift+C")
    checked = menu.addAction("Light colours")
    checked.setCheckable(True)
    checked.setChecked(True)
    menu.addSeparator()
    menu.addAction("Disabled").setEnabled(False)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.set_scheme(scheme)
        for zoom in (1.0, 1.5):
            theme.set_zoom(zoom)
            toast.show_text("Copied as URL")
            app.processEvents()
            widget.grab().save(str(folder / f"gallery-{scheme}-{round(zoom * 100)}.png"))
        theme.set_zoom(1.0)
        line = widget.findChild(CodeLine)
        assert isinstance(line, CodeLine)
        line.setFocus()
        app.processEvents()
        widget.grab().save(str(folder / f"gallery-{scheme}-focus.png"))
        menu.popup(widget.mapToGlobal(widget.rect().center()))
        app.processEvents()
        menu.grab().save(str(folder / f"menu-{scheme}.png"))
        menu.hide()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/gallery"))
