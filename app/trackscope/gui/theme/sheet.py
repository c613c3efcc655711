"""The one style sheet, made of colour roles and of lengths on a grid of 4 pixels.

In the rules below `$accent` is a role's colour, `28u` a length in pixels at normal size, and
`@check:on_accent` the file of a drawing in a role's colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from string import Template

from trackscope.gui.theme.roles import Roles

_GENERAL = """
* { outline: none; }
QWidget { color: $text; font-size: 13u; }
QMainWindow, QDialog, QMessageBox { background: $canvas; }
QWidget:disabled { color: $disabled; }
QToolTip { color: $text; background: $surface; border: 1px solid $border_strong; padding: 4u; }
QFrame[frameShape="4"] { color: $border; background: $border; max-height: 1px; border: none; }
QStatusBar { background: $sunken; color: $muted; border-top: 1px solid $border;
             min-height: 23u; max-height: 23u; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: 12u; padding: 0 4u; }
QStatusBar QPushButton, QStatusBar QToolButton { min-height: 20u; max-height: 20u; border: none;
    background: transparent; color: $muted; font-size: 12u; font-weight: 400; padding: 0 8u; }
QStatusBar QPushButton:hover { color: $text; background: $border; }
QStatusBar QPushButton:focus { border: 1px solid $accent; padding: 0 7u; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover, QSplitter::handle:pressed { background: $accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QProgressBar { background: $sunken; border: 1px solid $border_strong; border-radius: 4u;
    min-height: 6u; max-height: 6u; }
QProgressBar::chunk { background: $accent; border-radius: 3u; }
QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget { background: transparent;
    border: none; }
"""

_WORDS = """
QLabel { background: transparent; }
#caption, #captionLabel, #urlLength { color: $muted; font-size: 12u; }
#mono { font-family: "JetBrains Mono"; font-size: 12u; }
#monoCaption { font-family: "JetBrains Mono"; font-size: 12u; color: $muted; }
#sectionTitle { font-weight: 600; color: $muted; padding: 8u 0 0 0; }
#title, #answerSentence { font-size: 16u; font-weight: 600; }
#answerReason { font-size: 13u; }
#answerDisagreement { color: $attention; }
#counter { font-size: 22u; font-weight: 600; }
#answer { font-size: 28u; font-weight: 600; }
#answer[long="true"] { font-size: 22u; }
#emptyState { color: $muted; padding: 24u; }
QLabel[tone="success"] { color: $success; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="attention"] { color: $attention; }
QLabel[tone="info"] { color: $info; }
QLabel[tone="muted"] { color: $muted; }
"""

_BUTTONS = """
QPushButton, QToolButton { background: $surface; color: $text; border: 1px solid $border_strong;
    border-radius: 4u; min-height: 26u; max-height: 26u; padding: 0 10u; }
QPushButton:hover, QToolButton:hover { background: $canvas; border-color: $muted; }
QPushButton:pressed, QToolButton:pressed { background: $selection_idle; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 0 9u;
    min-height: 24u; max-height: 24u; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; border-color: $border;
    background: $canvas; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[primary="true"], IconButton[kind="primary"],
QPushButton:default { background: $accent; color: $on_accent;
    border-color: $accent; font-weight: 600; padding: 0 12u; }
QPushButton[primary="true"]:hover, IconButton[kind="primary"]:hover,
QPushButton:default:hover { background: $accent_hover;
    border-color: $accent_hover; }
QPushButton[primary="true"]:focus, IconButton[kind="primary"]:focus,
QPushButton:default:focus { border: 2px solid $text;
    padding: 0 11u; }
QPushButton[primary="true"]:disabled,
IconButton[kind="primary"]:disabled { background: $border; border-color: $border;
    color: $disabled; }
#fixButton, Banner QPushButton { min-height: 22u; max-height: 22u; padding: 0 8u;
    font-size: 12u; }
#fixButton:focus, Banner QPushButton:focus { min-height: 20u; max-height: 20u; padding: 0 7u; }
IconButton[kind="flat"] { background: transparent; border: 1px solid transparent; color: $muted;
    padding: 0 5u; min-height: 24u; max-height: 24u; }
IconButton[kind="flat"][iconOnly="true"] { padding: 0 4u; }
IconButton[kind="flat"]:hover { background: $border; color: $text; }
IconButton[kind="flat"]:pressed { background: $selection_idle; }
IconButton[kind="flat"]:checked { color: $text; font-weight: 600; background: $selection_idle; }
IconButton[kind="flat"]:focus { border: 1px solid $accent; }
IconButton[kind="flat"]:disabled { color: $disabled; background: transparent; }
Segmented QPushButton { background: transparent; border: 1px solid transparent; color: $muted;
    padding: 0 14u; }
Segmented QPushButton:hover { color: $text; background: $border; }
Segmented QPushButton:checked { background: $surface; border: 1px solid $border; color: $text;
    font-weight: 600; }
Segmented QPushButton:focus { border: 2px solid $accent; padding: 0 13u; }
"""

_INPUTS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit { background: $surface;
    color: $text; border: 1px solid $border_strong; border-radius: 4u; padding: 0 8u;
    min-height: 26u; max-height: 26u; selection-background-color: $selection;
    selection-color: $text; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QComboBox:on,
QDateTimeEdit:focus { border: 2px solid $accent; padding: 0 7u; min-height: 24u;
    max-height: 24u; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; padding: 0 8u; min-height: 18u;
    max-height: 18u; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { background: $canvas;
    border-color: $border; color: $disabled; }
QLineEdit[invalid="true"] { border: 2px solid $danger; padding: 0 7u; min-height: 24u;
    max-height: 24u; }
QComboBox { padding: 0 4u 0 10u; }
QComboBox:focus, QComboBox:on { padding: 0 3u 0 9u; }
QComboBox:hover { border-color: $muted; }
QComboBox[tone="attention"] { background: $attention_bg; color: $attention;
    border-color: $attention; }
QComboBox::drop-down { border: none; width: 24u; }
QComboBox::down-arrow { image: url(@chevron-down:muted); width: 14u; height: 14u; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border_strong;
    padding: 4u; selection-background-color: $selection; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 26u; padding: 0 4u; border: none; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0 6u; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QDialogButtonBox QPushButton { min-width: 64u; }
QDialogButtonBox QPushButton:default { padding: 0 8u; }
QDialogButtonBox QPushButton:default:focus { padding: 0 7u; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button { border: none; width: 20u; background: transparent; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(@chevron-up:muted); width: 12u;
    height: 12u; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(@chevron-down:muted); width: 12u;
    height: 12u; }
QCheckBox, QRadioButton { spacing: 8u; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator { width: 14u;
    height: 14u; border: 1px solid $border_strong; border-radius: 3u; background: $surface; }
QRadioButton::indicator { border-radius: 7u; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $text; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: $accent;
    border-color: $accent; image: url(@check:on_accent); }
QRadioButton::indicator:checked { border: 5u solid $accent; width: 6u; height: 6u;
    border-radius: 8u; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox:focus { color: $accent; }
QCheckBox::indicator:disabled { border-color: $border; background: $canvas; }
QCheckBox::indicator:checked:disabled { background: $disabled; border-color: $disabled; }
"""

_EDITORS = """
CodeView { font-family: "JetBrains Mono"; font-size: 12u; background: $surface; color: $text;
    border: none; padding: 0;
    selection-background-color: $selection_idle; selection-color: $text; }
CodeView:focus { selection-background-color: $selection; }
CodeView[dimmed="true"] { color: $muted; background: $canvas; }
CodeLine, CodeLine[dimmed="true"] { background: $surface; border: 1px solid $border_strong;
    border-radius: 4u; padding: 0 6u; min-height: 26u; max-height: 26u; }
#cutNotice { background: $attention_bg; color: $text; font-size: 12u; padding: 0 12u; }
CodeLine:focus, CodeLine[dimmed="true"]:focus { border: 2px solid $accent; min-height: 24u;
    max-height: 24u; }
"""

_LISTS = """
QAbstractItemView { background: $surface; color: $text; border: none; gridline-color: $border;
    font-size: 12u; selection-background-color: $selection_idle; selection-color: $text;
    alternate-background-color: $surface; }
QAbstractItemView:focus { selection-background-color: $selection; }
QTableView, QTreeView, QListView { outline: 0; }
QTableView::item { padding: 0 5u; border: none; }
QTreeView { show-decoration-selected: 1; }
QTreeView::item { min-height: 26u; border: none; }
QTreeView::item:selected { background: $selection_idle; }
QTreeView[focused="true"]::item:selected { background: $selection; }
QListView::item { min-height: 26u; padding: 0 5u; border: none; }
#filterCompletions, #propertyCompletions { border: 1px solid $border_strong; border-radius: 4u;
    padding: 2u; }
#filterCompletions::item:disabled { color: $muted; }
#paletteCommands { selection-background-color: $selection; }
QAbstractItemView QLineEdit { min-height: 22u; max-height: 22u; padding: 0 5u; border-radius: 2u;
    font-size: 12u; }
QAbstractItemView QComboBox { min-height: 22u; max-height: 22u; padding: 0 0 0 5u;
    border-radius: 2u; font-size: 12u; }
QHeaderView { background: $sunken; border: none; }
QHeaderView::section { background: $sunken; color: $muted; font-size: 12u; font-weight: 600;
    border: none; border-bottom: 1px solid $border; padding: 0 8u; min-height: 25u; }
#headerCorner { background: $sunken; border: none; border-bottom: 1px solid $border; }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-origin: padding;
    subcontrol-position: center right; }
QHeaderView::up-arrow { image: url(@chevron-up:muted); width: 12u; height: 12u; }
QHeaderView::down-arrow { image: url(@chevron-down:muted); width: 12u; height: 12u; }
QTableCornerButton::section { background: $sunken; border: none; }
#events::item:selected { background: $selection; color: $text; }
#events:disabled, #properties:disabled { background: $canvas; color: $muted; }
#findings { background: $surface; }
#findings::item { padding: 0; border-bottom: 1px solid $border; }
#findingRow { background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12u; margin: 0; }
QScrollBar:horizontal { height: 12u; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3u; }
QScrollBar::handle:vertical { min-height: 28u; margin: 3u; }
QScrollBar::handle:horizontal { min-width: 28u; margin: 3u; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
"""

_BARS = """
QMenuBar { background: $sunken; color: $text; border: none; padding: 0 4u; spacing: 0; }
QMenuBar::item { background: transparent; padding: 4u 8u; border-radius: 4u; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $border; }
QMenu { background: $surface; color: $text; border: 1px solid $border_strong; padding: 4u; }
QMenu::item { padding: 5u 24u 5u 28u; border-radius: 3u; min-width: 120u; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $border; margin: 4u 8u; }
QMenu::indicator { width: 14u; height: 14u; left: 8u; }
QMenu::indicator:checked { image: url(@check:text); }
#topBar { background: $sunken; border-bottom: 1px solid $border; }
#urlRow, #trafficTools, #liveBar { background: $canvas; border-bottom: 1px solid $border; }
#readingLine { background: $info_bg; border-bottom: 1px solid $border; }
#readingName { font-weight: 600; font-size: 12u; }
#readingFacts { font-size: 12u; }
#trafficCount, #emptySentence, #arrivalRate, #sdkHint { color: $muted; font-size: 12u; }
#faults, #connectPanel CodeView { border: 1px solid $border; border-radius: 4u; }
#collectorAddress { font-family: "JetBrains Mono"; font-size: 12u; }
#paletteCommands { selection-background-color: $selection; }
#commandPalette { border: 1px solid $border_strong; background: $surface; }
Pane { background: $surface; }
#paneHeader { background: $sunken; border-bottom: 1px solid $border; min-height: 31u;
    max-height: 31u; }
#answerLine, #forwardLine { background: $surface; border-bottom: 1px solid $border; }
#answerWords { font-weight: 600; }
#paneTitle { color: $muted; font-size: 12u; font-weight: 600; }
#paneExtra { color: $muted; font-size: 12u; }
Banner { border: none; border-bottom: 1px solid $border; }
Banner[tone="danger"] { background: $danger_bg; }
Banner[tone="attention"] { background: $attention_bg; }
Banner[tone="info"] { background: $info_bg; }
Banner[tone="success"] { background: $success_bg; }
Banner QLabel { color: $text; font-size: 12u; }
Toast { background: $text; border-radius: 4u; }
Toast QLabel { color: $canvas; font-size: 12u; }
"""

SHEET = _GENERAL + _WORDS + _BUTTONS + _INPUTS + _EDITORS + _LISTS + _BARS

_LENGTH = re.compile(r"\b(\d+)u\b")
_DRAWING = re.compile(r"@([a-z-]+):([a-z_]+)")


def sheet_of(roles: Roles, zoom: float = 1.0) -> str:
    """The style sheet in the colours of `roles`, with all lengths times `zoom`."""
    lengths = _LENGTH.sub(lambda match: f"{round(int(match[1]) * zoom)}px", SHEET)
    drawn = _DRAWING.sub(lambda match: f"theme:{_file_name(match[1], roles, match[2])}", lengths)
    return Template(drawn).substitute(asdict(roles))


def drawings_of(roles: Roles) -> Iterator[tuple[str, str, str]]:
    """The drawings that the sheet names: drawing, colour, and the name of the file."""
    for name, role in sorted(set(_DRAWING.findall(SHEET))):
        yield name, getattr(roles, role), _file_name(name, roles, role)


def _file_name(name: str, roles: Roles, role: str) -> str:
    return f"{name}-{getattr(roles, role)[1:]}.svg"
