"""The batch in the window: add, duplicate, remove, move."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QListWidget, QPushButton, QWidget
from tests.gui.screen import Screen


def _names(screen: Screen) -> list[str]:
    listed = screen.see(QListWidget, "Events")
    names = [listed.item(row).text() for row in range(listed.count())]
    assert names == [event["event"] for event in screen.events]
    return names


def _rename(screen: Screen, name: str) -> None:
    screen.retype(screen.see(QLineEdit, "Event name"), name)


async def test_events_are_added_and_the_form_shows_the_newest(screen: Screen) -> None:
    screen.click("Add event")
    _rename(screen, "b")
    screen.click("Add event")
    _rename(screen, "c")
    assert _names(screen) == ["game", "b", "c"]
    assert screen.texts["json"].lstrip().startswith("[")


async def test_choosing_an_event_shows_it_in_the_form(screen: Screen) -> None:
    screen.click("Add event")
    _rename(screen, "b")
    screen.choose_event(0)
    assert screen.see(QLineEdit, "Event name").text() == "game"
    _rename(screen, "a")
    assert _names(screen) == ["a", "b"]


async def test_an_event_is_duplicated_after_itself_and_then_chosen(screen: Screen) -> None:
    screen.click("Add event")
    _rename(screen, "b")
    screen.choose_event(0)
    screen.click("Duplicate event")
    _rename(screen, "copy")
    assert _names(screen) == ["game", "copy", "b"]


async def test_events_move_up_and_down_with_the_choice(screen: Screen) -> None:
    for name in ("b", "c"):
        screen.click("Add event")
        _rename(screen, name)
    screen.click("Move event up")
    assert _names(screen) == ["game", "c", "b"]
    screen.click("Move event up")
    assert _names(screen) == ["c", "game", "b"]
    assert screen.see(QLineEdit, "Event name").text() == "c"
    screen.click("Move event down")
    assert _names(screen) == ["game", "c", "b"]


async def test_what_moves_takes_its_generators_along(screen: Screen) -> None:
    screen.click("Add event")
    _rename(screen, "b")
    screen.choose_event(0)
    screen.click("Move event down")
    assert screen.table("Properties")[2][:2] == ["time", "now"]


async def test_removing_leaves_one_event_as_an_object(screen: Screen) -> None:
    single = screen.request
    screen.click("Duplicate event")
    assert len(screen.events) == 2
    screen.click("Remove event")
    assert _names(screen) == ["game"]
    assert screen.texts["json"].lstrip().startswith("{")
    assert not [each for each in screen.all_named("Remove event") if each.isEnabled()]
    screen.run("undo")
    screen.run("undo")
    assert screen.request == single


async def test_an_event_after_a_broken_payload_begins_anew(screen: Screen) -> None:
    screen.retype(screen.see(QWidget, "JSON"), "{broken")
    screen.click("Add event")
    assert len(screen.events) == 1
    screen.run("undo")
    assert screen.texts["json"] == "{broken"


async def test_the_buttons_are_there_for_what_can_be_done(screen: Screen) -> None:
    def enabled() -> list[str]:
        names = ("Duplicate event", "Remove event", "Move event up", "Move event down")
        return [name for name in names if screen.see(QPushButton, name).isEnabled()]

    assert enabled() == ["Duplicate event"]
    screen.click("Add event")
    assert enabled() == ["Duplicate event", "Remove event", "Move event up"]
    screen.choose_event(0)
    assert enabled() == ["Duplicate event", "Remove event", "Move event down"]
