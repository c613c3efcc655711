from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.history.query import Field, Term
from trackscope.session.filter import (
    HELP,
    MAX_TERMS,
    choices,
    completed,
    parse,
    quoted,
    repaired,
    with_term,
    without_begun,
    word_at,
)

NOW = datetime(2011, 11, 24, 15, 30, 12)


def terms(text: str) -> tuple[Term, ...]:
    found = parse(text, NOW)
    assert found.mistakes == ()
    return found.query.terms


def mistake(text: str) -> str:
    (found,) = parse(text, NOW).mistakes
    return found.message


def test_terms_stand_apart_by_blanks_and_words_without_a_field_are_text() -> None:
    assert terms("  event:game verdict:0\t checkout ") == (
        Term(Field.EVENT, "game"),
        Term(Field.VERDICT, "0"),
        Term(Field.TEXT, "checkout"),
    )


def test_a_minus_turns_a_term_round() -> None:
    assert terms("-has:answer -game") == (
        Term(Field.HAS, "answer", is_not=True),
        Term(Field.TEXT, "game", is_not=True),
    )


def test_a_value_with_blanks_stands_in_quotes() -> None:
    assert terms(r'event:"Page View" "say \"hi\""') == (
        Term(Field.EVENT, "Page View"),
        Term(Field.TEXT, 'say "hi"'),
    )


def test_a_quote_that_is_still_open_goes_to_the_end() -> None:
    assert terms('event:"Page Vi') == (Term(Field.EVENT, "Page Vi"),)


def test_an_address_is_text_and_no_field() -> None:
    assert terms("http://h.io/track") == (Term(Field.TEXT, "http://h.io/track"),)


def test_case_does_not_matter_in_fields_and_fixed_values() -> None:
    assert terms("VERDICT:None has:Finding method:get rule:TIME.") == (
        Term(Field.VERDICT, "none"),
        Term(Field.HAS, "finding"),
        Term(Field.METHOD, "GET"),
        Term(Field.RULE, "time."),
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1322092800", datetime(2011, 11, 24, tzinfo=UTC)),
        ("2h", NOW - timedelta(hours=2)),
        ("90s", NOW - timedelta(seconds=90)),
        ("14:30", NOW.replace(hour=14, minute=30, second=0)),
        ("9:05:07", NOW.replace(hour=9, minute=5, second=7)),
        ("2011-11-23", datetime(2011, 11, 23)),
        ("2011-11-23T14:30", datetime(2011, 11, 23, 14, 30)),
        ("2011-11-23T14:30:00Z", datetime(2011, 11, 23, 14, 30, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_write_them(text: str, moment: datetime) -> None:
    assert terms(f"after:{text}") == (Term(Field.AFTER, str(moment.timestamp())),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("verdict:7", "takes 1, 0 or none"),
        ("has:everything", "takes finding"),
        ("origin:mars", "takes sent"),
        ("rule:time.to-old", "Did you mean time.too-old?"),
        ("rule:xyzzy", "There is no rule xyzzy"),
        ("evnt:game", "Did you mean event?"),
        ("xyzzy:game", "put it in quotes"),
        ("event:", "event: needs a value"),
        ("after:soon", "take a time"),
        ("after:25:99", "take a time"),
        ("before:99999999d", "take a time"),
        ("method:7", "another method"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(text: str, words: str) -> None:
    assert words in mistake(text)


def test_a_mistake_leaves_the_other_terms_in_force_and_has_its_place() -> None:
    found = parse("event:game verdict:7 shop", NOW)
    assert [each.value for each in found.query.terms] == ["game", "shop"]
    assert [(each.start, each.end) for each in found.mistakes] == [(11, 20)]


@pytest.mark.parametrize(
    "text", ["rule:", "has:err", "verdict:n", "after:14", "before:2011-11-2", "origin:", "event:"]
)
def test_a_word_that_is_being_typed_is_no_mistake_until_it_is_left(text: str) -> None:
    typed = f"shop {text}"
    found = without_begun(parse(typed, NOW), len(typed))
    assert (found.mistakes, [each.value for each in found.query.terms]) == ((), ["shop"])
    assert len(without_begun(parse(f"{typed} ", NOW), len(typed) + 1).mistakes) == 1
    assert len(without_begun(parse(typed, NOW), 2).mistakes) == 1


@pytest.mark.parametrize("text", ["rule:xyzzy", "verdict:7", "evnt:", "after:soon", "has:x"])
def test_what_cannot_become_right_is_told_while_it_is_typed(text: str) -> None:
    assert without_begun(parse(text, NOW), len(text)).mistakes


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("shop -evnt:game x", "shop -event:game x"),
        ("-rule:time.to-old", "-rule:time.too-old"),
        ('evnt:"Page View"', 'event:"Page View"'),
    ],
)
def test_what_was_probably_meant_takes_its_place(text: str, meant: str) -> None:
    (found,) = parse(text, NOW).mistakes
    assert repaired(text, found) == meant


def test_too_many_terms_are_told() -> None:
    found = parse("x " * (MAX_TERMS + 1), NOW)
    assert len(found.query.terms) == MAX_TERMS
    assert "at most" in found.mistakes[0].message


def test_a_field_s_name_is_completed_with_its_colon() -> None:
    word = word_at("verdict:0 pro", 13)
    assert choices(word.field, word.beginning) == ("property:",)
    assert completed("verdict:0 pro", word, "property:") == ("verdict:0 property:", 19)


def test_a_value_is_completed_in_the_middle_of_a_filter() -> None:
    text = "has:er event:game"
    word = word_at(text, 6)
    assert choices(word.field, word.beginning) == ("error",)
    assert completed(text, word, "error") == ("has:error event:game", 10)


def test_after_a_blank_every_field_is_offered() -> None:
    word = word_at("verdict:0 ", 10)
    assert choices(word.field, word.beginning) == tuple(f"{field}:" for field in HELP)


def test_an_unknown_field_s_value_is_not_completed() -> None:
    assert word_at("xyzzy:ga", 8).field is None


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_can_be_parsed_and_completed(text: str, caret: int) -> None:
    parse(text, NOW)
    word = word_at(text, min(caret, len(text)))
    assert 0 <= word.start <= word.end <= len(text)
    completed(text, word, "x")


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_a_quoted_value_is_read_back(value: str) -> None:
    assert terms(f"event:{quoted(value)}") == (Term(Field.EVENT, value),)


def test_a_value_that_is_only_a_backslash_can_be_filtered_by() -> None:
    assert terms(f"event:{quoted(chr(92))}") == (Term(Field.EVENT, chr(92)),)


def test_a_term_is_added_to_a_filter_once() -> None:
    term = Term(Field.PROPERTY, 'plan="pro plus"', is_not=True)
    once = with_term("event:game", term)
    assert with_term(once, term) == once
    assert terms(once) == (Term(Field.EVENT, "game"), term)
