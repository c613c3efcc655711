"""The history in the window: search, choose, open, send again, clear, and after a restart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from tests.gui.screen import Screen

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.wire.editing import with_payload
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

NEW = Callable[[], Screen]


def keep(screen: Screen, *names: str, status: int = 200) -> None:
    """Exchanges in the history, as another window would have written them."""
    for number, name in enumerate(names):
        payload = f'{{"event":"{name}","properties":{{"token":"t"}}}}'
        request = with_payload(TrackRequest("GET", "http://127.0.0.1:8700/track/"), payload)
        reply = Reply(status, (("Content-Type", "text/plain"),), b"1")
        screen.history.append(
            Exchange(
                request,
                Origin.SENT,
                1322092800.0 + number,
                reply=reply,
                verdict=1,
                target="Built-in collector",
                names=(name,),
            )
        )


def listed(screen: Screen) -> list[str]:
    return [row[2] for row in screen.table("History")]


async def test_what_another_program_writes_appears_newest_first(screen: Screen) -> None:
    keep(screen, "a", "b", "c")
    await screen.until(lambda: len(screen.rows) == 3, "the rows")
    assert listed(screen) == ["c", "b", "a"]


async def test_the_list_follows_the_search_as_it_is_typed(screen: Screen) -> None:
    keep(screen, "game", "signup", "games")
    screen.press("Ctrl+F")
    search = screen.see(QLineEdit, "Search history")
    assert search.hasFocus()
    screen.type(search, "game")
    await screen.until(lambda: len(screen.rows) == 2, "two rows")
    screen.type(search, "zzz")
    await screen.until(lambda: not screen.rows, "none")
    labels = screen.program.workspace.history.findChildren(QLabel, "emptyState")
    assert [label.text() for label in labels] == ["No exchange matches the search."]
    screen.retype(search, "")
    await screen.until(lambda: len(screen.rows) == 3, "all rows")


async def test_choosing_a_row_shows_its_answer(screen: Screen) -> None:
    keep(screen, "a", "b")
    await screen.until(lambda: len(screen.rows) == 2, "the rows")
    screen.choose_row(1)
    await screen.settle()
    assert screen.headline == "1"
    assert screen.see(CodeEdit, "Answer body").text() == "1"


async def test_rows_are_walked_by_keys_from_anywhere(screen: Screen) -> None:
    keep(screen, "a", "b", "c")
    await screen.until(lambda: len(screen.rows) == 3, "the rows")
    screen.focus(screen.see(CodeEdit, "JSON"))
    chosen = []
    for key in ("Ctrl+Down", "Ctrl+Down", "Ctrl+Down", "Ctrl+Down", "Ctrl+Up"):
        screen.press(key)
        await screen.settle()
        chosen.append(screen.program.workspace.history.table.currentIndex().row())
    assert chosen == [0, 1, 2, 2, 1]
    assert screen.see(CodeEdit, "JSON").hasFocus()


async def test_a_row_is_opened_in_compose_and_undo_brings_the_draft_back(screen: Screen) -> None:
    draft = screen.request
    keep(screen, "old one")
    await screen.until(lambda: len(screen.rows) == 1, "the row")
    screen.choose_row(0)
    screen.press("Ctrl+E")
    await screen.settle()
    assert screen.see(QLineEdit, "Event name").text() == "old one"
    assert screen.request == screen.history.load(screen.rows[0].id).request
    screen.press("Ctrl+Z")
    assert screen.request == draft


async def test_a_row_is_sent_again_as_it_was(live: Screen) -> None:
    await live.send()
    live.retype(live.see(QLineEdit, "Event name"), "another")
    draft = live.request
    live.choose_row(0)
    live.press("Ctrl+Shift+R")
    await live.sent()
    await live.until(lambda: len(live.rows) == 2, "two rows")
    first, second = (live.history.load(row.id) for row in reversed(live.rows))
    assert second.request == first.request
    assert second.verdict == 1
    assert live.request == draft


async def test_clearing_can_be_undone(screen: Screen) -> None:
    keep(screen, "a", "b")
    await screen.until(lambda: len(screen.rows) == 2, "the rows")
    screen.click("Clear history")
    await screen.until(lambda: not screen.rows, "an empty list")
    assert "Cleared 2" in screen.said
    screen.run("restore-history")
    await screen.until(lambda: len(screen.rows) == 2, "the rows again")
    assert listed(screen) == ["b", "a"]


async def test_the_history_is_there_after_a_restart(new_screen: NEW) -> None:
    async with new_screen() as first:
        keep(first, "kept")
        await first.until(lambda: len(first.rows) == 1, "the row")
    async with new_screen() as second:
        await second.until(lambda: len(second.rows) == 1, "the row")
        assert listed(second) == ["kept"]


async def test_more_rows_are_read_when_the_end_is_reached(screen: Screen) -> None:
    keep(screen, *(f"event {number}" for number in range(450)))
    await screen.until(lambda: len(screen.rows) == 200, "the first page")
    table = screen.program.workspace.history.table
    table.scrollToBottom()
    await screen.until(lambda: len(screen.rows) == 400, "the second page")
    table.scrollToBottom()
    await screen.until(lambda: len(screen.rows) == 450, "the rest")
    assert listed(screen)[-1] == "event 0"


async def test_the_chosen_row_stays_chosen_when_new_ones_come(screen: Screen) -> None:
    keep(screen, "a", "b")
    await screen.until(lambda: len(screen.rows) == 2, "the rows")
    screen.choose_row(1)
    keep(screen, "c")
    await screen.until(lambda: len(screen.rows) == 3, "the new row")
    table = screen.program.workspace.history.table
    assert table.currentIndex().row() == 2
    assert listed(screen)[2] == "a"


async def test_badges_have_words_for_those_who_do_not_see_colours(screen: Screen) -> None:
    keep(screen, "a")
    await screen.until(lambda: len(screen.rows) == 1, "the row")
    model = screen.program.workspace.history.model
    spoken = model.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "answer 1, logged"
