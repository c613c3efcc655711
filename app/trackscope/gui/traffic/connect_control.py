"""Keeps the panel with which SDKs are connected right, in the empty list and in its window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout

from trackscope.gui.settings import Settings
from trackscope.gui.traffic.connect_panel import ConnectPanel
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.session.connecting import SDKS

_SDK = "traffic/sdk"


class ConnectControl(QObject):
    """`said` tells what was copied, `asked` carries the id of a command of the window."""

    said = Signal(str)
    asked = Signal(str)

    def __init__(self, workspace: TrafficWorkspace, settings: Settings) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._settings = settings
        self._address = ""
        self._sdk = settings.choice(_SDK, [sdk.id for sdk in SDKS])
        self._dialog: QDialog | None = None
        self._panels: list[ConnectPanel] = []
        self._use(workspace.connect_panel)

    def show_address(self, address: str) -> None:
        """Where the collector listens; nowhere where it is empty."""
        self._address = address
        for panel in self._panels:
            panel.show_address(address)

    def open(self) -> None:
        """Show the panel: where the list is empty it stands already, else in a window beside."""
        if self._workspace.connect_panel.isVisible():
            self._workspace.connect_panel.sdk.setFocus()
            return
        if self._dialog is None:
            self._dialog = self._new_dialog()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _new_dialog(self) -> QDialog:
        dialog = QDialog(self._workspace.window(), Qt.WindowType.Dialog)
        dialog.setObjectName("connectWindow")
        dialog.setWindowTitle("Connect an SDK")
        panel = ConnectPanel()
        self._use(panel)
        layout = QVBoxLayout(dialog)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(panel)
        return dialog

    def _use(self, panel: ConnectPanel) -> None:
        panel.said.connect(self.said)
        panel.asked.connect(self.asked)
        panel.chosen.connect(self._on_chosen)
        panel.choose(self._sdk)
        panel.show_address(self._address)
        self._panels.append(panel)

    def _on_chosen(self, id_: str) -> None:
        self._sdk = id_
        self._settings.set(_SDK, id_)
        for panel in self._panels:
            panel.choose(id_)
