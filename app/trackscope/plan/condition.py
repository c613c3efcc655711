"""What the value of a property has to be, written as a short text or a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from trackscope.plan.wording import SECRETS, value_in_words
from trackscope.wire.json_text import dumps
from trackscope.wire.shown import short

MISSING = object()
"""Stands for the value of a property that an event does not have."""

_PLAIN = str | int | float | bool | None

_COMPARISON = re.compile(r"(>=|<=|!=|>|<|=)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d{1,30}(?:\.\d{1,30})?")


@dataclass(frozen=True, slots=True)
class Condition:
    """That a property's value stands in a relation to others.

    `relation` is `=` (one of `operands`), `!=` (none of them), `>`, `>=`, `<`, `<=` (than the
    only one, a number), or `like` (a text in which `*` stands for any characters).
    """

    name: str
    relation: str
    operands: tuple[Any, ...]

    def holds(self, properties: Mapping[str, Any]) -> bool:
        """Whether the properties fulfil it; types count: "5" is not 5, and true is not 1."""
        value = properties.get(self.name, MISSING)
        return value is not MISSING and _RELATIONS[self.relation](value, self.operands)

    @property
    def text(self) -> str:
        """It in words: `amount > 0`."""
        if self.relation == "like":
            return f"{self.name} like {self.operands[0]}"
        operands = " or ".join(short(dumps(each)) for each in self.operands)
        return f"{self.name} {self.relation} {operands}"

    def objection(self, properties: Mapping[str, Any]) -> str:
        """Why the properties do not fulfil it, in words: `amount is the string "5"`."""
        if self.name not in properties:
            return f"{self.name} is missing"
        is_secret = self.name.lower() in SECRETS
        return f"{self.name} is {value_in_words(properties[self.name], is_secret=is_secret)}"


def read_condition(name: str, written: Any) -> Condition:
    """The condition on the property `name` as somebody wrote it; ValueError says what is wrong.

    >>> read_condition("amount", "> 0").text
    'amount > 0'
    >>> read_condition("plan", ["free", "pro"]).text
    'plan = "free" or "pro"'
    """
    if isinstance(written, list):
        if not written or not all(isinstance(each, _PLAIN) for each in written):
            raise ValueError("expected is a list of values, one of which it has to be")
        return Condition(name, "=", tuple(written))
    if not isinstance(written, _PLAIN):  # YAML has dates too
        raise ValueError('expected is a value, a list of values, or a comparison as "> 0"')
    if not isinstance(written, str):
        return Condition(name, "=", (written,))
    comparison = _COMPARISON.fullmatch(written)
    if comparison is None:
        return Condition(name, "like" if "*" in written else "=", (written,))
    relation, rest = comparison.group(1), comparison.group(2).strip()
    operand = _number(rest)
    if operand is None and relation not in ("=", "!="):
        raise ValueError(f"{relation} needs a number behind it, as in {relation} 0")
    return Condition(name, relation, (rest if operand is None else operand,))


def is_like(text: str, pattern: str) -> bool:
    """Whether a text is as a pattern says, in which `*` stands for any characters, even none.

    >>> is_like("Page viewed", "Page *"), is_like("Page", "Page *"), is_like("aXbXc", "a*b*c")
    (True, False, True)
    """
    first, *others = pattern.split("*")
    if not others:
        return text == pattern
    *inner, last = others
    if len(text) < len(first) + len(last) or not text.startswith(first):
        return False
    place = len(first)
    for piece in inner:  # the first place is the best one: no way back is needed
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return text.endswith(last) and len(text) - len(last) >= place


def _number(text: str) -> int | float | None:
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_same(value: Any, operand: Any) -> bool:
    return isinstance(value, bool) == isinstance(operand, bool) and bool(value == operand)


def _is_one(value: Any, operands: tuple[Any, ...]) -> bool:
    return any(_is_same(value, each) for each in operands)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, tuple[Any, ...]], bool]:
    def holds(value: Any, operands: tuple[Any, ...]) -> bool:
        return _is_number(value) and compare(value, operands[0])

    return holds


_RELATIONS: Mapping[str, Callable[[Any, tuple[Any, ...]], bool]] = MappingProxyType(
    {
        "=": _is_one,
        "!=": lambda value, operands: not _is_one(value, operands),
        ">": _compared(lambda a, b: a > b),
        ">=": _compared(lambda a, b: a >= b),
        "<": _compared(lambda a, b: a < b),
        "<=": _compared(lambda a, b: a <= b),
        "like": lambda value, operands: isinstance(value, str) and is_like(value, operands[0]),
    }
)
