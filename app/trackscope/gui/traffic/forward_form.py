"""What is to be forwarded where, as it is filled in: target, tokens, and which requests."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.form_row import caption, form_row
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.plain import plain
from trackscope.session.forward_text import chosen_events, chosen_tokens, events_text
from trackscope.session.forwarding import ForwardSettings
from trackscope.session.target import SERVICE_TARGETS

ALL_TOKENS = "* for any other"
_CAPTION_PX = 88
_LIST_PX = 60
_PAIR = 0x0100
"""The role under which an entry of the list has its two tokens: Qt's first for users."""


class ForwardForm(QWidget):
    """The list of tokens holds what was added; a pair that is only filled in counts as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_ui()
        self._add.clicked.connect(self._on_add)
        self._remove.clicked.connect(lambda: self.tokens.takeItem(self.tokens.currentRow()))
        self.tokens.currentRowChanged.connect(lambda row: self._remove.setEnabled(row >= 0))
        self._changed = (self._old.textChanged, self._new.textChanged)
        for changed in self._changed:
            changed.connect(lambda _: self._add.setEnabled(all(self._pair)))

    def _build_ui(self) -> None:
        self.target = QComboBox()
        self.target.setObjectName("forwardTarget")
        self.target.setAccessibleName("Forward to")
        self.target.setEditable(True)
        self.target.addItems([each.base for each in SERVICE_TARGETS])
        self.target.setCurrentText("")
        field = self.target.lineEdit()
        assert field is not None
        field.setObjectName("forwardTargetText")
        field.setPlaceholderText("http://127.0.0.1:8701, or one of the service's hosts")
        self._old = _field("forwardOldToken", "Token", f"As received; {ALL_TOKENS}")
        self._new = _field("forwardNewToken", "Becomes", "As forwarded")
        self._add = IconButton("plus", "Add token", text="Add", kind="outlined")
        self._add.setObjectName("addToken")
        self._add.setEnabled(False)
        self.tokens = QListWidget()
        self.tokens.setObjectName("forwardTokens")
        self.tokens.setAccessibleName("Tokens that are replaced")
        self.tokens.setFixedHeight(Theme.current().px(_LIST_PX))
        self._remove = IconButton("x", "Remove token", text="Remove", kind="outlined")
        self._remove.setObjectName("removeToken")
        self._remove.setEnabled(False)
        self.events = _field(
            "forwardEvents", "Only with", "All requests; or events' names, apart by commas"
        )
        self.is_accepted_only = _box("forwardAccepted", "Only what is answered 1 here")
        self.is_again = _box("forwardAgain", "Again what may have arrived, or was given up")
        self._lay_out()

    def _lay_out(self) -> None:
        becomes = QLabel("→")
        boxes = QHBoxLayout()
        boxes.setSpacing(16)
        boxes.addSpacing(Theme.current().px(_CAPTION_PX + 8))
        boxes.addWidget(self.is_accepted_only)
        boxes.addWidget(self.is_again)
        boxes.addStretch(1)
        pair = form_row(caption("Token", self._old, _CAPTION_PX), self._old, becomes, wide=1)
        pair.addWidget(self._new, 1)
        pair.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(
            form_row(caption("Forward to", self.target, _CAPTION_PX), self.target, wide=1)
        )
        column.addLayout(pair)
        replaced = caption("Replaced", self.tokens, _CAPTION_PX)
        column.addLayout(form_row(replaced, self.tokens, self._remove, wide=1))
        only = caption("Only with", self.events, _CAPTION_PX)
        column.addLayout(form_row(only, self.events, wide=1))
        column.addLayout(boxes)

    @property
    def _pair(self) -> tuple[str, str]:
        return self._old.text().strip(), self._new.text().strip()

    def settings(self) -> ForwardSettings:
        """What is filled in, its target as it is written; UsageError for tokens that are none."""
        pairs = [self.tokens.item(row).data(_PAIR) for row in range(self.tokens.count())]
        return ForwardSettings(
            self.target.currentText().strip(),
            chosen_tokens([*pairs, self._pair]),
            chosen_events(self.events.text()),
            self.is_accepted_only.isChecked(),
            self.is_again.isChecked(),
        )

    def fill(self, settings: ForwardSettings) -> None:
        """Fill in all of it."""
        self.target.setCurrentText(settings.target)
        self.tokens.clear()
        for pair in settings.tokens.items():
            self._list(pair)
        self._old.clear()
        self._new.clear()
        self.events.setText(events_text(settings.only))
        self.is_accepted_only.setChecked(settings.is_accepted_only)
        self.is_again.setChecked(settings.is_again)

    def _on_add(self) -> None:
        self._list(self._pair)
        self._old.clear()
        self._new.clear()
        self._old.setFocus()

    def _list(self, pair: tuple[str, str]) -> None:
        entry = QListWidgetItem(" → ".join(plain(token, 100) for token in pair))
        entry.setData(_PAIR, pair)
        self.tokens.addItem(entry)


def _field(object_name: str, name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(object_name)
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setMaxLength(1_000)
    return field


def _box(object_name: str, words: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setObjectName(object_name)
    box.setAccessibleName(words)
    return box
