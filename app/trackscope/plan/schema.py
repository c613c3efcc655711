"""Compiles the schema of an entry, after making sure that no schema can run for ever.

Nothing is ever fetched: references lead within the schema or are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from jsonschema_rs import FancyRegexOptions, Validator

from trackscope.errors import PlanError
from trackscope.plan.half_emoji import mended
from trackscope.plan.plan import IMPLICIT, Schema
from trackscope.wire.json_text import escape_pointer, resolve
from trackscope.wire.shown import short

MAX_WEIGHT = 100_000
"""What an entry weighs: about the kilobytes that it takes when it is compiled, where a sub-schema
is one, counted as often as references lead to it, and a pattern up to 1,024."""

MAX_DEPTH = 60
"""Levels of sub-schemas, through references too."""

_PATTERNS = FancyRegexOptions(backtrack_limit=1_000, size_limit=1 << 20, dfa_size_limit=1 << 20)
"""Patterns are matched in linear time. Only those with look-around or back-references go back,
and not more often than this: a hostile one ends in milliseconds, as a finding."""

_HEAVIEST = 1_024
_UNICODE = re.compile(r"\\[pPwWdDsSbB]")
_ANY = re.compile(r"\.|\[\^")
_TIMES = re.compile(r"\{(?:\d*,)?(\d{1,6}),?\}")

_DRAFTS: dict[str, type[Validator]] = {
    "json-schema.org/draft/2020-12/schema": jsonschema_rs.Draft202012Validator,
    "json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
    "json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
    "json-schema.org/draft-06/schema": jsonschema_rs.Draft6Validator,
    "json-schema.org/draft-04/schema": jsonschema_rs.Draft4Validator,
}
_BY_NAME = (
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies",
)  # fmt: skip
_ONE = (
    "additionalProperties", "items", "additionalItems", "contains", "not", "if", "then", "else",
    "propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema",
)  # fmt: skip
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems", "items")


def compiled(schema: Schema, at: str = "") -> Validator:
    """The validator of an entry's schema, in which implicit properties are allowed.

    `at` is the JSON pointer to the schema in the plan; PlanError names the place of what is wrong.
    """
    draft = _draft(schema, at)
    weight(schema, at)
    try:
        return draft(
            _with_implicit(schema),
            validate_formats=True,
            pattern_options=_PATTERNS,
            offline=True,
        )
    except jsonschema_rs.ValidationError as problem:
        raise PlanError(_sentence(problem, at)) from None
    except (ValueError, RecursionError) as problem:
        if mended(schema) != schema:
            raise PlanError(f"{_place(at)} has half an emoji in it.", "Remove it.") from None
        raise PlanError(f"{_place(at)} is no schema: {problem}.") from None


def weight(schema: Schema, at: str = "") -> int:
    """What a schema weighs; PlanError where that is too much, or it leads out of itself."""
    return _Weighing(schema, at).weigh(schema, "", 0)


def parts(schema: Schema) -> Iterator[tuple[str, Any]]:
    """The schemas directly within a schema, each with its pointer from there."""
    for keyword in _BY_NAME:
        members = schema.get(keyword)
        if isinstance(members, dict):
            for name, part in members.items():
                if not isinstance(part, list):  # names, in `dependencies`
                    yield f"/{keyword}/{escape_pointer(str(name))}", part
    for keyword in _ONE:
        if isinstance(schema.get(keyword), dict):
            yield f"/{keyword}", schema[keyword]
    for keyword in _LIST:
        if isinstance(schema.get(keyword), list):
            for index, part in enumerate(schema[keyword]):
                yield f"/{keyword}/{index}", part


class _Weighing:
    """Counts how many schemas an instance may have to meet, references followed."""

    def __init__(self, root: Schema, at: str) -> None:
        self._root, self._at = root, at
        self._known: dict[int, int] = {}
        self._open: set[int] = set()

    def weigh(self, schema: Any, pointer: str, depth: int) -> int:
        """The weight of a schema; PlanError where it refers to itself, or is too heavy."""
        if not isinstance(schema, dict):
            return 1
        key = id(schema)
        if key in self._known:
            return self._known[key]
        if key in self._open:
            raise self._error(pointer, "refers to itself", "Describe the levels that there are.")
        if depth > MAX_DEPTH:
            raise self._error(pointer, f"is nested deeper than {MAX_DEPTH} levels", "Make it flat.")
        if pointer and isinstance(schema.get("$id"), str):
            raise self._error(pointer, "has an $id of its own", "Remove it.")
        self._open.add(key)
        weight = 1 + self._referred(schema, pointer, depth) + _weight_of_patterns(schema)
        for step, part in parts(schema):
            weight += self.weigh(part, pointer + step, depth + 1)
            if weight > MAX_WEIGHT:
                raise self._error(pointer, "is too large to be checked", "Make it simpler.")
        self._open.remove(key)
        self._known[key] = weight
        return weight

    def _referred(self, schema: Schema, pointer: str, depth: int) -> int:
        for keyword in ("$dynamicRef", "$recursiveRef"):
            if isinstance(schema.get(keyword), str):
                raise self._error(f"{pointer}/{keyword}", "is not followed", "Use $ref with #/….")
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return 0
        try:
            target = resolve(self._root, _pointer(reference))
        except LookupError:
            shown = short(reference)
            problem = f'refers to "{shown}", which is not in this schema; nothing is fetched'
            raise self._error(f"{pointer}/$ref", problem, "Copy it to $defs.") from None
        return self.weigh(target, pointer, depth + 1)

    def _error(self, pointer: str, problem: str, next_step: str) -> PlanError:
        return PlanError(f"{_place(self._at + pointer)} {problem}.", next_step)


def _weight_of_patterns(schema: Schema) -> int:
    """What the patterns directly in a schema weigh."""
    patterns = schema.get("patternProperties")
    names = list(patterns) if isinstance(patterns, dict) else []
    return sum(_weight_of_pattern(each) for each in (*names, schema.get("pattern")) if each)


def _weight_of_pattern(pattern: Any) -> int:
    """About the kilobytes of a compiled pattern: classes of Unicode are large, and repeated."""
    text = str(pattern)
    size = 4 + len(text) // 32 + 50 * len(_UNICODE.findall(text)) + 4 * len(_ANY.findall(text))
    for times in _TIMES.findall(text):
        size *= max(1, int(times))
        if size > _HEAVIEST:
            break
    return min(size, _HEAVIEST)


def _pointer(reference: str) -> str:
    """The JSON pointer of a reference within the document; LookupError for any other."""
    if reference == "#":
        return ""
    if not reference.startswith("#/") or "%" in reference:
        raise LookupError
    return reference[1:]


def _draft(schema: Schema, at: str) -> type[Validator]:
    named = schema.get("$schema")
    if not named:  # RudderStack writes an empty one
        return jsonschema_rs.Draft202012Validator
    address = str(named).partition("://")[2].removesuffix("#")
    if address not in _DRAFTS:
        raise PlanError(
            f'{_place(f"{at}/$schema")} names "{short(str(named))}", which is not known here.',
            "Use https://json-schema.org/draft/2020-12/schema.",
        )
    return _DRAFTS[address]


def _with_implicit(schema: Schema) -> Schema:
    """The schema in which properties that SDKs add may always be there."""
    changed = {name: value for name, value in schema.items() if name not in ("$schema", "$id")}
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if schema.get(keyword, True) is not True:
            patterns = changed.get("patternProperties", {})
            if isinstance(patterns, dict):
                changed["patternProperties"] = {**patterns, IMPLICIT.pattern: True}
    if "propertyNames" in schema:
        named = {"pattern": IMPLICIT.pattern}
        changed["propertyNames"] = {"anyOf": [named, schema["propertyNames"]]}
    return changed


def _sentence(problem: jsonschema_rs.ValidationError, at: str) -> str:
    steps = "".join(f"/{escape_pointer(str(step))}" for step in problem.instance_path)
    return f"{_place(at + steps)} is no valid schema: {short(problem.message, 200)}."


def _place(pointer: str) -> str:
    return f"The plan at {short(pointer, 200)}" if pointer else "The plan's schema"
