"""A batch is edited event by event; the text of the other events stays."""

from __future__ import annotations

import pytest
from tests.session.conftest import document

from trackscope.session import batch
from trackscope.session.generator import Generator, Kind

ONE = '{"event":"a","properties":{"n":1.10}}'
TWO = f'[{ONE}, {{"event":"b","properties":{{}}}}]'


def test_one_event_becomes_a_list_when_another_is_added() -> None:
    after = batch.with_new_event(document(ONE), '{"event":"b"}')
    assert after.decoded.json_text == f'[{ONE},{{"event":"b"}}]'
    assert batch.names(after) == ("a", "b")


def test_the_last_event_that_remains_is_an_object_again() -> None:
    after = batch.without_event(document(TWO), 1)
    assert after.decoded.json_text == ONE


def test_the_only_event_of_a_batch_can_be_removed() -> None:
    assert batch.without_event(document(f"[{ONE}]"), 0).decoded.events == ()


def test_a_copy_stands_right_after_its_event() -> None:
    assert batch.names(batch.duplicated(document(TWO), 0)) == ("a", "a", "b")


def test_an_event_moves_up_and_down() -> None:
    assert batch.names(batch.moved(document(TWO), 0, 1)) == ("b", "a")
    assert batch.names(batch.moved(document(TWO), 1, 0)) == ("b", "a")


def test_a_generator_follows_its_event() -> None:
    made = document(TWO).with_generator("/1/properties/n", Generator(Kind.UUID))
    assert batch.moved(made, 1, 0).generator_at("/0/properties/n") == Generator(Kind.UUID)
    assert batch.without_event(made, 0).generator_at("/0/properties/n") == Generator(Kind.UUID)
    assert batch.without_event(made, 1).generators == ()
    assert len(batch.duplicated(made, 1).generators) == 2


def test_a_payload_that_cannot_be_read_gives_way_to_a_new_event() -> None:
    assert batch.names(batch.with_new_event(document('{"event":'))) == ("New event",)


@pytest.mark.parametrize(
    ("payload", "names"),
    [("[1]", ("not an event",)), ('{"event":7}', ("no name",)), ("{", ()), ("[]", ())],
)
def test_what_is_no_event_still_has_a_row(payload: str, names: tuple[str, ...]) -> None:
    assert batch.names(document(payload)) == names


def test_laying_out_keeps_every_literal() -> None:
    indented = batch.laid_out(document(ONE), is_indented=True)
    assert '"n": 1.10' in (indented.decoded.json_text or "")
    compact = batch.laid_out(indented, is_indented=False)
    assert compact.decoded.json_text == ONE


def test_a_payload_that_cannot_be_read_is_not_laid_out() -> None:
    broken = document('{"event":')
    assert batch.laid_out(broken, is_indented=True) is broken
