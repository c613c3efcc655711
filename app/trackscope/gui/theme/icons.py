"""Icons in the colour of a role."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QIcon, QPixmap

from trackscope.gui.theme import drawing
from trackscope.gui.theme.theme import Theme

ICON_PX = 16
GAP_PX = 4
"""What is left free between a drawing and the words beside it."""
_RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)


def icon(name: str, role: str = "muted", side_px: int = ICON_PX, gap_px: int = 0) -> QIcon:
    """A Lucide drawing such as "send" in a role's present colour, with a gap at its right.

    Ask again when the theme changed.
    """
    theme = Theme.current()
    colours = (getattr(theme.roles, role), theme.roles.disabled)
    return _icon(name, *colours, theme.px(side_px), theme.px(gap_px))


def picture(name: str, role: str, side_px: int = ICON_PX, ratio: float = 1.0) -> QPixmap:
    """The drawing as a picture, for a label or for painting."""
    theme = Theme.current()
    return drawing.pixmap(name, getattr(theme.roles, role), theme.px(side_px), ratio)


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str, side_px: int, gap_px: int) -> QIcon:
    result = QIcon()
    for ratio in _RATIOS:
        for mode, shade in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
            image = drawing.pixmap(name, shade, side_px, ratio, gap_px)
            if not image.isNull():
                result.addPixmap(image, mode)
    return result
