"""The middle column: JSON, Base64 and, for a POST, the body, each editable."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.compose.text_face import TextFace
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.session import batch
from trackscope.session.composer import Composer
from trackscope.session.draft import Change, Document
from trackscope.session.lens import BodyLens, DataLens, JsonLens, Lens, Rendered
from trackscope.session.wording import sentence_of

_MENDABLE = ("json.syntax", "json.duplicate-key", "json.not-finite")
"""Flaws of the text that a fix may be known for."""


class PayloadPanes(QWidget):
    """JSON over Base64 over body; panes that the transport has no use for are hidden."""

    def __init__(self, composer: Composer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composer = composer
        self._build_ui()
        self._connect()
        self._show()

    def _build_ui(self) -> None:
        self.setObjectName("payloadPanes")
        self.json = _editor("json", "json", "JSON")
        self.data = _editor("base64Data", "base64", "Base64 data")
        self.body = _editor("requestBody", "plain", "Request body")
        self._json_pane = _pane("JSON", self.json)
        self._data_pane = _pane("Base64 · data", self.data)
        self._body_pane = _pane("Body", self.body)
        self._format = IconButton(
            "wand-sparkles", "Format JSON", text="Format", key=key_of("format-json")
        )
        self._format.setObjectName("formatJson")
        self._json_pane.add_action_widget(self._format)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("payloadSplitter")
        splitter.setChildrenCollapsible(False)
        for pane, weight in ((self._json_pane, 5), (self._data_pane, 3), (self._body_pane, 2)):
            splitter.addWidget(pane)
            splitter.setStretchFactor(splitter.count() - 1, weight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self._faces = [
            self._face(self.json, self._json_pane, JsonLens()),
            self._face(self.data, self._data_pane, DataLens()),
            self._face(self.body, self._body_pane, BodyLens()),
        ]
        self._format.clicked.connect(self.format_json)
        self._composer.draft.changed.connect(self._on_changed)

    def _face(self, editor: CodeEdit, pane: Pane, lens: Lens) -> TextFace:
        return TextFace(editor, lens, self._composer, _state_shower(pane, self._composer))

    def format_json(self) -> None:
        """Lay the JSON out with a member a line."""
        self._layout_json(is_indented=True)

    def compact_json(self) -> None:
        """Lay the JSON out without blanks."""
        self._layout_json(is_indented=False)

    def _layout_json(self, *, is_indented: bool) -> None:
        def changed(document: Document) -> Document:
            return batch.laid_out(document, is_indented=is_indented)

        self._composer.edit(changed, "format", alone=True)

    def _on_changed(self, change: Change) -> None:
        self._show()

    def _show(self) -> None:
        document = self._composer.document
        decoded = document.decoded
        is_body = decoded.transport.startswith("body")
        self._data_pane.setVisible(not is_body)
        self._data_pane.set_title("Base64 · data" if decoded.is_base64 else "data · JSON")
        self._body_pane.setVisible(document.request.method != "GET" or bool(document.request.body))
        self._data_pane.set_extra(_size(len(decoded.data or ""), "character"))
        self._body_pane.set_extra(_size(len(document.request.body), "byte"))


def _size(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _editor(object_name: str, language: str, name: str) -> CodeEdit:
    editor = CodeEdit(language=language)
    editor.setObjectName(object_name)
    editor.setAccessibleName(name)
    return editor


def _pane(title: str, editor: CodeEdit) -> Pane:
    pane = Pane(title)
    pane.set_content(editor)
    return pane


def _state_shower(pane: Pane, composer: Composer) -> Callable[[Rendered], None]:
    """What a pane shows of its text's state: the flaw, and the repair where there is one."""

    def mend() -> None:
        composer.judge_now()
        reason = composer.verdict.reason
        if reason is not None:
            composer.apply_fix(reason)

    def show(rendered: Rendered) -> None:
        flaw = rendered.flaw
        if flaw is None:
            pane.clear_badge()
            pane.hide_banner()
            return
        is_kept = rendered.text is None
        pane.set_badge("last good" if is_kept else "not valid", "danger")
        sentence = sentence_of(flaw.message)
        if is_kept:
            sentence += " This is the last good version."
        actions = [("Mend", mend)] if flaw.rule in _MENDABLE else []
        pane.show_banner("danger", sentence, actions)

    return show
