"""What is hidden, and how it reads instead."""

from __future__ import annotations

import pytest

from trackscope.session.masking import Masking, mask, masking_of

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"


def test_a_long_secret_shows_its_ends_and_a_short_one_nothing() -> None:
    assert (mask(TOKEN), mask("0123456789abc"), mask("0123456789ab")) == ("e3bc…dc", "0123…bc", "…")


@pytest.mark.parametrize("key", ["token", "TOKEN", "$token", "api_key", "api_secret", "password"])
def test_the_keys_of_secrets_are_hidden_whatever_their_case(key: str) -> None:
    assert Masking().hides(key)
    assert not Masking().hides(f"{key}s")


def test_a_chosen_value_becomes_a_hash_that_is_the_same_within_one_export() -> None:
    one = masking_of(include_secrets=False, chosen=["$Email"], salt=b"1")
    other = masking_of(include_secrets=False, chosen=["$Email"], salt=b"2")
    ann = one.stand_in("$email", "ann@example.com")
    assert ann == one.stand_in("$EMAIL", "ann@example.com")
    assert ann != one.stand_in("$email", "bob@example.com")
    assert ann != other.stand_in("$email", "ann@example.com")
    assert one.stand_in("token", TOKEN) == "e3bc…dc"


def test_secrets_can_be_included_while_chosen_properties_stay_hidden() -> None:
    masking = masking_of(include_secrets=True, chosen=["$email"], salt=b"")
    assert (masking.hides("token"), masking.hides("$email"), masking.is_on) == (False, True, True)
    assert not masking_of(include_secrets=True, chosen=[], salt=b"").is_on
