"""Composing without a window: targets, fixes, the selected event, copies."""

from __future__ import annotations

from dataclasses import replace

from tests.session.conftest import NOW, Clock

from trackscope.session import batch
from trackscope.session.composer import Composer
from trackscope.session.generator import Generator, Kind
from trackscope.session.target import COLLECTOR, SERVICE_TARGETS, Target
from trackscope.wire.editing import with_payload
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest


def test_the_first_request_would_be_answered_1_without_a_finding(composer: Composer) -> None:
    assert composer.verdict.value == 1
    assert composer.verdict.findings == ()


def test_aiming_elsewhere_changes_the_address_and_keeps_the_rest(composer: Composer) -> None:
    query = composer.document.request.url.partition("?")[2]
    composer.aim(SERVICE_TARGETS[0])
    assert composer.document.request.url == f"https://api.mixpanel.com/track/?{query}"
    composer.draft.undo()
    assert composer.target.label == COLLECTOR


def test_a_typed_address_becomes_the_target(composer: Composer) -> None:
    aimed: list[Target] = []
    composer.aimed.connect(aimed.append)
    request = replace(composer.document.request, url="http://staging.example:81/track?data=")
    composer.draft.edit(request, "url")
    assert aimed == [Target("staging.example:81", "http://staging.example:81")]


def test_a_collector_on_another_port_takes_the_draft_along(composer: Composer) -> None:
    composer.move_collector(Target(COLLECTOR, "http://127.0.0.1:9"))
    assert composer.document.request.url.startswith("http://127.0.0.1:9/track/?data=")
    assert not composer.draft.can_undo


def test_a_collector_that_moves_leaves_another_target_alone(composer: Composer) -> None:
    composer.aim(SERVICE_TARGETS[0])
    composer.move_collector(Target(COLLECTOR, "http://127.0.0.1:9"))
    assert composer.target == SERVICE_TARGETS[0]


def test_a_fix_is_one_step_of_undo(composer: Composer) -> None:
    old = '{"event":"a","properties":{"token":"t","time":1}}'
    composer.draft.edit(with_payload(composer.document.request, old), "json")
    composer.judge_now()
    reason = composer.verdict.reason
    assert reason is not None
    assert reason.rule == "time.too-old"
    assert composer.apply_fix(reason)
    composer.judge_now()
    assert composer.verdict.value == 1
    composer.draft.undo()
    assert composer.document.decoded.json_text == old


def test_a_fix_that_no_longer_fits_changes_nothing(composer: Composer) -> None:
    old = '{"event":"a","properties":{"token":"t","time":1}}'
    composer.draft.edit(with_payload(composer.document.request, old), "json")
    composer.judge_now()
    reason = composer.verdict.reason
    assert reason is not None
    composer.draft.edit(with_payload(composer.document.request, "{"), "json")
    before = composer.document
    assert not composer.apply_fix(reason)
    assert composer.document is before


def test_the_selected_event_stays_inside_the_batch(composer: Composer) -> None:
    composer.edit(batch.with_new_event, "events")
    composer.select(1)
    assert composer.index == 1
    composer.edit(lambda document: batch.without_event(document, 1), "events")
    assert composer.index == 0


def test_preparing_makes_the_time_now_and_counts_on(composer: Composer, clock: Clock) -> None:
    composer.edit(
        lambda document: document.with_generator(
            "/0/properties/level", Generator(Kind.COUNTER, "10")
        ),
        "form",
    )
    clock.seconds = NOW + 60
    first, second = composer.prepared(), composer.prepared()
    assert first.value_at("/0/properties/time") == NOW + 60
    levels = [each.value_at("/0/properties/level") for each in (first, second)]
    assert levels == [10, 11]


def test_copies_have_values_of_their_own_and_leave_the_draft(composer: Composer) -> None:
    composer.edit(
        lambda document: document.with_generator("/0/properties/distinct_id", Generator(Kind.UUID)),
        "form",
    )
    before = composer.document
    ids = {each.value_at("/0/properties/distinct_id") for each in composer.copies(5)}
    assert len(ids) == 5
    assert composer.document is before


def test_a_strict_book_judges_the_draft_anew(composer: Composer) -> None:
    request = TrackRequest(
        "GET", 'http://127.0.0.1:8700/track/?data={"event":"a","properties":{"token":"t"}}'
    )
    composer.draft.edit(request, "url")
    composer.judge_now()
    assert composer.verdict.value == 1
    composer.set_book(rule_book(strict=True))
    assert composer.verdict.value == 0


def test_a_generator_that_was_just_chosen_shows_in_the_document_and_in_the_verdict(
    composer: Composer,
) -> None:
    pointer = "/0/properties/time"
    old = Generator(Kind.AGO, "500000")
    composer.edit(lambda document: document.with_generator(pointer, old), "form")
    assert composer.document.value_at(pointer) == NOW - 500_000
    composer.judge_now()
    assert composer.verdict.value == 0
    composer.draft.undo()
    assert composer.document.value_at(pointer) == NOW
