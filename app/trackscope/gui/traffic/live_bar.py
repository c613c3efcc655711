"""The row for what arrives: hold the list, how fast it comes, runs, connecting an SDK."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QLabel, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.form_row import caption
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.session.arrivals import rate_text
from trackscope.session.runs import Run
from trackscope.wire.era import ERAS, RuleBook

EVERYTHING = "All runs"
_RATE_PX = 64
_HEIGHT_PX = 36
_NARROW_PX = 1200

COMMANDS = ("start-over", "faults", "forward", "ledger", "connect-sdk")
"""What the buttons at the right ask for, by the id of the command."""


class LiveBar(QFrame):
    """Tells by `asked` which command is wanted (its id), by `run_chosen` a Run or None for all.

    `era_chosen` carries the name of the era by which the collector is to judge.
    """

    asked = Signal(str)
    run_chosen = Signal(object)
    era_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self._build_ui()
        self._connect()
        self.show_held(is_held=False, waiting=0)
        self.show_rate(0.0)
        self.show_runs((), None)

    def _build_ui(self) -> None:
        self.setObjectName("liveBar")
        self.pause = IconButton("pause", "Pause the list", "Pause", key=key_of("pause-list"))
        self.pause.setObjectName("pauseList")
        self.pause.setCheckable(True)
        self._rate = QLabel()
        self._rate.setObjectName("arrivalRate")
        self._rate.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._rate.setToolTip("Arrivals a second, over the last three")
        self._badge = Badge()
        self._badge.setObjectName("heldBadge")
        self.era = QComboBox()
        self.era.setObjectName("era")
        self.era.setAccessibleName("Era")
        for era in ERAS.values():
            self.era.addItem(era.name)
            self.era.setItemData(self.era.count() - 1, era.title, Qt.ItemDataRole.ToolTipRole)
        self._era_label = caption("Era", self.era)
        self.strict = QCheckBox("Strict")
        self.strict.setObjectName("strictCollector")
        self.strict.setAccessibleName("Strict")
        self.strict.setToolTip("Refuse all that the era's text does not allow")
        self.runs = QComboBox()
        self.runs.setObjectName("run")
        self.runs.setAccessibleName("Run")
        self._runs_label = caption("Run", self.runs)
        self.start_over = _button("rotate-ccw", "Start over", "start-over", "startOver")
        self.faults = _button("triangle-alert", "Faulty answers", "faults", "faultyAnswers")
        self.forward = _button("external-link", "Forward", "forward", "forwardReceived")
        self.ledger = _button("layers", "Ledger", "ledger", "showLedger")
        self.connect_sdk = _button("radio", "Connect an SDK", "connect-sdk", "connectSdk")
        self._buttons = (
            self.start_over, self.faults, self.forward, self.ledger, self.connect_sdk
        )  # fmt: skip
        self._fit()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(8)
        self._add(self.pause, self._rate, self._badge)
        row.addStretch(1)
        self._add(self._era_label, self.era, self.strict)
        row.addSpacing(8)
        self._add(self._runs_label, self.runs)
        self._add(*self._buttons)

    def _add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self._row.addWidget(widget)

    def _connect(self) -> None:
        self.pause.clicked.connect(lambda: self.asked.emit("pause-list"))
        for button, command in zip(self._buttons, COMMANDS, strict=True):
            button.clicked.connect(partial(self.asked.emit, command))
        self.strict.clicked.connect(lambda: self.asked.emit("strict"))
        self.era.textActivated.connect(self.era_chosen)
        self.runs.activated.connect(self._on_run)

    def show_held(self, *, is_held: bool, waiting: int) -> None:
        """Say whether the list stands still, and how many have arrived since."""
        self.pause.setChecked(is_held)
        self.pause.setText("Resume" if is_held else "Pause")
        self.pause.setAccessibleName("Resume" if is_held else "Pause the list")
        self.pause.set_icon("play" if is_held else "pause")
        words = f"paused, {waiting:,} new" if waiting else "paused"
        self._badge.show_state(words, "attention")
        self._badge.setVisible(is_held)

    def show_rate(self, per_second: float) -> None:
        """Say how fast exchanges arrive."""
        self._rate.setText(rate_text(per_second))

    def show_runs(self, runs: Sequence[Run], current: Run | None) -> None:
        """Offer these runs, the newest first, and say from which on the list is shown."""
        self._runs = tuple(reversed(runs))
        self.runs.clear()
        self.runs.addItems([EVERYTHING, *(run.title for run in self._runs)])
        self.runs.setCurrentIndex(0 if current is None else self._runs.index(current) + 1)
        for widget in (self._runs_label, self.runs):
            widget.setVisible(bool(runs))

    def show_book(self, book: RuleBook) -> None:
        """Say by which era the collector judges, and whether strictly."""
        self.era.setCurrentText(book.era.name)
        self.strict.setChecked(book.is_strict)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the icons have to do."""
        super().resizeEvent(event)
        is_narrow = self.width() < Theme.current().px(_NARROW_PX)
        for button in self._buttons:
            button.show_text("" if is_narrow else button.accessibleName())

    def changeEvent(self, event: QEvent) -> None:
        """Take the sizes of another zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        self._rate.setFixedWidth(theme.px(_RATE_PX))
        self.setFixedHeight(theme.px(_HEIGHT_PX))

    def _on_run(self, index: int) -> None:
        self.run_chosen.emit(self._runs[index - 1] if index > 0 else None)


def _button(icon: str, words: str, command: str, name: str) -> IconButton:
    button = IconButton(icon, words, words, key=key_of(command))
    button.setObjectName(name)
    return button
