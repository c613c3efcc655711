"""The list of targets in the bar: where the next request will go, always visible."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox

from trackscope.gui.settings import Settings
from trackscope.gui.theme.icons import icon
from trackscope.gui.widgets.plain import plain
from trackscope.session.composer import Composer, is_collector
from trackscope.session.target import SERVICE_TARGETS, Target, is_loopback, with_recent

_RECENT = "targets/recent"


class TargetBox(QObject):
    """Fills a combo box with targets and keeps it and the composer at the same one."""

    def __init__(self, box: QComboBox, composer: Composer, settings: Settings) -> None:
        super().__init__(box)
        self._box = box
        self._composer = composer
        self._settings = settings
        self._collector = composer.target
        box.activated.connect(self._on_activated)
        composer.aimed.connect(self._on_aimed)
        self._show()

    def remember(self, target: Target) -> None:
        """Keep a target that was sent to among the recent ones."""
        known = (self._collector.base, *(each.base for each in SERVICE_TARGETS))
        if target.base and target.base not in known:
            recent = with_recent(self._settings.texts(_RECENT), target.base)
            self._settings.set(_RECENT, recent)
            self._show()

    def _targets(self) -> list[Target]:
        recent = [Target(base.partition("://")[2], base) for base in self._settings.texts(_RECENT)]
        targets = [self._collector, *recent, *SERVICE_TARGETS]
        current = self._composer.target
        if all(each.base != current.base for each in targets):
            targets.append(current)
        return targets

    def _on_activated(self, number: int) -> None:
        self._composer.aim(self._box.itemData(number))

    def _on_aimed(self, target: Target) -> None:
        if is_collector(target):
            self._collector = target
        self._show()

    def _show(self) -> None:
        self._box.clear()
        current = self._composer.target
        for target in self._targets():
            address = target.base.partition("://")[2]
            text = target.label if target.label == address else f"{target.label}  {address}"
            name = "circle-dot" if is_loopback(target.base) else "external-link"
            self._box.addItem(icon(name), plain(text, 120), target)
            if target.base == current.base:
                self._box.setCurrentIndex(self._box.count() - 1)
        self._box.setProperty("tone", "" if is_loopback(current.base) else "attention")
        self._box.style().polish(self._box)
        self._box.setToolTip(f"Requests go to {plain(current.base, 200)}")
