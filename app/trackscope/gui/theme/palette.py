"""The colour roles as Qt's palette, for everything that the style sheet does not reach."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from trackscope.gui.theme.roles import Roles

_ROLE = QPalette.ColorRole

_TABLE = (
    (_ROLE.Window, "canvas"),
    (_ROLE.WindowText, "text"),
    (_ROLE.Base, "surface"),
    (_ROLE.AlternateBase, "canvas"),
    (_ROLE.ToolTipBase, "surface"),
    (_ROLE.ToolTipText, "text"),
    (_ROLE.PlaceholderText, "muted"),
    (_ROLE.Text, "text"),
    (_ROLE.Button, "surface"),
    (_ROLE.ButtonText, "text"),
    (_ROLE.BrightText, "danger"),
    (_ROLE.Light, "surface"),
    (_ROLE.Midlight, "border"),
    (_ROLE.Mid, "border"),
    (_ROLE.Dark, "border_strong"),
    (_ROLE.Shadow, "border_strong"),
    (_ROLE.Highlight, "selection"),
    (_ROLE.HighlightedText, "text"),
    (_ROLE.Accent, "accent"),
    (_ROLE.Link, "accent"),
    (_ROLE.LinkVisited, "accent"),
)


def palette_of(roles: Roles) -> QPalette:
    """The palette in which each of Qt's colour roles has ours."""
    palette = QPalette()
    for role, name in _TABLE:
        palette.setColor(role, QColor(getattr(roles, name)))
    disabled = QPalette.ColorGroup.Disabled
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.HighlightedText):
        palette.setColor(disabled, role, QColor(roles.disabled))
    palette.setColor(QPalette.ColorGroup.Inactive, _ROLE.Highlight, QColor(roles.selection_idle))
    return palette
