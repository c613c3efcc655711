"""The time line over the list: bars of 1s upwards and of 0s downwards, to point at and to drag."""

from __future__ import annotations

from datetime import datetime
from math import log1p

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.plain import plain_tooltip
from trackscope.history.overview import Bucket
from trackscope.session.time_line import (
    TimeLine,
    counts_text,
    described,
    moment_text,
    range_text,
    total,
)

HEIGHT_PX = 56
MARGIN_PX = 12
_LABELS_PX = 16
_UP_PX, _DOWN_PX = 24, 10
BAR_PX = 4
"""Pixels of a step: three for its bar, one that keeps it from the next."""

_WIDEST_PX = 8
"""Pixels of a bar where there are few steps: one request is no wall."""

_DAY_S = 86_400


class TimeStrip(QWidget):
    """Shows a TimeLine.

    `chosen` carries (start, end) of the step that was clicked, `dragged` those of the steps that
    were dragged over, in seconds since 1970.
    """

    chosen = Signal(object)
    dragged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = TimeLine()
        self._cursor: int | None = None
        self._anchor: int | None = None
        self.setObjectName("timeStrip")
        self.setAccessibleName("Time line")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.show_line(TimeLine())

    @property
    def line(self) -> TimeLine:
        """What it shows."""
        return self._line

    @property
    def capacity(self) -> int:
        """How many steps can be told apart in its width."""
        return max(1, self._area().width() // BAR_PX)

    def show_line(self, line: TimeLine) -> None:
        """Show other exchanges; what is marked stays where the steps do."""
        if (line.start_s, line.step_s) != (self._line.start_s, self._line.step_s):
            self._cursor = self._anchor = None
        self._line = line
        self.setAccessibleDescription(described(line))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as may be, of one height."""
        return QSize(240, Theme.current().px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Its height is never squeezed."""
        return QSize(80, self.sizeHint().height())

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marked range, the bars, the moments at both ends."""
        theme, painter = Theme.current(), QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        if self._line.steps:
            self._paint_marked(painter)
            self._paint_bars(painter)
            self._paint_labels(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_marked(self, painter: QPainter) -> None:
        marked = self._marked()
        if marked is not None:
            left, right = self._left_of(marked[0]), self._left_of(marked[1] + 1)
            area = self._area()
            ground = Theme.current().colour("selection" if self.hasFocus() else "selection_idle")
            painter.fillRect(QRect(left, area.top(), max(2, right - left), area.height()), ground)

    def _paint_bars(self, painter: QPainter) -> None:
        """1s stand on the middle line, what is neither is an outline over them, 0s hang from it."""
        theme, area = Theme.current(), self._area()
        middle = area.top() + theme.px(_UP_PX)
        highest = max(total(step) for step in self._line.steps)
        success, danger = theme.colour("success"), theme.colour("danger")
        outline = QPen(theme.colour("attention"), 1)
        painter.fillRect(area.left(), middle, area.width(), 1, theme.colour("border"))
        for number, step in enumerate(self._line.steps):
            if not total(step):
                continue
            left = self._left_of(number)
            width = max(1, min(self._left_of(number + 1) - left - 1, theme.px(_WIDEST_PX)))
            ones = _height(step.ones, highest, theme.px(_UP_PX))
            others = _height(step.ones + step.others, highest, theme.px(_UP_PX)) - ones
            zeros = _height(step.zeros, highest, theme.px(_DOWN_PX))
            painter.fillRect(left, middle - ones, width, ones, success)
            painter.fillRect(left, middle + 1, width, zeros, danger)
            if step.others:
                painter.setPen(outline)
                top = middle - ones - max(2, others)
                painter.drawRect(left, top, max(1, width - 1), max(2, others) - 1)

    def _paint_labels(self, painter: QPainter) -> None:
        theme, line = Theme.current(), self._line
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("muted"))
        row = self.rect().adjusted(
            theme.px(MARGIN_PX), self.height() - theme.px(_LABELS_PX), -theme.px(MARGIN_PX), -2
        )
        pattern = _pattern(line)
        vertical = Qt.AlignmentFlag.AlignVCenter
        start, end = moment_text(line.start_s, pattern), moment_text(line.end_s, pattern)
        painter.drawText(row, vertical | Qt.AlignmentFlag.AlignLeft, start)
        painter.drawText(row, vertical | Qt.AlignmentFlag.AlignRight, end)
        marked = self._marked()
        if marked is not None:
            words = f"{range_text(line, *marked)}: {counts_text(line.between(*marked))}"
            painter.setPen(theme.colour("text"))
            painter.drawText(row, vertical | Qt.AlignmentFlag.AlignHCenter, words)

    def _area(self) -> QRect:
        """Where the bars are."""
        theme = Theme.current()
        side = theme.px(MARGIN_PX)
        height = theme.px(_UP_PX) + 1 + theme.px(_DOWN_PX)
        return QRect(side, theme.px(4), max(1, self.width() - 2 * side), height)

    def _left_of(self, number: int) -> int:
        area = self._area()
        return area.left() + area.width() * number // max(1, len(self._line.steps))

    def _step_at(self, x: int) -> int | None:
        count, area = len(self._line.steps), self._area()
        if not count:
            return None
        return max(0, min(count - 1, (x - area.left()) * count // area.width()))

    def _marked(self) -> tuple[int, int] | None:
        if self._cursor is None:
            return None
        other = self._cursor if self._anchor is None else self._anchor
        return min(self._cursor, other), max(self._cursor, other)

    # -- pointing

    def event(self, event: QEvent) -> bool:
        """Tell what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self)
            return True
        return super().event(event)

    def _tip(self, place: QPoint) -> str:
        number = self._step_at(place.x())
        if number is None:
            return ""
        what = counts_text(self._line.steps[number])
        return plain_tooltip(f"{range_text(self._line, number, number)}: {what}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to mark."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._cursor = self._anchor = self._step_at(int(event.position().x()))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark further."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor is not None:
            self._cursor = self._step_at(int(event.position().x()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """One step is chosen, more are a range."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the steps, with Shift they mark; Enter chooses, Esc marks nothing."""
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in moves and self._line.steps:
            is_marking = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._walk(moves[Qt.Key(event.key())], is_marking=is_marking)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._marked():
            self._tell()
        elif event.key() == Qt.Key.Key_Escape and self._marked():
            self._cursor = self._anchor = None
            self.update()
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int, *, is_marking: bool) -> None:
        last = len(self._line.steps) - 1
        before = self._cursor if self._cursor is not None else (last + 1 if by < 0 else -1)
        self._cursor = max(0, min(last, before + by))
        if not is_marking or self._anchor is None:
            self._anchor = self._cursor if not is_marking else max(0, min(last, before))
        step = self._line.between(*(self._marked() or (0, 0)))
        self.setAccessibleDescription(f"{self._marked_words(step)}. {described(self._line)}")
        self.update()

    def _marked_words(self, step: Bucket) -> str:
        first, last = self._marked() or (0, 0)
        return f"{range_text(self._line, first, last)}: {counts_text(step)}"

    def _tell(self) -> None:
        marked = self._marked()
        if marked is None:
            return
        span = (self._line.time_of(marked[0]), self._line.time_of(marked[1] + 1))
        (self.chosen if marked[0] == marked[1] else self.dragged).emit(span)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()


def _pattern(line: TimeLine) -> str:
    """How the moments at both ends are written: with the day, unless all is of today."""
    if line.end_s - line.start_s > _DAY_S:
        return "%Y-%m-%d %H:%M"
    is_today = moment_text(line.start_s, "%Y-%m-%d") == f"{datetime.now():%Y-%m-%d}"
    return "%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S"


def _height(count: int, highest: int, room: int) -> int:
    """Pixels of a bar: the logarithm, so that a single one beside thousands is still seen."""
    return max(2, round(log1p(count) / log1p(highest) * room)) if count else 0
