"""The look that is in force: scheme, zoom, and its application to the whole program."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QStyleFactory

from trackscope.gui.theme import drawing, fonts
from trackscope.gui.theme.palette import palette_of
from trackscope.gui.theme.roles import DARK, LIGHT, Roles
from trackscope.gui.theme.sheet import drawings_of, sheet_of

MIN_ZOOM, MAX_ZOOM, ZOOM_STEP = 0.8, 1.5, 0.1


class Scheme(StrEnum):
    """Whose colours are used."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The program's look: one per application, and a child of it."""

    changed = Signal()
    """Colours or sizes are others; widgets that draw by themselves ask again."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = Scheme.SYSTEM
        self._zoom = 1.0
        self._is_applied = False
        self._drawings: QTemporaryDir | None = None
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    @staticmethod
    def current() -> Theme:
        """The application's theme; one that is not applied yet if none was made."""
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets need a QApplication"
        return app.findChild(Theme) or Theme(app)

    @property
    def scheme(self) -> Scheme:
        """What was chosen: the system's colours, light or dark."""
        return self._scheme

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        if self._scheme is Scheme.SYSTEM:
            return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._scheme is Scheme.DARK

    @property
    def roles(self) -> Roles:
        """The colours in force."""
        return DARK if self.is_dark else LIGHT

    @property
    def zoom(self) -> float:
        """The factor of all sizes, 0.8 to 1.5."""
        return self._zoom

    def set_scheme(self, scheme: Scheme) -> None:
        """Use the colours of the system, the light or the dark ones."""
        if scheme is not self._scheme:
            self._scheme = scheme
            self._refresh()

    def set_zoom(self, zoom: float) -> None:
        """Scale everything; a factor outside 0.8 to 1.5 becomes the nearest allowed."""
        zoom = round(min(MAX_ZOOM, max(MIN_ZOOM, zoom)), 2)
        if zoom != self._zoom:
            self._zoom = zoom
            self._refresh()

    def apply(self) -> None:
        """Give the application Fusion, fonts, palette and style sheet, and keep them up to date."""
        if not self._is_applied:
            fonts.load_fonts()
            self._drawings = QTemporaryDir()
            QDir.addSearchPath("theme", self._drawings.path())
            self._app.setStyle(QStyleFactory.create("Fusion"))
            self._is_applied = True
        self._write_drawings()
        self._app.setFont(self.font())
        self._app.setPalette(palette_of(self.roles))
        self._app.setStyleSheet(sheet_of(self.roles, self._zoom))

    def colour(self, role: str) -> QColor:
        """The colour of a role, such as "danger"."""
        return QColor(getattr(self.roles, role))

    def px(self, length: int) -> int:
        """A length of the grid at the present zoom."""
        return round(length * self._zoom)

    def font(self, px: int = fonts.BASE_PX, is_strong: bool = False) -> QFont:
        """The font for words."""
        return fonts.text_font(px, self._zoom, is_strong)

    def data_font(self, px: int = fonts.SMALL_PX, is_strong: bool = False) -> QFont:
        """The font for data."""
        return fonts.data_font(px, self._zoom, is_strong)

    def _refresh(self) -> None:
        if self._is_applied:
            self.apply()
        self.changed.emit()

    def _on_system_changed(self) -> None:
        if self._scheme is Scheme.SYSTEM:
            self._refresh()

    def _write_drawings(self) -> None:
        """The drawings of the sheet as files, which is the only way a sheet can name them."""
        assert self._drawings is not None
        folder = Path(self._drawings.path())
        for name, colour, file_name in drawings_of(self.roles):
            path = folder / file_name
            if not path.exists():
                path.write_bytes(drawing.svg(name, colour))
