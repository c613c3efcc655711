"""A query as SQL: what of it the index answers, and what has to be looked for in the exchanges."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history import facts
from trackscope.history.facts import clean, mark_of, properties_of, term_of, word_of
from trackscope.history.query import Field, Query, Term
from trackscope.history.vocabulary import phrases
from trackscope.wire.decoding import decode
from trackscope.wire.finding import Severity

MAX_QUERY_WORDS = 64
"""Words of a query that are looked for; a longer text is a paste by mistake."""

MAX_ALTERNATIVES = 500
"""Rules that one beginning can stand for."""

NOTHING = 'marks : ""'
"""The expression that no exchange meets."""

_HAS = {
    "finding": facts.SEVERITIES[Severity.ERROR] + facts.SEVERITIES[Severity.WARNING],
    "error": facts.SEVERITIES[Severity.ERROR],
    "warning": facts.SEVERITIES[Severity.WARNING],
    "note": facts.HAS_NOTE,
    "answer": facts.HAS_ANSWER,
    "tag": facts.HAS_TAG,
}
_VERDICTS = {str(value).lower(): mark for value, mark in facts.VERDICTS.items()}


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """The value of a property, which only the exchange itself can tell.

    `match` is met by every exchange that may have it; those are to be decoded.
    """

    name: str
    value: str
    match: str
    is_not: bool

    def holds(self, exchange: Exchange) -> bool:
        """Whether the exchange is as the term wants it, once it met `match`."""
        return has_value(exchange, self.name, self.value) is not self.is_not


@dataclass(frozen=True, slots=True)
class Search:
    """A query for one state of an index.

    `match` is the expression for `words`, None where every exchange meets it. `at` is not before
    `after` and is before `before`. The `checks` decide about what is found with it.
    """

    match: str | None
    after: float | None
    before: float | None
    checks: tuple[ValueCheck, ...]


def compiled(connection: sqlite3.Connection, query: Query) -> Search:
    """The query for the index as it is now."""
    wanted: list[str] = []
    unwanted: list[str] = []
    checks: list[ValueCheck] = []
    afters: list[float] = []
    befores: list[float] = []
    for term in query.terms:
        if term.field in (Field.AFTER, Field.BEFORE):
            is_after = (term.field is Field.AFTER) is not term.is_not
            (afters if is_after else befores).append(float(term.value))
            continue
        match = _match(connection, term)
        if term.field is Field.PROPERTY and "=" in term.value:
            name, _, value = term.value.partition("=")
            checks.append(ValueCheck(name, value, match, term.is_not))
            if term.is_not:
                continue  # some that meet the expression have another value
        (unwanted if term.is_not else wanted).append(match)
    return Search(
        _expression(wanted, unwanted),
        max(afters, default=None),
        min(befores, default=None),
        tuple(checks),
    )


def has_value(exchange: Exchange, name: str, wanted: str) -> bool:
    """Whether an event of the exchange has the property with that value, as JSON or as text."""
    events = (*(decode(exchange.request).events or ()), *(exchange.stored or ()))
    as_json = _canonical_of(wanted)
    return any(
        name in each and _is_value(each[name], wanted, as_json)
        for event in events
        for each in properties_of(event)
    )


def _is_value(value: Any, wanted: str, as_json: str | None) -> bool:
    if isinstance(value, str) and value == wanted:
        return True
    return as_json is not None and _canonical(value) == as_json


def _canonical_of(text: str) -> str | None:
    try:
        return _canonical(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _canonical(value: Any) -> str | None:
    try:
        return json.dumps(value, sort_keys=True)
    except (ValueError, RecursionError):
        return None


def _expression(wanted: list[str], unwanted: list[str]) -> str | None:
    if not wanted and not unwanted:
        return None
    expression = " AND ".join(f"({each})" for each in wanted) or _mark(facts.ALL)
    if not unwanted:
        return expression
    return f"({expression}) NOT ({' OR '.join(f'({each})' for each in unwanted)})"


def _match(connection: sqlite3.Connection, term: Term) -> str:
    """The expression for what an exchange must have in the index, whatever `is_not` says."""
    value = term.value
    match term.field:
        case Field.TEXT:
            return _words(connection, "- {marks}", value)
        case Field.EVENT | Field.TOKEN | Field.HOST | Field.SOURCE | Field.PAGE:
            return _words(connection, term.field, value)
        case Field.PROPERTY:
            return _property(connection, value)
        case Field.VERDICT:
            return _mark(_VERDICTS[value.casefold()])
        case Field.HAS:
            return _any(_mark(mark) for mark in _HAS[value.casefold()])
        case Field.ORIGIN:
            return _mark(facts.ORIGINS[Origin(value.casefold())])
        case Field.RULE:
            pattern = f"{like_pattern(term_of(value))}%"
            return _terms(connection, "value LIKE ? ESCAPE '\\'", Field.RULE, pattern)
        case Field.SENDER:
            pattern = f"%{like_pattern(value)}%"
            return _terms(connection, "value LIKE ? ESCAPE '\\'", Field.SENDER, pattern)
        case Field.METHOD:
            return _terms(connection, "value = ? COLLATE NOCASE", Field.METHOD, term_of(value))
        case _:
            tag = term_of(value.removeprefix("#").casefold())
            return _terms(connection, "value = ?", Field.TAG, tag)


def _property(connection: sqlite3.Connection, text: str) -> str:
    name, is_with_value, value = text.partition("=")
    match = _terms(connection, "value = ?", Field.PROPERTY, term_of(name))
    if not is_with_value:
        return match
    spellings = {value}
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        pass  # it can only be meant as text
    else:
        if isinstance(parsed, dict | list):
            return match  # its words stand in the index, but not one after the other
        spellings.add(word_of(parsed))
    exact = [f"{{token text}} : {_quoted(each)}" for each in sorted(spellings) if _is_word(each)]
    if len(exact) < len(spellings):
        return match  # no word to look for
    return f"({match}) AND ({' OR '.join((*exact, _mark(facts.CUT)))})"


def _is_word(text: str) -> bool:
    """Whether the tokenizer surely finds a word in the text."""
    return text.isascii() and any(map(str.isalnum, text))


def _words(connection: sqlite3.Connection, columns: str, value: str) -> str:
    """Every word of the value begins one in the columns."""
    found = [
        _any(f"{columns} : {phrase}" for phrase in phrases(connection, word))
        for word in clean(value).split()[:MAX_QUERY_WORDS]
    ]
    return " AND ".join(f"({each})" for each in found) or _mark(facts.ALL)


def _quoted(text: str) -> str:
    return '"' + clean(text).replace('"', '""') + '"'


def like_pattern(text: str) -> str:
    """The pattern of LIKE, with a backslash for ESCAPE, that is met by just this text."""
    return clean(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _mark(mark: str) -> str:
    return f'marks : "{mark}"'


def _any(expressions: Any) -> str:
    return " OR ".join(expressions) or NOTHING


def _terms(connection: sqlite3.Connection, condition: str, field: Field, value: str) -> str:
    query = f"SELECT id FROM term WHERE field = ? AND {condition} LIMIT {MAX_ALTERNATIVES}"
    found = connection.execute(query, (field, value)).fetchall()
    return _any(_mark(mark_of(id_)) for (id_,) in found)
