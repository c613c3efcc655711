"""Which path leads to which endpoint."""

from __future__ import annotations

import pytest
from tests.ending import ends

from trackscope.collector.endpoints import endpoint_at


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/track", "track"),
        ("/engage/", "engage"),
        ("/a/b/groups", "groups"),
        ("/track/import/", "import"),
        ("/x/flags/definitions/", "flags/definitions"),
        ("/flags/x", None),
        ("track", None),
        ("", None),
        ("/", None),
        ("/a//track", None),
        ("/track//", None),
        ("/x/track%2f", None),
    ],
)
def test_a_path_leads_to_its_last_part(path, name):
    found = endpoint_at(path)
    assert (found and found.name) == name


def test_only_what_carries_records_is_received():
    paths = ("/track", "/engage", "/groups", "/import", "/people", "/decide", "/record")
    found = [endpoint_at(path) for path in paths]
    assert [each is not None and each.is_receiving for each in found] == [True] * 5 + [False] * 2


def test_a_path_as_long_as_a_head_may_be_is_looked_up_at_once():
    with ends():
        for path in ("/a" * 500_000, "/" + "a" * 1_000_000, "/" * 1_000_000):
            assert endpoint_at(path) is None
