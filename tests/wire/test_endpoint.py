from __future__ import annotations

import base64

import pytest

from trackscope.wire.endpoint import asks_validation, shows_credentials, token_of
from trackscope.wire.request import TrackRequest


def basic(user_and_password: str) -> str:
    return f"Basic {base64.b64encode(user_and_password.encode()).decode()}"


@pytest.mark.parametrize(
    "value",
    [basic("token:"), basic("account.1234:secret"), basic("a:b:c"), "bearer x", "BASIC dDo="],
)
def test_a_user_or_a_bearer_is_who_imports(value: str) -> None:
    request = TrackRequest("POST", "http://h/import", (("authorization", value),))
    assert shows_credentials(request, None)


@pytest.mark.parametrize(
    "value",
    ["", "Basic", "Basic !", basic(":secret"), basic("token"), "Bearer ", "Digest x", "dDo="],
)
def test_any_other_authorization_names_nobody(value: str) -> None:
    request = TrackRequest("POST", "http://h/import", (("Authorization", value),))
    assert not shows_credentials(request, None)
    assert not shows_credentials(request, "")
    assert shows_credentials(request, "key")


@pytest.mark.parametrize(
    ("path", "strict", "asks"),
    [
        ("import", "1", True),
        ("engage/", "1", True),
        ("groups", "1", True),
        ("track", "1", False),
        ("import", "0", False),
        ("import", None, False),
        ("mp-proxy/import", "1", True),
    ],
)
def test_validation_is_for_who_asks_for_it_where_it_is(
    path: str, strict: str | None, asks: bool
) -> None:
    assert asks_validation(TrackRequest("POST", f"http://h/{path}"), strict) is asks


@pytest.mark.parametrize(
    "record", [None, 7, [], {}, {"properties": []}, {"properties": {"token": 7}}, {"$token": None}]
)
def test_what_has_no_token_has_an_empty_one(record: object) -> None:
    assert token_of(record) == ""
