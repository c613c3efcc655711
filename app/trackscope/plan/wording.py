"""What the validator finds, in the users' words: which rule, what was expected, what came."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from trackscope.wire.json_text import dumps
from trackscope.wire.shown import short

RULES = {
    "type": "plan.type",
    "enum": "plan.enum",
    "const": "plan.enum",
    "pattern": "plan.pattern",
    "format": "plan.format",
    "contentEncoding": "plan.format",
    "contentMediaType": "plan.format",
    "minimum": "plan.range",
    "maximum": "plan.range",
    "exclusiveMinimum": "plan.range",
    "exclusiveMaximum": "plan.range",
    "multipleOf": "plan.range",
    "minLength": "plan.range",
    "maxLength": "plan.range",
    "minItems": "plan.range",
    "maxItems": "plan.range",
    "uniqueItems": "plan.range",
    "contains": "plan.range",
    "minProperties": "plan.range",
    "maxProperties": "plan.range",
    "additionalItems": "plan.range",
    "unevaluatedItems": "plan.range",
    "propertyNames": "plan.extra-property",
    "falseSchema": "plan.extra-property",
}
"""The rule that a keyword of JSON Schema belongs to; any other belongs to `plan.type`."""

SECRETS = frozenset(("token", "$token", "api_key", "api_secret", "secret", "password"))
"""Properties of whose values only the kind is told."""

MAX_OPTIONS = 8
"""Allowed values that a sentence lists."""

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "a string"),
    (list, "a list"),
    (dict, "an object"),
)
_TYPES = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} elements",
    "maxItems": "at most {} elements",
    "minProperties": "at least {} properties",
    "maxProperties": "at most {} properties",
}
_FIXED = {
    "uniqueItems": "no element twice",
    "contains": "an element of the kind that the plan names",
    "additionalItems": "no further elements",
    "unevaluatedItems": "no further elements",
    "propertyNames": "names as the plan allows them",
    "falseSchema": "no such property",
    "not": "something that the plan does not rule out",
}


class Demand(NamedTuple):
    """What a keyword asks for: its rule, the words, and the texts that it allows."""

    rule: str
    words: str
    options: tuple[str, ...] = ()


def demand_of(keyword: str, detail: dict[str, Any]) -> Demand:
    """What was expected, from the validator's error: its keyword and what it says of it.

    >>> demand_of("minimum", {"limit": 1}).words, demand_of("type", {"types": ["array"]}).words
    ('at least 1', 'a list')
    """
    rule = RULES.get(keyword, "plan.type")
    if keyword == "type":
        return Demand(rule, kinds(detail["types"]))
    if keyword in ("enum", "const"):
        values = detail["options"] if keyword == "enum" else [detail["expected_value"]]
        strings = tuple(each for each in values if isinstance(each, str))
        return Demand(rule, _either([_literal(each) for each in values]), strings)
    if keyword in _LIMITS:
        limit = next(iter(detail.values()), "")
        return Demand(rule, _LIMITS[keyword].format(limit))
    if keyword == "pattern":
        if "pattern" not in detail:  # the validator gave up: see `schema.compiled`
            return Demand(rule, "a value that its pattern takes less long to compare")
        return Demand(rule, f"a value that matches {short(detail['pattern'])}")
    if keyword == "format":
        return Demand(rule, f"a value in the format {short(detail['format'])}")
    if keyword in ("anyOf", "oneOf"):
        return Demand(rule, _alternatives(detail.get("context") or ()))
    return Demand(rule, _FIXED.get(keyword, f"what {keyword} asks for"))


def kinds(types: Sequence[str]) -> str:
    """Types of JSON Schema in words.

    >>> kinds(["string", "null"])
    'a string or null'
    """
    return _either([_TYPES.get(each, each) for each in types])


def value_in_words(value: Any, *, is_secret: bool = False) -> str:
    """A value that came, with its kind; of a secret the kind only.

    >>> value_in_words("12"), value_in_words(True), value_in_words("e3bc", is_secret=True)
    ('the string "12"', 'true', 'a string')
    """
    kind = next((words for each, words in _KINDS if isinstance(value, each)), "null")
    if is_secret or isinstance(value, (list, dict)):
        return kind
    if isinstance(value, str):
        return f"the string {_literal(value)}"
    if isinstance(value, float) and not isfinite(value):
        return f"{value}, which is no number of JSON"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"the number {_literal(value)}"
    return _literal(value)


def _alternatives(context: Sequence[Sequence[Any]]) -> str:
    """What each of the alternatives would have taken, where that is a type of its own."""
    types: list[str] = []
    for branch in context:
        kind = branch[0].kind if len(branch) == 1 else None
        if kind is None or kind.name != "type":
            return f"one of the {len(context)} kinds of value that the plan allows"
        types += [each for each in kind.as_dict()["types"] if each not in types]
    return kinds(types) if types else "a value that only one of the plan's alternatives allows"


def _literal(value: Any) -> str:
    try:
        text = dumps(value if not isinstance(value, str) else value[:80])
    except (TypeError, ValueError):  # a Decimal, or an integer of thousands of digits
        return "…"
    return short(text)


def _either(words: Sequence[str]) -> str:
    shown = list(words[:MAX_OPTIONS])
    if len(words) > MAX_OPTIONS:
        return f"{', '.join(shown)} or one of {len(words) - MAX_OPTIONS} more"
    return " or ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
