"""What the list shows is indexed: a little by the window, much by a process of its own."""

from __future__ import annotations

from pathlib import Path

from tests.gui.screen import Screen
from tests.gui.traffic.captures import url_of, urls
from tests.gui.traffic.test_list import filter_by

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.traffic.index_control import MANY
from trackscope.wire.request import TrackRequest


async def test_a_long_history_is_indexed_by_another_process_and_can_be_filtered(
    screen: Screen,
) -> None:
    often = Exchange(TrackRequest("GET", url_of("often")), Origin.SENT, 1.0, names=("often",))
    rare = Exchange(TrackRequest("GET", url_of("rare")), Origin.SENT, 2.0, names=("rare",))
    screen.history.append_many([*[often] * MANY, rare])
    screen.press("Ctrl+2")
    screen.select("Source", "Sent and received")
    index = screen.traffic.index
    await screen.until(lambda: index.is_delegated, "a process that indexes")
    await screen.until(lambda: not screen.history.unindexed(), "an index of all")
    await filter_by(screen, "event:rare")
    assert screen.listed == ["rare"]


async def test_a_short_capture_is_indexed_by_the_window_itself(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(urls(tmp_path, "first", "second"))
    listing = screen.traffic.list.listing
    assert listing is not None
    assert listing.unindexed() == 0
    assert not screen.traffic.index.is_delegated
