"""Which exchanges of a history are meant."""

from __future__ import annotations

from contextlib import closing

from tests.history.conftest import exchange

from trackscope.capture.exchange import Origin
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term, query_of
from trackscope.session.selection import chosen, found


def test_found_and_chosen_read_oldest_first() -> None:
    with closing(History.in_memory()) as history:
        history.append_many([exchange("a"), exchange("why"), exchange("c", Origin.SENT)])
        for selection, names in (
            (found(history), ["a", "why", "c"]),
            (found(history, query_of("why")), ["why"]),
            (found(history, Query((Term(Field.ORIGIN, "sent"),))), ["c"]),
            (chosen(history, [3, 1, 3]), ["a", "c"]),
        ):
            assert selection.size() == len(names)
            assert [each.names[0] for each in selection.each()] == names
