"""The settings: colours, size, how strict the collector is, how long to wait for an answer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.theme.theme import MAX_ZOOM, MIN_ZOOM, Scheme
from trackscope.gui.widgets.spin_box import indented

SCHEMES = (
    (Scheme.SYSTEM, "as the system"),
    (Scheme.LIGHT, "light"),
    (Scheme.DARK, "dark"),
)
MIN_TIMEOUT_S, MAX_TIMEOUT_S, TIMEOUT_S = 0.5, 120.0, 10.0


class SettingsDialog(QDialog):
    """Every change takes effect at once and is told by `changed(name, value)`."""

    changed = Signal(str, object)

    def __init__(
        self,
        *,
        scheme: Scheme,
        zoom: float,
        timeout_s: float,
        is_strict: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        self.setWindowTitle("Settings")
        self._scheme = QComboBox()
        self._scheme.setObjectName("settingColours")
        for each, words in SCHEMES:
            self._scheme.addItem(words, each)
        self._scheme.setCurrentIndex([each for each, _ in SCHEMES].index(scheme))
        self._zoom = QSpinBox()
        self._zoom.setObjectName("settingSize")
        self._zoom.setRange(round(MIN_ZOOM * 100), round(MAX_ZOOM * 100))
        self._zoom.setSingleStep(10)
        self._zoom.setSuffix(" %")
        self._zoom.setValue(round(zoom * 100))
        self._timeout = QDoubleSpinBox()
        self._timeout.setObjectName("settingTimeout")
        self._timeout.setRange(MIN_TIMEOUT_S, MAX_TIMEOUT_S)
        self._timeout.setDecimals(1)
        self._timeout.setSuffix(" s")
        self._timeout.setValue(timeout_s)
        self._strict = QCheckBox("Refuse all that the era's text does not allow")
        self._strict.setObjectName("settingStrict")
        self._strict.setChecked(is_strict)
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        indented(self._zoom, self._timeout)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow("&Colours", self._scheme)
        form.addRow("Si&ze", self._zoom)
        form.addRow("Wait for an &answer", self._timeout)
        form.addRow("&Strict", self._strict)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def _connect(self) -> None:
        self._scheme.activated.connect(
            lambda: self.changed.emit("theme", self._scheme.currentData())
        )
        self._zoom.valueChanged.connect(lambda value: self.changed.emit("zoom", value / 100))
        self._timeout.valueChanged.connect(lambda value: self.changed.emit("timeout", value))
        self._strict.clicked.connect(lambda checked: self.changed.emit("strict", checked))
