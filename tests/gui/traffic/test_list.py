"""The list: filtered, stepped through, noted, copied, compared; columns; both sources."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QInputDialog,
    QLineEdit,
    QListView,
    QMenu,
    QTableView,
)
from tests.gui.conftest import NewScreen
from tests.gui.screen import Screen
from tests.gui.traffic.captures import har, url_of, urls

from trackscope.gui.traffic.compare_window import CompareWindow
from trackscope.gui.traffic.decoded_view import DecodedView
from trackscope.gui.traffic.empty_state import EmptyState
from trackscope.gui.traffic.property_dialog import PropertyDialog
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.code_edit import CodeEdit

ENTRIES = [("view", "Home", 1), ("add", "Home", 2), ("buy", "Cart", 3), ("view", "Cart", 9)]


async def filter_by(screen: Screen, text: str) -> None:
    screen.window.activateWindow()
    await screen.until(screen.window.isActiveWindow, "an active window")
    field = screen.see(CodeEdit, "Filter")
    screen.retype(field, text)
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    QTest.keyClick(field, Qt.Key.Key_Return)
    await screen.at_rest()


def _popup() -> QListView:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QListView)
    return popup


def _titles(screen: Screen) -> list[str]:
    header = screen.requests.horizontalHeader()
    model = screen.requests.requests
    return [model.columns[header.logicalIndex(place)].title for place in range(header.count())]


async def test_a_filter_is_in_force_after_a_pause(screen: Screen, tmp_path: Path) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    screen.press("Ctrl+F")
    field = screen.see(CodeEdit, "Filter")
    assert field.hasFocus()
    QTest.keyClicks(field, "event:view")
    await screen.until(lambda: screen.words("trafficCount") == "2 of 4", "the filter")
    assert screen.listed == ["[Home]", "view", "[Cart]", "view"]
    screen.press("Esc", "Esc")
    await screen.until(lambda: screen.words("trafficCount") == "4 requests", "all")


def _numbers(screen: Screen) -> list[str]:
    model = screen.requests.requests
    return [model.index(row, 0).data() for row in range(model.rowCount())]


async def test_rows_are_numbered_from_1_after_a_clear_and_keep_their_numbers_in_a_filter(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(urls(tmp_path, "old", "older"))
    screen.run("clear-history")
    await screen.at_rest()
    await screen.open(urls(tmp_path, "first", "second", "third"))
    assert _numbers(screen) == ["1", "2", "3"]
    await filter_by(screen, "event:third")
    assert _numbers(screen) == ["3"]
    await screen.open(urls(tmp_path, "first", "third"))
    assert _numbers(screen) == ["3", "5"]
    screen.run("restore-history")
    await screen.at_rest()
    assert _numbers(screen) == ["5", "7"]


async def test_a_mistake_is_marked_and_the_filter_before_stays(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    await filter_by(screen, "event:buy")
    await filter_by(screen, "event:buy verdct:0")
    banner = screen.part(Banner, "filterMistake")
    assert "Did you mean verdict?" in banner.sentence
    assert "The list is as before." in banner.sentence
    assert "Did you mean verdict?" in screen.see(CodeEdit, "Filter").accessibleDescription()
    assert screen.listed == ["[Cart]", "buy"]
    screen.click("Write verdict:0")
    await screen.at_rest()
    assert screen.see(CodeEdit, "Filter").text() == "event:buy verdict:0"
    assert not banner.isVisible()
    await filter_by(screen, "event:view")
    assert not banner.isVisible()


async def test_what_is_hidden_by_the_filter_can_be_shown_with_a_button(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    await filter_by(screen, "event:none")
    assert screen.part(EmptyState, "emptyFiltered").isVisible()
    screen.click("Show all")
    await screen.at_rest()
    assert len(screen.listed) == 6


async def test_fields_and_values_are_completed(screen: Screen, tmp_path: Path) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    field = screen.see(CodeEdit, "Filter")
    screen.type(field, "ev")
    popup = _popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "event:"
    QTest.keyClicks(field, "b")
    await screen.settle()
    assert popup.model().index(0, 0).data() == "buy"
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "event:buy "
    await screen.at_rest()
    assert screen.listed == ["[Cart]", "buy"]


async def test_a_word_that_is_being_typed_brings_advice_and_no_mistake(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    field, banner = screen.see(CodeEdit, "Filter"), screen.part(Banner, "filterMistake")
    screen.retype(field, "event:view after:14")
    await screen.until(lambda: screen.words("trafficCount") == "2 of 4", "the finished term")
    popup = _popup()
    advice = popup.model().index(0, 0)
    assert "14:30" in advice.data()
    assert not advice.flags() & Qt.ItemFlag.ItemIsEnabled
    assert not banner.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Return)
    await screen.until(banner.isVisible, "the mistake, once the word is finished")


async def test_tab_takes_the_first_completion_and_enter_the_filter(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    field = screen.see(CodeEdit, "Filter")
    screen.retype(field, "verd")
    QTest.keyClick(_popup(), Qt.Key.Key_Tab)
    assert field.text() == "verdict:"
    assert field.hasFocus()
    QTest.keyClicks(field, "n")
    QTest.keyClick(_popup(), Qt.Key.Key_Return)
    assert screen.requests.hasFocus()


async def test_the_selected_request_is_shown_and_opened_in_compose(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(urls(tmp_path, "first", "second"))
    screen.press("Ctrl+Down", "Ctrl+Down")
    await screen.settle()
    assert screen.see(QTableView, "Captured requests").currentIndex().row() == 1
    screen.press("Ctrl+E")
    await screen.settle()
    assert screen.see(QLineEdit, "Event name").text() == "second"
    screen.press("Ctrl+Z")
    assert screen.see(QLineEdit, "Event name").text() == "game"


async def test_commands_act_on_the_workspace_that_is_shown(screen: Screen, tmp_path: Path) -> None:
    assert not screen.program.actions["columns"].isEnabled()
    await screen.open(urls(tmp_path, "first"))
    assert not screen.program.actions["send"].isEnabled()
    assert not screen.program.actions["undo"].isEnabled()
    screen.press("Ctrl+1")
    assert screen.program.actions["send"].isEnabled()
    screen.press("Ctrl+F")
    assert screen.see(QLineEdit, "Search history").hasFocus()


async def test_a_note_is_kept_and_found_by_its_tag(screen: Screen, tmp_path: Path) -> None:
    await screen.open(urls(tmp_path, "first", "second"))
    screen.press("Ctrl+Down", "Ctrl+M")
    await screen.until(lambda: bool(screen.window.findChildren(QInputDialog)), "the dialog")
    (dialog,) = screen.window.findChildren(QInputDialog)
    dialog.setTextValue("look at this #odd")
    dialog.accept()
    await screen.at_rest()
    await filter_by(screen, "tag:odd")
    assert screen.listed == ["first"]


async def test_a_request_is_copied_in_the_form_that_is_chosen(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(urls(tmp_path, "first"))
    screen.press("Ctrl+Down", "Ctrl+Shift+C")
    await screen.settle()
    menu = screen.part(QMenu, "copyMenu")
    screen.choose(menu, "URL")
    menu.close()
    assert QGuiApplication.clipboard().text() == url_of("first")
    assert screen.said.startswith("Copied as URL")


async def test_two_requests_are_compared(screen: Screen, tmp_path: Path) -> None:
    await screen.open(urls(tmp_path, "first", "second"))
    screen.press("Ctrl+D")
    assert screen.said == "Select two requests to compare them."
    screen.requests.selectAll()
    screen.press("Ctrl+D")
    await screen.settle()
    (window,) = screen.window.findChildren(CompareWindow)
    assert window.isVisible()
    window.close()


async def test_a_decoded_value_is_copied_watched_and_filtered_by_with_keys(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    screen.press("Ctrl+B")
    assert screen.said == "Select a property of the decoded request first."
    screen.press("Ctrl+Down")
    await screen.at_rest()
    tree = screen.see(DecodedView, "Decoded request")
    tree.show_at("/0/properties/plan")
    screen.focus(tree)
    screen.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == " pro"
    screen.press("Ctrl+Alt+C")
    assert QGuiApplication.clipboard().text() == '" pro"'
    screen.press("Ctrl+B")
    assert screen.traffic.workspace.detail.watched == ("plan",)
    tree.show_at("/0/properties/level")
    screen.press("Ctrl+Alt+F")
    assert screen.see(CodeEdit, "Filter").text().startswith("property:level=")
    screen.focus(screen.requests)
    screen.press("Ctrl+C")
    assert screen.said == "Copied the cell."


async def test_any_property_can_be_a_column(new_screen: NewScreen, tmp_path: Path) -> None:
    async with new_screen() as screen:
        await screen.open(har(tmp_path, ENTRIES))
        screen.traffic.columns.choose_property()
        await screen.until(lambda: bool(screen.window.findChildren(PropertyDialog)), "the dialog")
        (dialog,) = screen.window.findChildren(PropertyDialog)
        field = screen.see(QLineEdit, "Property")
        completer = field.completer()
        names = [
            completer.model().index(row, 0).data() for row in range(completer.model().rowCount())
        ]
        assert {"plan", "level", "token"} <= set(names)
        QTest.keyClicks(field, "plan")
        dialog.accept()
        await screen.at_rest()
        model = screen.requests.requests
        place = _titles(screen).index("plan")
        assert _titles(screen)[place + 1] == "Finding"
        assert model.index(1, place).data() == '"␣pro"'
    async with new_screen() as screen:
        screen.press("Ctrl+2")
        assert "plan" in [column.title for column in screen.traffic.workspace.model.columns]


async def test_columns_keep_their_order_and_width(new_screen: NewScreen, tmp_path: Path) -> None:
    async with new_screen() as screen:
        await screen.open(urls(tmp_path, "first"))
        header = screen.requests.horizontalHeader()
        header.moveSection(3, 0)
        header.resizeSection(header.logicalIndex(0), 333)
        header.customContextMenuRequested.emit(header.rect().center())
        menu = screen.part(QMenu, "columnsMenu")
        screen.choose(menu, "Method")
        menu.close()
        assert _titles(screen)[:3] == ["Event", "#", "Time"]
    async with new_screen() as screen:
        await screen.open(urls(tmp_path, "first"))
        assert _titles(screen)[:3] == ["Event", "#", "Time"]
        assert "Method" not in _titles(screen)
        assert screen.requests.columnWidth(0) == 333


async def test_settings_that_name_no_columns_are_as_if_absent(
    new_screen: NewScreen, tmp_path: Path
) -> None:
    (tmp_path / "window.ini").write_text('[traffic]\ncolumns="[[\\"none\\", 1e9], 5]"\n')
    async with new_screen() as screen:
        screen.press("Ctrl+2")
        assert screen.traffic.workspace.model.columns[0].title == "#"


async def test_what_is_sent_is_listed_newest_first_as_it_comes(live: Screen) -> None:
    live.press("Ctrl+2")
    live.select("Source", "Sent and received")
    await live.at_rest()
    assert live.see(QLineEdit, "Collector address").text() == live.program.collector.address
    for expected in (1, 2, 3):
        live.run("send-test")
        await live.sent()
        await live.until(
            lambda count=expected: len(live.traffic.workspace.model.rows) == count  # type: ignore[misc]  # bound now
        )
        if expected == 1:
            await live.at_rest()  # what the collector received has given way to what was sent
            live.run("next-exchange")
            first = live.requests.current_id()
    await live.at_rest()
    assert live.requests.current_id() == first
    ids = [live.requests.requests.rows.id_at(row) for row in range(3)]
    assert ids == sorted(ids, key=lambda id_: -(id_ or 0))
    assert ids[2] == first


async def test_the_record_button_says_what_the_collector_does(live: Screen) -> None:
    live.press("Ctrl+2")
    assert live.part(QLineEdit, "collectorAddress").text().startswith("http://127.0.0.1:")
    record = live.traffic.workspace.tools.record
    assert record.text() == "Recording"
    live.click("Record")
    assert record.text() == "Record"
    live.press("Ctrl+R")
    assert record.text() == "Recording"


async def test_the_export_holds_what_the_filter_lets_through(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, ENTRIES))
    await filter_by(screen, "event:view")
    shown = screen.traffic.shown()
    assert (shown.size(), [each.names for each in shown.each()]) == (2, [("view",), ("view",)])


async def test_a_cell_is_read_out_in_words(screen: Screen, tmp_path: Path) -> None:
    await screen.open(urls(tmp_path, "first"))
    interface = QAccessible.queryAccessibleInterface(screen.requests)
    texts = [
        interface.child(index).text(QAccessible.Text.Name)
        for index in range(interface.childCount())
    ]
    assert "first" in texts
    assert "predicted 1, no answer" in texts


async def test_the_workspace_that_was_shown_is_shown_again(
    new_screen: NewScreen,
) -> None:
    async with new_screen() as screen:
        assert screen.program.traffic is None
        screen.press("Ctrl+2")
    async with new_screen() as screen:
        screen.program.workspaces.restore()
        assert screen.program.workspaces.index == 1
