"""The top row: method, the whole URL, copy as, and Send."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QWidget

from trackscope.capture.snippet import SNIPPETS, available
from trackscope.gui.commands import key_of
from trackscope.gui.compose.text_face import TextFace
from trackscope.gui.widgets.code_line import CodeLine
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.session.composer import Composer
from trackscope.session.draft import Change, Document
from trackscope.session.lens import UrlLens
from trackscope.wire.editing import with_transport

METHODS = ("GET", "POST")


class UrlRow(QWidget):
    """Edits method and URL of the composer's request; tells when sending or copying is asked for.

    `copied` carries the id of a snippet.
    """

    sent = Signal()
    cancelled = Signal()
    copied = Signal(str)

    def __init__(self, composer: Composer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composer = composer
        self._is_sending = False
        self._build_ui()
        self._connect()
        self._show()

    def _build_ui(self) -> None:
        self.setObjectName("urlRow")
        self._method = QComboBox()
        self._method.setObjectName("method")
        self._method.setAccessibleName("Method")
        self._method.addItems(METHODS)
        self._method.setFixedWidth(84)
        label = QLabel("Method", self)
        label.setBuddy(self._method)
        label.hide()
        self.url = CodeLine()
        self.url.setObjectName("requestUrl")
        self.url.setAccessibleName("Request URL")
        self._length = QLabel()
        self._length.setObjectName("urlLength")
        self._copy = IconButton(
            "copy", "Copy as", text="Copy as…", kind="outlined", key=key_of("copy-as")
        )
        self._copy.setObjectName("copyAs")
        self._menu = QMenu(self._copy)
        self._copy.setMenu(self._menu)
        self._send = IconButton("send", "Send", text="Send", kind="primary", key=key_of("send"))
        self._send.setObjectName("sendButton")
        self._send.setMinimumWidth(88)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self._method)
        layout.addWidget(self.url, 1)
        layout.addWidget(self._length)
        layout.addWidget(self._copy)
        layout.addWidget(self._send)

    def _connect(self) -> None:
        self._face = TextFace(self.url, UrlLens(), self._composer)
        self._method.activated.connect(self._on_method)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.url.submitted.connect(self.sent)
        self._send.clicked.connect(self._on_send)
        self._composer.draft.changed.connect(self._on_changed)

    def show_sending(self, *, is_sending: bool) -> None:
        """Let Send be Cancel while a request is under way."""
        self._is_sending = is_sending
        self._send.setText("Cancel" if is_sending else "Send")
        self._send.setAccessibleName("Cancel" if is_sending else "Send")
        self._send.set_icon("x" if is_sending else "send")

    def show_copy_menu(self) -> None:
        """Open the menu of the ways to copy the request."""
        self._copy.showMenu()

    def _on_send(self) -> None:
        (self.cancelled if self._is_sending else self.sent).emit()

    def _on_method(self) -> None:
        method = self._method.currentText()

        def changed(document: Document) -> Document:
            request = document.request
            if method == "POST" and document.decoded.transport.startswith("query"):
                form = "base64" if document.decoded.is_base64 else "json"
                request = with_transport(request, f"form-{form}")
            elif method == "GET":
                form = "base64" if document.decoded.is_base64 else "json"
                request = with_transport(request, f"query-{form}")
            return replace(document, request=replace(request, method=method))

        self._composer.edit(changed, "method", alone=True)

    def _on_changed(self, change: Change) -> None:
        self._show()

    def _show(self) -> None:
        request = self._composer.document.request
        if self._method.findText(request.method) < 0:
            self._method.addItem(request.method)
        self._method.setCurrentText(request.method)
        length = len(request.url)
        limit = self._composer.book.era.url_limit
        self._length.setText(f"{length:,} chars")
        self._length.setProperty("tone", "attention" if length > limit else "")
        self._length.style().polish(self._length)
        self._length.setToolTip(
            f"The URL has {length:,} characters. Common servers read {limit:,} at most,\n"
            "old browsers and some proxies 2,083."
        )

    def _fill_menu(self) -> None:
        self._menu.clear()
        for snippet in SNIPPETS:
            reason = available(self._composer.document.request, snippet.id)
            text = f"{snippet.label} ({reason})" if reason else snippet.label
            action = self._menu.addAction(text, partial(self.copied.emit, snippet.id))
            action.setEnabled(not reason)
