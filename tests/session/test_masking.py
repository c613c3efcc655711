"""Secrets are masked wherever they stand."""

from __future__ import annotations

from trackscope.session.masking import masked

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"


def test_a_token_is_masked_in_its_property_and_wherever_it_comes_again() -> None:
    line = masked(
        {
            "events": [{"event": "a", "properties": {"token": TOKEN, "n": 1, "list": [TOKEN]}}],
            "params": {"redirect": f"http://h/?t={TOKEN}", "api_key": "k"},
            "answer": {"body": f"unknown token {TOKEN}"},
        }
    )
    assert TOKEN not in str(line)
    assert line["events"][0]["properties"] == {"token": "e3bc…dc", "n": 1, "list": ["e3bc…dc"]}
    assert line["params"] == {"redirect": "http://h/?t=e3bc…dc", "api_key": "…"}
    assert line["answer"]["body"] == "unknown token e3bc…dc"


def test_a_short_token_is_hidden_whole_and_leaves_other_texts_alone() -> None:
    line = masked({"events": [{"event": "at", "properties": {"token": "t"}}]})
    assert line["events"] == [{"event": "at", "properties": {"token": "…"}}]


def test_a_token_that_is_no_text_is_masked_too() -> None:
    line = masked({"properties": {"token": 1234567890123456, "secret": None, "sig": True}})
    assert line == {"properties": {"token": "1234…56", "secret": None, "sig": "…"}}


def test_cookies_and_credentials_in_headers_are_masked() -> None:
    line = masked({"headers": [["Set-Cookie", "id=1"], ["Content-Type", "text/plain"]]})
    assert line == {"headers": [["Set-Cookie", "…"], ["Content-Type", "text/plain"]]}
