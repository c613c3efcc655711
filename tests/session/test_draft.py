"""One document, told once, undone in whole steps."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from tests.session.conftest import Clock, document

from trackscope.session.draft import Change, Draft
from trackscope.session.generator import Generator, Kind
from trackscope.wire.editing import with_data, with_payload, with_transport


def test_an_edit_that_changes_nothing_tells_nobody(draft: Draft) -> None:
    heard: list[Change] = []
    draft.changed.connect(heard.append)
    draft.edit(draft.document.request, "url")
    assert heard == []
    assert not draft.can_undo


def test_an_edit_is_told_once_with_what_was_and_what_is(draft: Draft) -> None:
    heard: list[Change] = []
    draft.changed.connect(heard.append)
    before = draft.document
    draft.edit(replace(before.request, method="POST"), "method")
    (change,) = heard
    assert (change.before, change.after, change.origin) == (before, draft.document, "method")


def test_quick_edits_of_one_face_are_undone_together(draft: Draft, clock: Clock) -> None:
    first = draft.document
    for text in ("http://a", "http://ab", "http://abc"):
        clock.seconds += 0.2
        draft.edit(replace(draft.document.request, url=text), "url")
    draft.undo()
    assert draft.document == first
    draft.redo()
    assert draft.document.request.url == "http://abc"


def test_a_pause_begins_a_new_step_of_undo(draft: Draft, clock: Clock) -> None:
    draft.edit(replace(draft.document.request, url="http://a"), "url")
    clock.seconds += 5
    draft.edit(replace(draft.document.request, url="http://ab"), "url")
    draft.undo()
    assert draft.document.request.url == "http://a"


def test_another_face_begins_a_new_step_of_undo(draft: Draft) -> None:
    draft.edit(replace(draft.document.request, url="http://a"), "url")
    draft.edit(replace(draft.document.request, method="POST"), "method")
    draft.undo()
    assert (draft.document.request.url, draft.document.request.method) == ("http://a", "GET")


def test_an_edit_after_undo_forgets_what_could_be_redone(draft: Draft) -> None:
    draft.edit(replace(draft.document.request, url="http://a"), "url")
    draft.undo()
    draft.edit(replace(draft.document.request, url="http://b"), "json")
    assert not draft.can_redo


def test_undo_and_redo_with_nothing_to_do_do_nothing(draft: Draft) -> None:
    before = draft.document
    draft.undo()
    draft.redo()
    assert draft.document is before


def test_a_face_that_edits_while_it_is_told_is_a_mistake(draft: Draft) -> None:
    def answer_back(change: Change) -> None:
        draft.edit(replace(change.after.request, url="http://echo"), "echo")

    draft.changed.connect(answer_back)
    with pytest.raises(AssertionError, match="being told"):
        draft.edit(replace(draft.document.request, url="http://a"), "url")


def test_generated_values_are_made_anew_without_a_step_of_undo(draft: Draft) -> None:
    made = draft.document.with_generator("/0/properties/token", Generator(Kind.COUNTER, "5"))
    filled = made.filled(now=0, index=2, random=Random(1))
    draft.replace_quietly(filled, "generator")
    assert draft.document.value_at("/0/properties/token") == 7
    assert not draft.can_undo


def test_a_generator_goes_when_its_value_is_changed_by_hand(draft: Draft) -> None:
    pointer = "/0/properties/token"
    draft.edit(draft.document.with_generator(pointer, Generator(Kind.UUID)), "form")
    changed = with_payload(draft.document.request, '{"event":"game","properties":{"token":"mine"}}')
    draft.edit(changed, "json")
    assert draft.document.generator_at(pointer) is None


def test_a_generator_stays_while_other_things_change(draft: Draft) -> None:
    pointer = "/0/properties/token"
    draft.edit(draft.document.with_generator(pointer, Generator(Kind.UUID)), "form")
    changed = with_payload(draft.document.request, '{"event":"other","properties":{"token":"t"}}')
    draft.edit(changed, "json")
    assert draft.document.generator_at(pointer) == Generator(Kind.UUID)


def test_filling_keeps_every_other_character_of_the_payload() -> None:
    text = '{ "event":"a",\n "properties":{"n": 1.10, "time": 3} }'
    made = document(text).with_generator("/0/properties/time", Generator(Kind.NOW))
    filled = made.filled(now=99.9, index=0, random=Random(1))
    assert filled.decoded.json_text == text.replace('"time": 3', '"time": 99')


def test_data_that_was_broken_by_hand_is_sent_broken(draft: Draft) -> None:
    pointer = "/0/properties/token"
    draft.edit(draft.document.with_generator(pointer, Generator(Kind.NOW)), "form")
    data = draft.document.decoded.data or ""
    assert data.endswith("=")
    draft.edit(with_data(draft.document.request, data.rstrip("=")), "data")
    filled = draft.document.filled(now=99, index=0, random=Random(1))
    assert filled.decoded.data == data.rstrip("=")


def test_a_generator_stays_in_json_that_travels_without_base64(draft: Draft) -> None:
    pointer = "/0/properties/token"
    bare = with_transport(draft.document.request, "body-json")
    draft.edit(bare, "transport")
    draft.edit(draft.document.with_generator(pointer, Generator(Kind.NOW)), "form")
    text = '{"event":"other","properties":{"token":"t"}}'
    draft.edit(with_payload(draft.document.request, text), "json")
    filled = draft.document.filled(now=99, index=0, random=Random(1))
    assert filled.value_at(pointer) == 99
