"""By which rules requests are judged: era and strictness, in Compose and by the collector."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from trackscope.gui.collector_control import CollectorControl
from trackscope.gui.settings import Settings
from trackscope.session.composer import Composer
from trackscope.wire.era import ERAS, RuleBook, rule_book

_ERA = "era"
_STRICT = "strict"


class RuleBookControl(QObject):
    """Keeps Compose and the collector at one rule book, and remembers it.

    `changed` carries the RuleBook.
    """

    changed = Signal(object)

    def __init__(self, composer: Composer, collector: CollectorControl, settings: Settings) -> None:
        super().__init__(collector)
        self._composer = composer
        self._collector = collector
        self._settings = settings

    @property
    def book(self) -> RuleBook:
        """The rule book in force."""
        return self._composer.book

    def restore(self) -> None:
        """Take up the era and the strictness that were remembered."""
        era = self._settings.choice(_ERA, tuple(ERAS))
        self._use(rule_book(era, strict=self._settings.flag(_STRICT)))

    def set_era(self, era: str) -> None:
        """Judge by another era."""
        self._use(rule_book(era, strict=self.book.is_strict))

    def set_strict(self, *, is_strict: bool) -> None:
        """Judge by the letter of the era's text, or not."""
        self._use(rule_book(self.book.era.name, strict=is_strict))

    def _use(self, book: RuleBook) -> None:
        self._settings.set(_ERA, book.era.name)
        self._settings.set(_STRICT, book.is_strict)
        self._composer.set_book(book)
        self._collector.judge_by(book.era.name, is_strict=book.is_strict)
        self.changed.emit(book)
