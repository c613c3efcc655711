from __future__ import annotations

import json
from dataclasses import replace

from trackscope.session.ledger import Entry, LedgerTable
from trackscope.session.ledger_text import (
    FORGOTTEN,
    MAX_RANGES,
    amiss_text,
    ledger_record,
    ledger_text,
    numbering_text,
)
from trackscope.session.numbering import Numbering, Range

GAME = Entry("game", "mixpanel-node 0.18.1", 1200, 1190, 10, 0, 3, 1)
SEQ = Numbering(
    "seq", "e3bc41", "mixpanel-node 0.18.1", "", 1, 9, 7, (Range(3, 4),), (Range(9, 9),)
)
TABLE = LedgerTable((GAME,), Entry("total", "", 1200, 1190, 10, 0, 3, 1), (SEQ,))


def test_the_text_is_a_table_and_a_line_for_every_number() -> None:
    assert ledger_text(TABLE) == (
        "event  sender                received  accepted  refused  unanswered  duplicated  alike\n"
        "game   mixpanel-node 0.18.1     1,200     1,190       10           0           3      1\n"
        "total                           1,200     1,190       10           0           3      1\n"
        "\n"
        "numbered by seq, mixpanel-node 0.18.1: 1 to 9, 7 came; 2 missing: 3 to 4; "
        "more than once: 9"
    )


def test_what_is_amiss_is_counted_and_a_clean_ledger_has_nothing() -> None:
    assert amiss_text(TABLE) == "10 refused, 3 duplicated, 2 missing, 1 more than once"
    assert amiss_text(LedgerTable()) == ""


def test_of_several_projects_each_number_names_its_token() -> None:
    other = replace(SEQ, token="0123456789abcdef0123456789abcdef")
    lines = ledger_text(replace(TABLE, numberings=(SEQ, other))).splitlines()
    assert lines[-1].startswith("numbered by seq, mixpanel-node 0.18.1, 0123…ef: 1 to 9")


def test_an_empty_ledger_is_a_table_too() -> None:
    assert ledger_text(LedgerTable()).splitlines()[1].split() == ["total", *"000000"]


def test_what_is_not_known_is_said() -> None:
    text = ledger_text(LedgerTable(is_complete=False))
    assert FORGOTTEN in text
    cut = Numbering("n", "", "", "game", 1, 3, 2, (Range(2, 2),), (), left_out=4)
    assert numbering_text(cut) == (
        "numbered by n of game: 1 to 3, 2 came; 1 missing: 2; "
        "4 not followed, so that more or less may be missing"
    )


def test_a_number_that_ran_through_is_said_to_have() -> None:
    whole = Numbering("n", "", "", "", 1, 3, 3, (), ())
    assert numbering_text(whole) == (
        "numbered by n: 1 to 3, 3 came; none missing, none more than once"
    )


def test_of_many_gaps_the_first_are_listed() -> None:
    gaps = tuple(Range(each, each) for each in range(2, 100, 2))
    text = numbering_text(Numbering("n", "", "", "", 1, 99, 50, gaps, ()))
    assert text.endswith(f"and {len(gaps) - MAX_RANGES} more ranges")


def test_the_record_holds_all_of_it() -> None:
    record = json.loads(json.dumps(ledger_record(TABLE)))
    assert record["events"][0]["duplicated"] == 3
    assert record["total"] == {
        "received": 1200, "accepted": 1190, "refused": 10, "unanswered": 0, "duplicated": 3,
        "alike": 1,
    }  # fmt: skip
    (numbers,) = record["numbers"]
    assert numbers["token"] == "…"
    assert (numbers["missing"], numbers["missing_count"]) == ([[3, 4]], 2)
    assert record["is_complete"] is True
