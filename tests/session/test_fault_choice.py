"""Faults that are put together by pointing are those that are written."""

from __future__ import annotations

import pytest

from trackscope.collector.faults import parse_fault
from trackscope.errors import UsageError
from trackscope.session.fault_choice import ANSWERS, REQUESTS, Choice, chosen_fault

EVERY_REQUEST = REQUESTS[0]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda choice: choice.words)
@pytest.mark.parametrize("requests", REQUESTS, ids=lambda choice: choice.words or "all")
def test_the_examples_of_all_choices_make_a_fault(answer: Choice, requests: Choice) -> None:
    fault = chosen_fault(answer, answer.example, requests, requests.example)
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda choice: choice.words)
def test_a_value_may_be_missing_only_where_that_is_said(answer: Choice) -> None:
    if answer.value and not answer.is_optional:
        with pytest.raises(UsageError):
            chosen_fault(answer, " ", EVERY_REQUEST, "")
    else:
        assert chosen_fault(answer, " ", EVERY_REQUEST, "").is_due(1)


def test_a_name_with_quotes_and_blanks_is_taken_as_it_is() -> None:
    fault = chosen_fault(ANSWERS[0], "", REQUESTS[1], 'it\'s "big" first 3')
    assert fault.event == 'it\'s "big" first 3'
    assert fault.first is None


def test_what_is_no_number_is_refused_with_a_sentence() -> None:
    with pytest.raises(UsageError, match="whole number"):
        chosen_fault(ANSWERS[4], "", REQUESTS[3], "many")
