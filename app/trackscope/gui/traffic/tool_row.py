"""The row over the list: record, open, clear, the source, the filter, the count."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.filter_field import FilterField
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.session.progress import counted

SOURCES = ("Opened captures", "Sent and received")
OPENED, LIVE = range(2)


class ToolRow(QFrame):
    """Tells by `asked` which command is wanted (its id), by `source_chosen` the source's index."""

    asked = Signal(str)
    source_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_ui()
        self._connect()
        self.show_recording(is_recording=False)

    def _build_ui(self) -> None:
        self.setObjectName("trafficTools")
        self.record = _button("circle-dot", "Record", "Record", "toggle-collector")
        self.record.setObjectName("record")
        self.open = _button("folder-open", "Open capture", "Open capture…", "open-capture")
        self.open.setObjectName("openCapture")
        self.clear = _button("trash-2", "Clear list", "Clear", "clear-history")
        self.clear.setObjectName("clearList")
        self.source = QComboBox()
        self.source.setObjectName("trafficSource")
        self.source.setAccessibleName("Source")
        self.source.addItems(SOURCES)
        label = QLabel("Source", self)
        label.setBuddy(self.source)
        label.hide()
        self.filter = FilterField()
        self._empty = IconButton("x", "Clear filter")
        self._empty.setObjectName("clearFilter")
        self._empty.hide()
        self.count = QLabel()
        self.count.setObjectName("trafficCount")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.count.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(8)
        for widget in (self.record, self.open, self.clear, self.source):
            row.addWidget(widget)
        row.addWidget(self.filter, 1)
        row.addWidget(self._empty)
        row.addWidget(self.count)

    def _connect(self) -> None:
        self.record.clicked.connect(lambda: self.asked.emit("toggle-collector"))
        self.open.clicked.connect(lambda: self.asked.emit("open-capture"))
        self.clear.clicked.connect(lambda: self.asked.emit("clear-history"))
        self.source.activated.connect(self.source_chosen)
        self.filter.textChanged.connect(lambda: self._empty.setVisible(bool(self.filter.text())))
        self._empty.clicked.connect(lambda: self.filter.set_filter(""))

    def show_recording(self, *, is_recording: bool) -> None:
        """Say whether the collector takes what arrives; the button does the other."""
        self.record.setText("Recording" if is_recording else "Record")
        self.record.set_icon("circle-dot", "danger" if is_recording else "")
        what = "Stop the collector" if is_recording else "Start the collector"
        self.record.setAccessibleDescription(what)
        self.record.setToolTip(f"{what} ({key_of('toggle-collector')})")

    def show_count(self, shown: int, total: int, *, is_known: bool = True) -> None:
        """How many of how many are in the list; `38 of 214`."""
        about = "" if is_known else "over "
        words = counted(total, "request") if shown == total else f"{about}{shown:,} of {total:,}"
        self.count.setText(words)
        width = self.count.fontMetrics().horizontalAdvance(words)
        self.count.setMinimumWidth(max(width, Theme.current().px(72)))
        self.clear.setEnabled(total > 0)


def _button(icon: str, label: str, text: str, command: str) -> IconButton:
    return IconButton(icon, label, text=text, kind="outlined", key=key_of(command))
