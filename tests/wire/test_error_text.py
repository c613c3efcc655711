from __future__ import annotations

import pytest
from tests.wire.rules.asking import judged
from tests.wire.rules.cases import EXAMPLES, LATER, Example

from trackscope.wire.era import ERAS
from trackscope.wire.error_text import error_text, record_error
from trackscope.wire.finding import Finding, Severity

TIME = "'properties.time' is invalid: must be specified as seconds since epoch"


def error(rule: str, at: str = "/0", message: str = "a sentence") -> Finding:
    return Finding(rule, Severity.ERROR, at, message)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("data.missing", "data, missing or empty"),
        ("data.padding", "data, invalid base64 encoding"),
        ("token.missing", "token, missing or empty"),
        ("profile.token", "$token, missing or empty"),
        ("time.too-old", "a sentence"),
    ],
)
def test_later_eras_word_an_error_as_the_service_did_where_that_is_known(
    rule: str, text: str
) -> None:
    assert error_text(error(rule), ERAS["classic"]) == text
    assert error_text(error(rule), ERAS["current"]) == text
    assert error_text(error(rule), ERAS["2011"]) == "a sentence"


@pytest.mark.parametrize(
    ("finding", "field", "message"),
    [
        (error("time.type", "/0/properties/time"), "properties.time", TIME),
        (error("time.missing", "/0/properties"), "properties.time", TIME),
        (
            error("insert-id.missing", "/0/properties"),
            "properties.$insert_id",
            "'properties.$insert_id' must not be missing or blank",
        ),
        (error("event.name-blank", "/0/event"), "event", "'event' must not be missing or blank"),
        (
            error("profile.owner", "/3", "$group_id is missing or empty: nobody"),
            "$group_id",
            "'$group_id' must not be missing or blank",
        ),
        (
            error("properties.nesting", "/3/properties/a", "a is nested deeper than 3 levels"),
            "properties.a",
            "'properties.a' is invalid: a is nested deeper than 3 levels",
        ),
        (error("json.shape", "/3", "an object is expected"), "", "an object is expected"),
    ],
)
def test_an_answer_by_record_names_the_field_and_what_is_wrong(
    finding: Finding, field: str, message: str
) -> None:
    assert record_error(finding) == (field, message)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.rule)
def test_every_rule_has_a_text_in_every_era(example: Example) -> None:
    for era in ERAS.values():
        request = LATER.get((example.rule, era.name), example.request)
        for finding in judged(request, era=era.name).findings:
            assert error_text(finding, era).isprintable()
            assert record_error(finding)[1].isprintable()
