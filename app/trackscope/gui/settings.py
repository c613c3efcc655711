"""What the window remembers between runs: sizes, colours, zoom, recent targets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MAX_TEXT = 2_000
MAX_TEXTS = 8


class Settings:
    """Typed access to an INI file. What it holds is not trusted: a bad value is as if absent."""

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        """A text, cut at a length that no setting needs."""
        value = self._store.value(key, default)
        return value[:MAX_TEXT] if isinstance(value, str) else default

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of some texts; the first of them for anything else."""
        value = self.text(key)
        return value if value in choices else choices[0]

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number between two bounds; the default for anything else."""
        try:
            value = float(str(self._store.value(key, default)))
        except ValueError:
            return default
        return value if low <= value <= high else default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Yes or no."""
        return self.text(key, "yes" if default else "no") == "yes"

    def texts(self, key: str, most: int = MAX_TEXTS) -> tuple[str, ...]:
        """A few texts, such as recent targets."""
        value = self._store.value(key, [])
        found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(str(each)[:MAX_TEXT] for each in found[:most])

    def state(self, key: str) -> QByteArray:
        """Sizes that a widget saved; empty where there are none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set(self, key: str, value: str | float | bool | Sequence[str] | QByteArray) -> None:
        """Remember a value; it is written when Qt finds time, and at the end."""
        if isinstance(value, bool):
            value = "yes" if value else "no"
        stored = value if isinstance(value, (str, float, int, QByteArray)) else list(value)
        self._store.setValue(key, stored)

    def flush(self) -> None:
        """Write to the disk now."""
        self._store.sync()
