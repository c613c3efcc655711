"""The window writes exchanges to a file: whole, masked unless told otherwise, or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPushButton
from tests.gui.screen import Screen

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.export_progress import ExportProgress
from trackscope.session.selection import Selection
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
PROPERTIES = {"token": TOKEN, "email": "ann@example.com", "level": 3}
PAYLOAD = json.dumps({"event": "game", "properties": PROPERTIES})
EXCHANGE = Exchange(
    with_payload(TrackRequest("GET", "http://h/track/"), PAYLOAD), Origin.OPENED, 12.5
)


def two_exchanges() -> Selection:
    return Selection(lambda: 2, lambda: iter([EXCHANGE, EXCHANGE]))


async def name_file(screen: Screen, path: Path) -> None:
    """Type the name of the file into the dialog, and accept it."""
    files = await opened(screen, "exportFile")
    assert isinstance(files, QFileDialog)
    name = files.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(name, QLineEdit)
    name.setText(str(path))
    files.accept()


async def answer(screen: Screen, path: Path, button: str) -> None:
    """Name the file in the one dialog, and press a button of the other."""
    await name_file(screen, path)
    await press(screen, button)


async def press(screen: Screen, button: str) -> None:
    box = await opened(screen, "exportSecrets")
    buttons = box.findChildren(QPushButton)
    next(each for each in buttons if each.text().replace("&", "") == button).click()


async def fill(screen: Screen, **texts: str) -> None:
    """Type the texts into the fields of these names."""
    box = await opened(screen, "exportSecrets")
    for name, text in texts.items():
        field = box.findChild(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        field.setText(text)


async def opened(screen: Screen, name: str) -> QDialog:
    window = screen.program.window

    def dialog() -> QDialog | None:
        return next((each for each in window.findChildren(QDialog, name) if each.isVisible()), None)

    await screen.until(lambda: dialog() is not None, f"{name} is open")
    found = dialog()
    assert found is not None
    return found


async def test_what_the_search_finds_is_exported_with_its_tokens_masked(
    screen: Screen, tmp_path: Path
) -> None:
    screen.history.append_many([EXCHANGE])
    path = tmp_path / "out.ndjson"
    screen.run("export-history")
    await answer(screen, path, "Mask them")
    await screen.settle()
    (line,) = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert line["events"][0]["properties"] == PROPERTIES | {"token": "e3bc…dc"}
    assert screen.said == "Exported 1 exchange to out.ndjson, tokens masked."


async def test_a_selection_is_exported_in_the_format_that_its_name_says(
    screen: Screen, tmp_path: Path
) -> None:
    path = tmp_path / "out.har"
    screen.program.outlet.export(two_exchanges())
    await answer(screen, path, "Include them")
    await screen.settle()
    entries = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
    assert [entry["request"]["url"] for entry in entries] == [EXCHANGE.request.url] * 2
    assert screen.said == "Exported 2 exchanges to out.har, tokens included."


async def test_a_name_without_an_extension_gets_that_of_the_format_that_was_chosen(
    screen: Screen, tmp_path: Path
) -> None:
    screen.program.outlet.export(two_exchanges())
    files = await opened(screen, "exportFile")
    assert isinstance(files, QFileDialog)
    table = next(name for name in files.nameFilters() if name.endswith("(*.csv)"))
    files.selectNameFilter(table)
    files.filterSelected.emit(table)
    await answer(screen, tmp_path / "out", "Mask them")
    await screen.settle()
    assert screen.said == "Exported 2 exchanges to out.csv, tokens masked."


async def test_properties_are_hidden_and_get_columns_where_they_are_named(
    screen: Screen, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    screen.program.outlet.export(two_exchanges())
    await name_file(screen, path)
    await fill(screen, exportHidden="email, ", exportColumns=" level,email,level")
    await press(screen, "Include them")
    await screen.settle()
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["level"] for row in rows] == ["3", "3"]
    assert rows[0]["email"].startswith("masked-")
    assert rows[0]["token"] == TOKEN
    assert "ann@example.com" not in path.read_text(encoding="utf-8")


async def test_enter_masks(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "out.ndjson"
    screen.program.outlet.export(two_exchanges())
    await name_file(screen, path)
    QTest.keyClick(await opened(screen, "exportSecrets"), Qt.Key.Key_Return)
    await screen.settle()
    assert screen.said == "Exported 2 exchanges to out.ndjson, tokens masked."


async def test_only_tables_are_asked_for_columns(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "out.har"
    screen.program.outlet.export(two_exchanges())
    await name_file(screen, path)
    box = await opened(screen, "exportSecrets")
    columns = box.findChild(QLineEdit, "exportColumns")
    assert isinstance(columns, QLineEdit)
    assert not columns.isVisible()
    await press(screen, "Cancel")
    await screen.settle()
    assert not path.exists()


async def test_cancel_stops_an_export_and_leaves_the_file_as_it_was(
    screen: Screen, tmp_path: Path
) -> None:
    path = tmp_path / "out.ndjson"
    has_begun = Event()

    def endless() -> Iterator[Exchange]:
        while True:
            has_begun.set()
            yield EXCHANGE

    screen.program.outlet.export(Selection(lambda: 1_000_000, endless))
    await name_file(screen, path)
    path.write_text("before")
    await press(screen, "Mask them")
    progress = await opened(screen, "exportProgress")
    assert isinstance(progress, ExportProgress)
    assert has_begun.is_set()
    progress.canceled.emit()
    await screen.settle()
    assert [name for name in os.listdir(tmp_path) if "out.ndjson" in name] == ["out.ndjson"]
    assert path.read_text() == "before"
    assert screen.said == "Stopped: out.ndjson is as it was before."


async def test_who_is_asked_about_secrets_and_cancels_exports_nothing(
    screen: Screen, tmp_path: Path
) -> None:
    screen.program.outlet.export(two_exchanges())
    await answer(screen, tmp_path / "out.csv", "Cancel")
    await screen.settle()
    assert not (tmp_path / "out.csv").exists()


async def test_a_file_that_cannot_be_written_is_a_sentence(screen: Screen, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    screen.program.outlet.export(two_exchanges())
    await name_file(screen, folder / "out.csv")
    folder.rmdir()
    await press(screen, "Mask them")
    await screen.settle()
    assert screen.said == (
        f"{folder / 'out.csv'} cannot be written: No such file or directory. Choose another place."
    )
