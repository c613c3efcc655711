"""Deletions: hidden at once, undone in any order, then really gone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from tests.history.conftest import NOW, exchange, names

from trackscope.errors import HistoryError
from trackscope.history.history import Deletion, History


class TestDeletion:
    def test_clear_empties_and_restore_brings_all_back(self, history: History) -> None:
        history.append_many([exchange("a"), exchange("b", verdict=0)])
        cleared = history.clear()
        assert cleared.count == 2
        assert (history.page(), history.count(), list(history.each())) == ([], 0, [])
        history.append(exchange("c"))
        assert history.restore(cleared) == 2
        assert names(history) == ["c", "b", "a"]
        assert history.count() == 3

    def test_picked_exchanges_go_and_come_back(self, history: History) -> None:
        ids = history.append_many([exchange("a"), exchange("b"), exchange("c")])
        deleted = history.delete([ids[1], ids[1], 99])
        assert deleted.count == 1
        assert names(history) == ["c", "a"]
        assert history.count() == 2
        assert history.restore(deleted) == 1
        assert names(history) == ["c", "b", "a"]

    @pytest.mark.parametrize("is_pick_restored_first", [True, False])
    def test_deletions_are_undone_in_any_order(
        self, history: History, is_pick_restored_first: bool
    ) -> None:
        ids = history.append_many([exchange("a"), exchange("b")])
        picked = history.delete([ids[0]])
        cleared = history.clear()
        both = [picked, cleared] if is_pick_restored_first else [cleared, picked]
        for each in both:
            history.restore(each)
            assert history.count() == len(history.page())
        assert names(history) == ["b", "a"]

    def test_of_two_clears_either_can_be_undone_first(self, history: History) -> None:
        history.append(exchange("a"))
        first = history.clear()
        history.append(exchange("b"))
        second = history.clear()
        assert history.restore(first) == 0
        assert history.page() == []
        assert history.restore(second) == 2
        assert names(history) == ["b", "a"]

    def test_what_was_purged_is_gone_and_its_ids_are_not_used_again(self, history: History) -> None:
        ids = history.append_many(exchange(f"e{number}") for number in range(1201))
        history.add_stored(ids[0], [])
        deleted = history.clear()
        kept = history.append(exchange("kept"))
        history.purge()
        assert history.restore(deleted) == 0
        assert names(history) == ["kept"]
        assert history.count() == 1
        assert kept == ids[-1] + 1
        with pytest.raises(HistoryError):
            history.load(ids[0])

    def test_a_purge_of_the_old_leaves_what_was_deleted_just_now(self, path: Path) -> None:
        now = NOW
        with closing(History.open(path, clock=lambda: now)) as history:
            history.append(exchange("old"))
            old = history.clear()
            history.append(exchange("new"))
            now += 100
            new = history.clear()
            history.purge(older_than_s=50)
            assert history.restore(old) == 0
            assert history.restore(new) == 1
            assert names(history) == ["new"]

    def test_restoring_what_never_was_deleted_does_nothing(self, history: History) -> None:
        history.append(exchange())
        assert history.restore(Deletion(7, 1)) == 0
        assert history.count() == 1
