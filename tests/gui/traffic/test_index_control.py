"""What the list shows is indexed: a little by the window, much by a process of its own."""

from __future__ import annotations

from pathlib import Path

from tests.gui.screen import Screen
from tests.gui.traffic.captures import urls
from tests.gui.traffic.test_list import filter_by

from trackscope.gui.traffic.index_control import MANY


async def test_a_long_capture_is_indexed_by_another_process_and_can_be_filtered(
    screen: Screen, tmp_path: Path
) -> None:
    names = ["often"] * MANY + ["rare"]
    await screen.open(urls(tmp_path, *names))
    listing = screen.traffic.list.listing
    assert listing is not None
    assert screen.traffic.index.is_delegated
    await screen.until(lambda: not listing.unindexed(), "an index of all")
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
