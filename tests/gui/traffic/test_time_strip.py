"""The time line: pointed at, clicked, dragged over, walked along with keys, read out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.traffic.time_strip import TimeStrip
from trackscope.history.overview import Bucket
from trackscope.session.time_line import TimeLine

LINE = TimeLine(1000.0, 10.0, (Bucket(5), Bucket(), Bucket(1, 3), Bucket(0, 0, 2)))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(theme: Theme) -> Iterator[TimeStrip]:
    strip = TimeStrip()
    strip.resize(424, 56)
    strip.show_line(LINE)
    strip.show()
    yield strip
    strip.close()


def _heard(strip: TimeStrip) -> list[tuple[str, tuple[float, float]]]:
    heard: list[tuple[str, tuple[float, float]]] = []
    strip.chosen.connect(lambda span: heard.append(("chosen", span)))
    strip.dragged.connect(lambda span: heard.append(("dragged", span)))
    return heard


def _at(step: int) -> QPoint:
    return QPoint(12 + step * 100 + 50, 20)


def test_a_click_chooses_a_step(strip: TimeStrip) -> None:
    heard = _heard(strip)
    QTest.mouseClick(strip, LEFT, pos=_at(2))
    assert heard == [("chosen", (1020.0, 1030.0))]


@pytest.mark.parametrize(("start", "end"), [(1, 3), (3, 1)])
def test_dragging_takes_the_steps_between(strip: TimeStrip, start: int, end: int) -> None:
    heard = _heard(strip)
    QTest.mousePress(strip, LEFT, pos=_at(start))
    QTest.mouseMove(strip, _at(end))
    strip._cursor = end  # the platform without a screen does not say which button is held
    QTest.mouseRelease(strip, LEFT, pos=_at(end))
    assert heard == [("dragged", (1010.0, 1040.0))]


def test_keys_do_the_same(strip: TimeStrip) -> None:
    heard = _heard(strip)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(strip, key)
    assert heard == [("chosen", (1010.0, 1020.0))]
    assert "0 requests" in strip.accessibleDescription()
    QTest.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert "4 requests, 1 with 1, 3 with 0" in strip.accessibleDescription()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert heard[1:] == [("dragged", (1010.0, 1030.0))]
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert len(heard) == 2


def test_it_is_described_by_its_numbers(strip: TimeStrip) -> None:
    assert strip.accessibleDescription().endswith(": 11 requests, 6 with 1, 3 with 0, 2 neither.")
    strip.show_line(TimeLine())
    assert strip.accessibleDescription() == "No exchanges."


def test_nothing_can_be_chosen_where_nothing_is(strip: TimeStrip) -> None:
    heard = _heard(strip)
    strip.show_line(TimeLine())
    QTest.mouseClick(strip, LEFT, pos=_at(1))
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert heard == []


def _rows_of(image: QImage, colour: QColor) -> set[int]:
    return {
        y
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y) == colour
    }


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_ones_stand_above_the_line_and_zeros_hang_below_it(
    strip: TimeStrip, theme: Theme, scheme: Scheme
) -> None:
    theme.set_scheme(scheme)
    image = strip.grab().toImage()
    ones, zeros = (_rows_of(image, theme.colour(role)) for role in ("success", "danger"))
    assert ones
    assert zeros
    assert max(ones) < min(zeros)
    assert _rows_of(image, theme.colour("attention"))
