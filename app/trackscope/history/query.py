"""What is asked of a history: terms that must all hold for an exchange."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a term looks at; `TEXT` is the words of a term without a field."""

    TEXT = "text"
    EVENT = "event"
    TOKEN = "token"
    PROPERTY = "property"
    VERDICT = "verdict"
    HAS = "has"
    RULE = "rule"
    SENDER = "sender"
    HOST = "host"
    METHOD = "method"
    ORIGIN = "origin"
    SOURCE = "source"
    PAGE = "page"
    TAG = "tag"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `value` is as the field needs it, always valid:

    | field | value | holds if |
    | --- | --- | --- |
    | text, event, token, host, source, page | words | each of them begins a word in it |
    | property | name, or name=value | an event has it (with that value, as JSON or as text) |
    | verdict | 1, 0 or none | that was answered; of what was opened without answer: predicted |
    | has | finding, error, warning, note, answer, tag | one is there; finding: error or warning |
    | rule | a rule's id, or its beginning (`time.`) | there is such a finding |
    | sender | part of a name and version | an SDK of that name was recognised |
    | method, origin | GET …; sent, received, opened | it is that one |
    | tag | a word | `#word` stands in the note |
    | after, before | seconds since 1970 (of `str(float)`) | `at` is not before, is before |

    `is_not` turns it round. Case does not matter, except in a property's name and value.
    """

    field: Field
    value: str
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; without any, every exchange is meant."""

    terms: tuple[Term, ...] = ()


def query_of(words: str) -> Query:
    """The query for exchanges in which each of the words begins a word.

    >>> query_of(" ") == Query()
    True
    """
    return Query((Term(Field.TEXT, words),)) if words.split() else Query()
