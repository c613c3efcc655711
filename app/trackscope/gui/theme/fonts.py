"""The two bundled families and the sizes in which the window uses them."""

from __future__ import annotations

import logging

from PySide6.QtGui import QFont, QFontDatabase

from trackscope.resources import find

_log = logging.getLogger(__name__)

FILES = (
    "fonts/Inter-Regular.otf",
    "fonts/Inter-SemiBold.otf",
    "fonts/JetBrainsMono-Regular.ttf",
    "fonts/JetBrainsMono-SemiBold.ttf",
)
TEXT_FAMILY = "Inter"
DATA_FAMILY = "JetBrains Mono"

BASE_PX, SMALL_PX = 13, 12
"""Sizes of what widgets paint themselves; the style sheet has the others."""


def load_fonts() -> tuple[str, ...]:
    """Make the bundled files known to Qt; returns the names of those that it refused."""
    refused = tuple(
        name for name in FILES if QFontDatabase.addApplicationFont(str(find(name))) == -1
    )
    for name in refused:
        _log.warning("Qt refused the font %s: a system font stands in for it", name)
    return refused


def text_font(px: int = BASE_PX, zoom: float = 1.0, is_strong: bool = False) -> QFont:
    """Inter at `px` pixels times `zoom`, with figures of one width so that columns line up."""
    font = QFont(TEXT_FAMILY)
    font.setPixelSize(round(px * zoom))
    font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
    return _plain_glyphs(font)


def data_font(px: int = SMALL_PX, zoom: float = 1.0, is_strong: bool = False) -> QFont:
    """JetBrains Mono at `px` pixels times `zoom`, each character drawn as itself.

    Its contextual alternates would draw `==` and `!=` as one glyph.
    """
    font = QFont(DATA_FAMILY)
    font.setPixelSize(round(px * zoom))
    font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return _plain_glyphs(font)


def _plain_glyphs(font: QFont) -> QFont:
    """Figures of one width, no ligatures. Both in both: a style sheet changes families only."""
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("calt"), 0)
    return font
