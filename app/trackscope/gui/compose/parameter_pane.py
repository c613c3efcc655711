"""The parameters beside `data`, each a control of its own, and how the payload travels."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from trackscope.gui.widgets.document_line import DocumentLine, show_exactly
from trackscope.gui.widgets.pane import Pane
from trackscope.session.composer import Composer
from trackscope.session.draft import Change, Document
from trackscope.wire.editing import with_param, with_transport

FLAGS = ("ip", "img", "test", "verbose")

TRANSPORTS = (
    ("query-base64", "GET · Base64"),
    ("form-base64", "POST form · Base64"),
    ("query-json", "GET · JSON"),
    ("form-json", "POST form · JSON"),
    ("body-json", "POST body · JSON"),
)

_HINTS = {
    "ip": "ip=1: the requester's address becomes the ip property,\n"
    "and distinct_id where there is none. The answer stays the same.",
    "img": "img=1: the answer is a transparent picture of 1×1 pixels,\n"
    "whether or not data was logged.",
    "test": "test=1: a queue of high priority, at most 100 requests a second.\n"
    "The answer stays the same.",
    "verbose": 'verbose=1: the answer is JSON with status and error:\n{"status": 0, "error": "…"}',
    "redirect": "The answer is 302 to this http or https URL,\nwhether or not data was logged.",
    "callback": "The answer is JavaScript that calls this function: name(1);",
    "transport": "How the payload travels. The specification wants Base64, by GET or POST form.",
}


class ParameterPane(Pane):
    """Flags, redirect, callback and transport of the composer's request."""

    def __init__(self, composer: Composer, parent: QWidget | None = None) -> None:
        super().__init__("Parameters", parent=parent)
        self._composer = composer
        self._build_ui()
        self._connect()
        self._show()

    def _build_ui(self) -> None:
        self.setObjectName("parametersPane")
        self._transport = QComboBox()
        self._transport.setObjectName("transport")
        self._transport.setAccessibleName("Transport")
        self._transport.setToolTip(_HINTS["transport"])
        for id_, words in TRANSPORTS:
            self._transport.addItem(words, id_)
        label = QLabel("Transport")
        label.setObjectName("captionLabel")
        label.setBuddy(self._transport)
        self.add_action_widget(label)
        self.add_action_widget(self._transport)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(12, 8, 12, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        self._flags = {name: self._flag(name) for name in FLAGS}
        for column, box in enumerate(self._flags.values()):
            grid.addWidget(box, 0, column)
        self._lines = {
            "redirect": self._line("redirect", "https://…"),
            "callback": self._line("callback", "function name"),
        }
        for row, (name, line) in enumerate(self._lines.items(), 1):
            caption = QLabel(name)
            caption.setBuddy(line)
            grid.addWidget(caption, row, 0)
            grid.addWidget(line, row, 1, 1, 3)
        self.set_content(content)

    def _flag(self, name: str) -> QCheckBox:
        box = QCheckBox(name)
        box.setObjectName(f"{name}Flag")
        box.setAccessibleName(name)
        box.setToolTip(_HINTS[name])
        return box

    def _line(self, name: str, placeholder: str) -> DocumentLine:
        line = DocumentLine()
        line.setObjectName(f"{name}Parameter")
        line.setAccessibleName(name)
        line.setPlaceholderText(placeholder)
        line.setToolTip(_HINTS[name])
        return line

    def _connect(self) -> None:
        for name, box in self._flags.items():
            box.clicked.connect(lambda checked, name=name: self._on_flag(name, checked))
        for name, line in self._lines.items():
            line.textEdited.connect(lambda text, name=name: self._on_text(name, text))
        self._transport.activated.connect(self._on_transport)
        self._composer.draft.changed.connect(self._on_changed)

    def _on_flag(self, name: str, is_on: bool) -> None:
        # Taken away rather than set to 0, which would be the same to the server.
        self._set(name, "1" if is_on else None, f"parameter.{name}")

    def _on_text(self, name: str, text: str) -> None:
        self._set(name, text or None, f"parameter.{name}")

    def _set(self, name: str, value: str | None, origin: str) -> None:
        def changed(document: Document) -> Document:
            return replace(document, request=with_param(document.request, name, value))

        self._composer.edit(changed, origin)

    def _on_transport(self) -> None:
        transport = self._transport.currentData()

        def changed(document: Document) -> Document:
            return replace(document, request=with_transport(document.request, transport))

        self._composer.edit(changed, "transport", alone=True)

    def _on_changed(self, change: Change) -> None:
        self._show(change.origin)

    def _show(self, origin: str = "") -> None:
        decoded = self._composer.document.decoded
        for name, box in self._flags.items():
            box.setChecked(decoded.is_on(name))
        for name, line in self._lines.items():
            if origin != f"parameter.{name}":
                show_exactly(line, decoded.value(name) or "")
        transport = decoded.transport
        found = self._transport.findData(transport)
        if found < 0:
            self._transport.addItem(transport.replace("-", " · "), transport)
            found = self._transport.count() - 1
        self._transport.setCurrentIndex(found)
