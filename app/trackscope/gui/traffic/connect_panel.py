"""Where the collector listens, and the lines that point an SDK at it, each to be copied."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_view import CodeView
from trackscope.gui.widgets.form_row import caption, form_row
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.session.connecting import SDKS, Sdk, sdk_of

NOWHERE = "The collector does not listen. Start it first: Record, or"
_WIDTH_PX = 640
_CODE_PX = 88


class ConnectPanel(QWidget):
    """`asked` carries the id of a command of the window, `said` what was copied.

    `chosen` carries the id of another SDK.
    """

    asked = Signal(str)
    said = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address = ""
        self._build_ui()
        self._connect()
        self._show()

    def _build_ui(self) -> None:
        self.setObjectName("connectPanel")
        self.address = QLineEdit()
        self.address.setObjectName("collectorAddress")
        self.address.setAccessibleName("Collector address")
        self.address.setReadOnly(True)
        self.copy_address = _button("copy", "Copy address")
        self.copy_address.setObjectName("copyAddress")
        self.send_test = IconButton("send", "Send a test event", text="Send a test event",
                                    kind="primary", key=key_of("send-test"))  # fmt: skip
        self.send_test.setObjectName("sendTestEvent")
        self.sdk = QComboBox()
        self.sdk.setObjectName("sdk")
        self.sdk.setAccessibleName("SDK")
        for each in SDKS:
            self.sdk.addItem(each.label, each.id)
        self.copy_lines = _button("copy", "Copy lines")
        self.copy_lines.setObjectName("copyLines")
        self.lines = CodeView()
        self.lines.setObjectName("sdkLines")
        self.lines.setAccessibleName("Lines of configuration")
        self.lines.setReadOnly(True)
        self._fit()
        self._hint = QLabel()
        self._hint.setObjectName("sdkHint")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(form_row(self.address, self.copy_address, self.send_test, wide=0))
        column.addLayout(form_row(caption("SDK", self.sdk), self.sdk, self.copy_lines, wide=1))
        column.addWidget(self.lines)
        column.addWidget(self._hint)

    def _connect(self) -> None:
        self.copy_address.clicked.connect(lambda: self._copy(self._address, self._address))
        self.copy_lines.clicked.connect(self._copy_lines)
        self.send_test.clicked.connect(lambda: self.asked.emit("send-test"))
        self.sdk.activated.connect(self._on_chosen)

    @property
    def current(self) -> Sdk:
        """The SDK whose lines are shown."""
        return sdk_of(str(self.sdk.currentData()))

    def show_address(self, address: str) -> None:
        """The collector listens there; nowhere where it is empty."""
        self._address = address
        self._show()

    def choose(self, id_: str) -> None:
        """Show the lines of this SDK, or of the first where there is none of that id."""
        self.sdk.setCurrentIndex(max(0, self.sdk.findData(id_)))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Take the sizes of another zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        self.setFixedWidth(theme.px(_WIDTH_PX))
        self.lines.setFixedHeight(theme.px(_CODE_PX))

    def _on_chosen(self) -> None:
        self._show()
        self.chosen.emit(self.current.id)

    def _show(self) -> None:
        address, sdk = self._address, self.current
        self.address.setText(address)
        self.copy_address.setEnabled(bool(address))
        self.copy_lines.setEnabled(bool(address))
        self.lines.show_text(sdk.code(address) if address else "")
        nowhere = f"{NOWHERE} {key_of('toggle-collector')}."
        self._hint.setText(sdk.advice(address) if address else nowhere)

    def _copy_lines(self) -> None:
        self._copy(self.lines.text(), f"the lines for {self.current.label}")

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.said.emit(f"Copied {what}")


def _button(icon: str, words: str) -> IconButton:
    return IconButton(icon, words, text=words, kind="outlined")
