from __future__ import annotations

from typing import Any

import pytest
from tests.wire.rules.asking import base64_of, event, found, get, judged, rules_of
from tests.wire.rules.cases import imported

from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules.identity import NOBODY

IDS = ("distinct-id.refused", "insert-id.form", "insert-id.missing", "distinct-id.missing")


def ids_of(properties: dict[str, Any], era: str = "current") -> list[str]:
    """The rules on ids that an event with these properties breaks."""
    return [each for each in rules_of(get(event(**properties)), era=era) if each in IDS]


@pytest.mark.parametrize("value", ["undefined", "n/a", "<nil>", "0", 0, -1, True, None, [], {}])
def test_a_distinct_id_that_names_nobody_is_refused(value: object) -> None:
    assert ids_of({"distinct_id": value}) == ["distinct-id.refused"]


@pytest.mark.parametrize("value", ["", "u", "Undefined", 7, 1.5, [0], {"a": 1}])
def test_any_other_distinct_id_is_taken(value: object) -> None:
    assert ids_of({"distinct_id": value}) == []


@pytest.mark.parametrize("value", [*sorted(NOBODY), "a b", "ä", "a_b", "x" * 37, "", 7, None])
def test_an_insert_id_of_another_form_is_told_of(value: object) -> None:
    assert ids_of({"$insert_id": value}) == ["insert-id.form"]


@pytest.mark.parametrize("value", ["x" * 36, "5d958f87-542d-4c10-9422-0ed75893dc81", "a"])
def test_up_to_36_letters_digits_and_hyphens_are_an_insert_id(value: str) -> None:
    assert ids_of({"$insert_id": value}) == []


@pytest.mark.parametrize("era", ["2011", "classic"])
def test_before_today_no_id_was_refused(era: str) -> None:
    assert ids_of({"distinct_id": "null", "$insert_id": "a b"}, era) == []


def test_only_what_is_imported_needs_time_and_ids() -> None:
    missing = {"time.missing", "distinct-id.missing", "insert-id.missing"}
    assert missing <= set(rules_of(imported({}), era="current"))
    assert not missing & set(rules_of(get({"event": "a", "properties": {}}), era="current"))
    assert not missing & set(rules_of(imported({}), era="classic"))


def test_that_ids_were_merged_needs_none_of_them() -> None:
    merged = {"event": "$merge", "properties": {"$distinct_ids": ["a", "b"]}}
    body = f"api_key=k&data={form_encode(base64_of(merged))}".encode()
    request = TrackRequest("POST", "http://h/import?strict=1", (), body)
    assert judged(request, era="current").value == 1


@pytest.mark.parametrize("name", ["bucket", "$bucket", "$ignore"])
def test_a_property_that_hides_its_event_is_told_of(name: str) -> None:
    (finding,) = found(get(event(**{name: 1})), "property.hiding", era="current")
    assert finding.at == f"/0/properties/{name}"
    assert found(get(event(**{name: 1})), "property.hiding") == []
