from __future__ import annotations

import pytest
from tests.wire.rules.asking import judged
from tests.wire.rules.cases import profile

from trackscope.wire.request import TrackRequest


def errors(request: TrackRequest) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in judged(request).findings]


def test_a_profile_update_is_judged_as_one_and_not_as_an_event() -> None:
    request = profile("engage", {"$token": "t", "$distinct_id": "u", "$set": {"plan": "pro"}})
    assert errors(request) == []
    assert judged(request).value == 1


def test_a_group_needs_its_key_and_its_id_and_no_user() -> None:
    assert errors(profile("groups", {"$token": "t", "$group_key": "k", "$set": {}})) == [
        ("profile.owner", "$group_id is missing or empty: nobody to keep it for")
    ]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "nothing to do"),
        ({"$set": {}, "$unset": []}, "$set and $unset at once"),
    ],
)
def test_one_thing_is_done_to_a_profile(record: dict[str, object], words: str) -> None:
    ((rule, message),) = errors(profile("engage/", {"$token": "t", "$distinct_id": "u", **record}))
    assert rule == "profile.operation"
    assert message.startswith(words)


def test_on_a_path_of_its_own_a_record_is_known_by_its_looks() -> None:
    assert errors(profile("people", {"$token": "t", "$distinct_id": "u", "$set": {}})) == []


def test_what_is_imported_may_be_old_and_name_no_token() -> None:
    event: dict[str, object] = {"event": "a", "properties": {"time": 1_000_000_000}}
    assert judged(profile("import", event)).value == 1
    assert judged(profile("track", event)).value == 0


def test_a_record_that_is_no_object_has_no_shape() -> None:
    found = errors(profile("engage", ["text"]))
    assert found == [("json.shape", "an object is expected here: one of profiles")]


def test_a_token_under_the_name_of_events_can_be_renamed() -> None:
    (finding,) = judged(profile("engage", {"token": "t", "$distinct_id": "u", "$set": {}})).findings
    assert finding.fix is not None
    assert finding.fix.label == "Rename token to $token"


@pytest.mark.parametrize(
    "operation",
    [
        {"$set": {"a": [1]}},
        {"$set_once": {}},
        {"$add": {"visits": 1, "paid": -2.5}},
        {"$append": {"list": "x"}},
        {"$union": {"list": ["x"]}},
        {"$remove": {"list": "x"}},
        {"$unset": ["a", "b"]},
        {"$unset": []},
        {"$delete": None},
        {"$delete": ""},
    ],
)
def test_what_an_operation_takes_has_no_finding(operation: dict[str, object]) -> None:
    assert errors(profile("engage", {"$token": "t", "$distinct_id": "u", **operation})) == []


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"$set": []}, "$set takes an object of properties"),
        ({"$append": "x"}, "$append takes an object of properties"),
        ({"$add": {"a": 1, "visits": "2"}}, "$add is given visits, which is no number"),
        ({"$add": {"on": True}}, "$add is given on, which is no number"),
        ({"$union": {"list": "x"}}, "$union is given list, which is no list"),
        ({"$unset": "a"}, "$unset takes a list of the names of properties"),
        ({"$unset": [1]}, "$unset takes a list of the names of properties"),
    ],
)
def test_anything_else_is_told_of_and_accepted(operation: dict[str, object], message: str) -> None:
    request = profile("engage", {"$token": "t", "$distinct_id": "u", **operation})
    assert errors(request) == [("profile.operand", message)]
    assert judged(request).value == 1


def test_a_group_has_no_distinct_id() -> None:
    record = {"$token": "t", "$group_key": "k", "$group_id": "g", "$set": {}}
    assert errors(profile("groups", record)) == []
    assert errors(profile("groups", {**record, "$distinct_id": "u"})) == [
        ("profile.stranger", "a group has no $distinct_id, a user has")
    ]
