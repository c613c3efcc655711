"""The lines for SDKs: the address in each, their choice by id. They are run in tests/e2e."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from trackscope.session.connecting import SDKS, Sdk, sdk_of
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

ADDRESS = "http://127.0.0.1:8701"


@pytest.mark.parametrize("sdk", SDKS, ids=lambda sdk: sdk.id)
def test_the_lines_name_the_collector_and_the_token_and_leave_nothing_open(sdk: Sdk) -> None:
    code = sdk.code(ADDRESS, "e3bc41")
    assert "127.0.0.1:8701" in code
    assert "@" not in code + sdk.advice(ADDRESS)
    assert "e3bc41" in code or sdk.id in ("java", "curl")


@pytest.mark.parametrize("sdk", SDKS, ids=lambda sdk: sdk.id)
def test_an_address_with_a_slash_at_its_end_is_the_same(sdk: Sdk) -> None:
    assert sdk.code(f"{ADDRESS}/") == sdk.code(ADDRESS)


def test_ids_are_unique_and_an_unknown_one_is_the_first() -> None:
    assert [sdk_of(sdk.id) for sdk in SDKS] == list(SDKS)
    assert sdk_of("no such") is SDKS[0]


def test_the_line_for_curl_sends_an_event_that_nothing_is_found_in() -> None:
    url = sdk_of("curl").code(ADDRESS).split('"')[1]
    assert urlsplit(url).path == "/track/"
    verdict = judge(TrackRequest("GET", url), rule_book(strict=True), 1_322_092_800.0)
    assert (verdict.value, verdict.findings) == (1, ())


def test_advice_names_the_port() -> None:
    assert "adb reverse tcp:8701 tcp:8701" in sdk_of("android").advice(ADDRESS)
