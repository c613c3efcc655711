"""Another history file, chosen while one is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit
from tests.gui.screen import Screen

from trackscope.gui.history_choice import remembered
from trackscope.gui.settings import Settings


async def test_another_file_is_the_history_from_the_next_start_on(
    screen: Screen, tmp_path: Path
) -> None:
    usual, other = tmp_path / "history.trackscope", tmp_path / "other.trackscope"
    screen.run("history-file")
    await screen.until(lambda: screen.window.findChild(QFileDialog) is not None, "the dialog")
    dialog = screen.window.findChild(QFileDialog)
    assert dialog is not None
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(name, QLineEdit)
    name.setText(str(other))
    dialog.accept()
    await screen.settle()
    assert screen.said == f"{other} is the history from the next start on."
    settings = Settings(tmp_path / "window.ini")
    assert remembered(settings, usual) == other


async def test_who_chooses_none_keeps_the_usual_one(screen: Screen, tmp_path: Path) -> None:
    usual = tmp_path / "history.trackscope"
    screen.run("history-file")
    await screen.until(lambda: screen.window.findChild(QFileDialog) is not None, "the dialog")
    dialog = screen.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    await screen.settle()
    assert remembered(Settings(tmp_path / "window.ini"), usual) == usual
