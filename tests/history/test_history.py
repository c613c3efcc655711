"""The history in a real file: paging, search, notes, twins, deletion with undo."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.history.conftest import asked, exchange, names, refused

from trackscope.capture.exchange import Origin
from trackscope.errors import HistoryError
from trackscope.history.history import History
from trackscope.history.query import Field, query_of
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.request import TrackRequest


class TestReading:
    def test_what_was_appended_is_loaded_again(self, history: History) -> None:
        written = exchange(note="n", peer="127.0.0.1:9", took_ms=1.5, source="a.har")
        id_ = history.append(written)
        assert history.load(id_) == replace(written, id=id_)

    def test_it_is_still_there_after_closing_and_opening(self, path: Path) -> None:
        with closing(History.open(path)) as history:
            id_ = history.append(exchange())
        with closing(History.open(path)) as history:
            assert history.load(id_).names == ("game",)

    def test_pages_bring_the_newest_first_and_go_on_by_key(self, history: History) -> None:
        history.append_many(exchange(f"e{number}") for number in range(5))
        first = history.page(limit=3)
        assert [row.names for row in first] == [("e4",), ("e3",), ("e2",)]
        assert [row.names for row in history.page(before_id=first[-1].id)] == [("e1",), ("e0",)]

    def test_newer_ids_come_oldest_first(self, history: History) -> None:
        ids = history.append_many([exchange("a"), exchange("b"), exchange("c")])
        assert history.ids(after_id=ids[0]).ids.tolist() == [ids[1], ids[2]]

    def test_a_row_says_what_a_list_shows(self, history: History) -> None:
        history.append(refused("token is missing"))
        (row,) = history.page()
        assert (row.method, row.status, row.verdict, row.events) == ("POST", 200, 0, 1)
        assert (row.remark, row.worst) == ("token is missing", Severity.ERROR)
        assert (row.host, row.page, row.peer) == ("h:1", "", "")

    def test_the_worst_of_what_was_found_before_and_after_storing_is_told(
        self, history: History
    ) -> None:
        note, warning = (
            Finding("a.b", Severity.NOTE, "", "n"),
            Finding("a.c", Severity.WARNING, "", "w"),
        )
        history.append_many(
            [exchange(), exchange(findings=(note,)), exchange(findings=(note, warning))]
        )
        history.add_stored(1, [], [warning])
        worst = [row.worst for row in history.page()]
        assert worst == [Severity.WARNING, Severity.NOTE, Severity.WARNING]
        assert history.page()[0].remark == "w"

    def test_the_remark_of_a_request_without_answer_is_why(self, history: History) -> None:
        failed = exchange(verdict=None, reply=None, failure="Nobody listens on port 9.")
        history.append(failed)
        (row,) = history.page()
        assert (row.status, row.failure, row.remark) == (None, failed.failure, failed.failure)

    def test_the_row_of_a_huge_batch_holds_only_the_first_names(self, history: History) -> None:
        written = exchange(names=tuple("x" * 300 for _ in range(2000)))
        id_ = history.append(written)
        (row,) = history.page()
        assert (len(row.names), len(row.names[0]), row.events) == (20, 200, 2000)
        assert history.load(id_).names == written.names

    def test_origin_and_verdict_filter_lists_and_counts_alike(self, history: History) -> None:
        history.append_many(
            [
                exchange("a"),
                exchange("b", verdict=0),
                exchange("c", Origin.SENT),
                exchange("d", Origin.SENT, verdict=None),
            ]
        )
        sent, one, none = (Field.ORIGIN, "sent"), (Field.VERDICT, "1"), (Field.VERDICT, "none")
        assert names(history, sent) == ["d", "c"]
        assert names(history, one) == ["c", "a"]
        assert names(history, none) == ["d"]
        assert history.count() == 4
        assert history.count(asked(sent)) == 2
        assert history.count(asked(one)) == 2
        assert history.count(asked(sent, none)) == 1

    def test_each_goes_through_all_oldest_first(self, history: History) -> None:
        history.append_many(exchange(f"e{number}") for number in range(1203))
        assert [each.names[0] for each in history.each()] == [f"e{n}" for n in range(1203)]

    def test_many_are_loaded_in_the_order_asked_for(self, history: History) -> None:
        history.append_many([exchange("a"), exchange("b"), exchange("c")])
        assert [each.names[0] for each in history.load_many([3, 9, 1])] == ["c", "a"]
        assert [row.id for row in history.rows([3, 9, 1])] == [3, 1]

    def test_what_is_not_there_is_an_error_that_names_it(self, history: History) -> None:
        with pytest.raises(HistoryError, match="Exchange 99 is not in"):
            history.load(99)

    def test_the_newest_id_and_the_data_version_tell_of_other_writers(
        self, history: History, path: Path
    ) -> None:
        before = history.newest_id(), history.data_version()
        with closing(History.open(path)) as other:
            id_ = other.append(exchange())
        assert history.newest_id() == id_ == before[0] + 1
        assert history.data_version() != before[1]

    def test_a_history_in_memory_works_alike(self) -> None:
        with closing(History.in_memory()) as history:
            assert history.load(history.append(exchange())).names == ("game",)


class TestSearch:
    @pytest.mark.parametrize(
        "search",
        ["sign", "SIGNED", "up signed", "h:1/tra", "e3bc41", "ann", "my note", "staging", "ÜBER"],
    )
    def test_an_exchange_is_found_by(self, history: History, search: str) -> None:
        history.append(exchange("other", request=TrackRequest("GET", "http://x/")))
        history.append(
            exchange("Signed Up über", Origin.SENT, note="My note", target="http://Staging/")
        )
        assert names(history, (Field.TEXT, search)) == ["Signed Up über"]
        assert history.count(query_of(search)) == 1

    @pytest.mark.parametrize("search", ["nothing", "signed nothing", "%", "_", "'", '"'])
    def test_it_is_not_found_by(self, history: History, search: str) -> None:
        history.append(exchange("Signed Up"))
        assert history.page(query_of(search)) == []

    def test_it_is_found_by_the_reason_for_its_0(self, history: History) -> None:
        history.append_many([exchange("good"), refused("properties.token is missing")])
        assert history.count(query_of("token is missing")) == 1

    def test_a_search_of_blanks_finds_all(self, history: History) -> None:
        history.append(exchange())
        assert history.count(query_of("  ")) == len(history.page(query_of("  "))) == 1

    def test_a_new_note_is_found_and_the_old_one_is_not(self, history: History) -> None:
        id_ = history.append(exchange())
        history.set_note(id_, "first")
        history.set_note(id_, "Second")
        assert [row.note for row in history.page(query_of("second ann"))] == ["Second"]
        assert history.page(query_of("first")) == []
        assert history.load(id_).note == "Second"

    def test_it_is_found_by_the_users_of_its_stored_events(self, history: History) -> None:
        id_ = history.append(exchange(request=TrackRequest("GET", "http://h/track/?data=x")))
        history.add_stored(id_, [{"event": "game", "properties": {"distinct_id": "10.0.0.7"}}])
        assert history.count(query_of("10.0.0.7")) == 1


class TestStored:
    STORED = ({"event": "game", "properties": {"n": 10**400, "text": "\ud800", "t": 1.5}},)

    def test_stored_events_and_their_findings_stand_beside_the_exchange(
        self, history: History
    ) -> None:
        own = Finding("sdk.note", Severity.NOTE, "", "own")
        later = Finding("event.duplicate", Severity.WARNING, "/0", "later")
        id_ = history.append(exchange(findings=(own,)))
        history.add_stored(id_, self.STORED, [later])
        assert history.load(id_).stored == self.STORED
        assert history.load(id_).findings == (own, later)

    def test_an_exchange_that_brings_its_stored_events_keeps_them(self, history: History) -> None:
        id_ = history.append(exchange(stored=self.STORED))
        assert history.load(id_).stored == self.STORED

    def test_unprocessed_are_those_answered_1_without_stored_events(self, history: History) -> None:
        ids = history.append_many(
            [exchange("a"), exchange("b", verdict=0), exchange("c", Origin.SENT), exchange("d")]
        )
        assert [each.names[0] for each in history.unprocessed()] == ["a", "d"]
        assert [each.names[0] for each in history.unprocessed(after_id=ids[0])] == ["d"]
        history.add_stored(ids[0], [])
        assert [each.names[0] for each in history.unprocessed()] == ["d"]
