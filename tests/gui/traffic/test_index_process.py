"""The child that indexes: it says whether it could, and it can be ended at any time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pytestqt.qtbot import QtBot

from trackscope.gui.traffic.index_process import IndexProcess
from trackscope.history.history import History
from trackscope.session.listing import Place


def test_a_history_that_is_gone_is_told_as_not_done(qtbot: QtBot, tmp_path: Path) -> None:
    process = IndexProcess()
    with qtbot.waitSignal(process.ended, timeout=20_000) as told:
        process.start(Place(tmp_path / "gone.trackscope"))
    assert told.args == [False]
    assert process.place is None


def test_a_child_that_is_stopped_tells_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    place = Place(tmp_path / "h.trackscope")
    History.open(place.path).close()
    process = IndexProcess()
    with qtbot.assertNotEmitted(process.ended):
        process.start(place)
        assert process.place == place
        process.stop()
    assert process.place is None
    with closing(History.open(place.path)) as history:
        assert history.unindexed() == 0
