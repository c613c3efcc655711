"""The filter language of the lists: `event:purchase verdict:0 -has:answer checkout`.

Terms stand apart by blanks and must all hold; a `-` before a term turns it round; a value with
blanks stands in double quotes. What is wrong is told with its place while one types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from trackscope.capture.exchange import Origin
from trackscope.history.query import Field, Query, Term
from trackscope.wire.era import RULES
from trackscope.wire.shown import short

MAX_LENGTH = 2000
"""Characters of a filter that are read."""

MAX_TERMS = 20

VERDICTS = ("1", "0", "none")
HAS = ("finding", "error", "warning", "note", "answer", "tag")
METHODS = ("GET", "POST")

HELP: dict[Field, str] = {
    Field.EVENT: "a word of an event's name",
    Field.PROPERTY: "a property that is there, or name=value",
    Field.VERDICT: "1, 0 or none: answered, or else predicted",
    Field.HAS: "finding, error, warning, note, answer or tag",
    Field.RULE: "a rule's id, or its beginning such as time",
    Field.TOKEN: "a project's token, or its beginning",
    Field.SENDER: "an SDK, with its version or without, such as node",
    Field.HOST: "the server it was sent to",
    Field.AFTER: "a time: 14:30, 2011-11-23, 2011-11-23T14:30, or 2h for two hours ago",
    Field.BEFORE: "a time, as with after",
    Field.METHOD: "GET or POST",
    Field.ORIGIN: "sent, received or opened",
    Field.SOURCE: "a word of the capture's name",
    Field.PAGE: "a word of the page's title or address",
    Field.TAG: "a tag: a #word of the note",
}
"""The fields that can be typed, in the order in which they are offered, and what each takes."""

_TERM = re.compile(r'(-?)(?:([A-Za-z]+):(?!//))?("(?:[^"\\]|\\.)*+(?:"|\\?)|\S*)', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"|\\?)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_AGO = re.compile(r"(\d{1,6})(s|m|h|d)")
_AGO_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_SECONDS = re.compile(r"\d{9,11}(?:\.\d+)?")
_BEGUN_TIME = re.compile(r"\d[\d:.T+-]*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong between two characters of a filter, in a sentence with what to do.

    `is_begun` says that typing on could make it right; `fix` is the term as it was probably
    meant, where that can be told.
    """

    start: int
    end: int
    message: str
    is_begun: bool = False
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What was typed, as a query; of a term with a mistake nothing is in it."""

    query: Query
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """What is being typed at the caret: the value of a field, or (None) the name of one.

    `start` and `end` delimit what a chosen completion takes the place of.
    """

    field: Field | None
    beginning: str
    start: int
    end: int


class _WrongValueError(Exception):
    """A value that its field cannot have; the message says what it takes, the rest is as in
    `Mistake`, but that a minus is not in the fix.
    """

    def __init__(self, message: str, *, is_begun: bool = False, fix: str = "") -> None:
        super().__init__(message)
        self.is_begun = is_begun
        self.fix = fix

    def at(self, match: re.Match[str]) -> Mistake:
        fix = match[1] + self.fix if self.fix else ""
        return Mistake(match.start(), match.end(), str(self), self.is_begun, fix)


def parse(text: str, now: datetime) -> Filter:
    """Read a filter; `now` is the local time that `after:2h` and `after:14:30` count from.

    >>> parse("event:game -verdict:1", datetime(2011, 11, 24)).query.terms[1].is_not
    True
    >>> parse("verdict:7", datetime(2011, 11, 24)).mistakes[0].message
    'verdict: takes 1, 0 or none.'
    """
    terms: list[Term] = []
    mistakes: list[Mistake] = []
    for match in _matches(text[:MAX_LENGTH]):
        try:
            term = _term(match, now)
        except _WrongValueError as wrong:
            mistakes.append(wrong.at(match))
        else:
            if term is not None:
                terms.append(term)
    if len(terms) > MAX_TERMS or len(text) > MAX_LENGTH:
        message = f"A filter has at most {MAX_TERMS} terms: the others are left out."
        mistakes.append(Mistake(0, len(text), message))
    return Filter(Query(tuple(terms[:MAX_TERMS])), tuple(mistakes))


def without_begun(found: Filter, caret: int) -> Filter:
    """The filter as long as one types at the caret: what is begun there is no mistake yet.

    >>> without_begun(parse("event:game rule:", datetime(2011, 11, 24)), 16).mistakes
    ()
    """
    told = (each for each in found.mistakes if not (each.is_begun and each.end == caret))
    return Filter(found.query, tuple(told))


def repaired(text: str, mistake: Mistake) -> str:
    """The text with what was probably meant in the place of the mistake.

    >>> repaired("verdct:0 shop", parse("verdct:0 shop", datetime(2011, 11, 24)).mistakes[0])
    'verdict:0 shop'
    """
    return text[: mistake.start] + mistake.fix + text[mistake.end :]


def word_at(text: str, caret: int) -> Word:
    """What is being typed at the caret, for completing it.

    >>> word_at("verdict:0 event:ga", 18)
    Word(field=<Field.EVENT: 'event'>, beginning='ga', start=16, end=18)
    """
    for match in _matches(text):
        if match.start() <= caret <= match.end():
            field = _field(match[2]) if match[2] else None
            if match[2] is None or field is not None:
                start, end = match.span(3)
                return Word(field, _unquoted(text[start:caret]), start, end)
    return Word(None, "", caret, caret)


def choices(field: Field | None, beginning: str) -> tuple[str, ...]:
    """The completions that are known without asking a history: fields, and their fixed values.

    >>> choices(None, "pro"), choices(Field.HAS, "er")
    (('property:',), ('error',))
    """
    lower = beginning.casefold()
    return tuple(each for each in _fixed(field) if each.casefold().startswith(lower))


def completed(text: str, word: Word, chosen: str) -> tuple[str, int]:
    """The text with a chosen completion in the place of the word, and the caret after it.

    >>> completed("event:ga", word_at("event:ga", 8), "Page View")
    ('event:"Page View" ', 18)
    """
    is_field = word.field is None and chosen.endswith(":")
    new = chosen if is_field else f"{quoted(chosen)} "
    rest = text[word.end :]
    rest = rest if is_field else rest.lstrip(" ")
    return text[: word.start] + new + rest, word.start + len(new)


def quoted(value: str) -> str:
    """A value as it is typed: in quotes where it has to be.

    >>> quoted('say "hi"'), quoted("game")
    ('"say \\\\"hi\\\\""', 'game')
    """
    if re.fullmatch(r'[^\s"\\-][^\s"\\]*', value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def with_term(text: str, term: Term) -> str:
    """The filter that asks for the same, and for this term too.

    >>> with_term("verdict:0", Term(Field.PROPERTY, "plan=pro"))
    'verdict:0 property:plan=pro'
    """
    typed = f"{'-' if term.is_not else ''}{term.field}:{quoted(term.value)}"
    return text if typed in text else f"{text.strip()} {typed}".lstrip()


def _fixed(field: Field | None) -> tuple[str, ...]:
    match field:
        case None:
            return tuple(f"{each}:" for each in HELP)
        case Field.VERDICT:
            return VERDICTS
        case Field.HAS:
            return HAS
        case Field.METHOD:
            return METHODS
        case Field.ORIGIN:
            return tuple(Origin)
        case Field.RULE:
            return tuple(RULES)
        case _:
            return ()


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Each term in order; blanks between them are passed over."""
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        match = _TERM.match(text, place)
        assert match is not None  # it matches anything, if only nothing
        yield match
        place = max(match.end(), place + 1)


def _unquoted(value: str) -> str:
    """The value without quotes and escapes; a quote that is still open goes to the end."""
    found = _QUOTED.fullmatch(value)
    return value if found is None else _ESCAPE.sub(r"\1", found[1])


def _field(name: str) -> Field | None:
    return next((field for field in HELP if field == name.lower()), None)


def _term(match: re.Match[str], now: datetime) -> Term | None:
    """The term; None where there is nothing but a minus or a pair of quotes."""
    minus, name, raw = match.groups()
    value = _unquoted(raw)
    if name is None:
        return Term(Field.TEXT, value, bool(minus)) if value.strip() else None
    field = _field(name)
    if field is None:
        raise _no_such_field(name, raw)
    if not value.strip():
        raise _WrongValueError(f"{field}: needs a value: {HELP[field]}.", is_begun=True)
    return Term(field, _VALUES.get(field, _words)(value, now), bool(minus))


def _no_such_field(name: str, raw: str) -> _WrongValueError:
    near = get_close_matches(name.lower(), HELP, 1)
    if near:
        said = f"There is no field {short(name)}. Did you mean {near[0]}?"
        return _WrongValueError(said, fix=f"{near[0]}:{raw}")
    said = f"There is no field {short(name)}. For the text itself, put it in quotes."
    return _WrongValueError(said)


def _words(value: str, now: datetime) -> str:
    return value


def _one_of(values: tuple[str, ...], sentence: str) -> Callable[[str, datetime], str]:
    """A reader of values that are one of these, whatever their case."""

    def read(value: str, now: datetime) -> str:
        lower = value.casefold()
        begun = [each for each in values if each.casefold().startswith(lower)]
        found = next((each for each in begun if each.casefold() == lower), None)
        if found is None:
            raise _WrongValueError(sentence, is_begun=bool(begun))
        return found

    return read


def _method(value: str, now: datetime) -> str:
    if not value.isalpha():
        raise _WrongValueError("method: takes GET, POST or another method.")
    return value.upper()


def _rule(value: str, now: datetime) -> str:
    lower = value.lower()
    if any(each.startswith(lower) for each in RULES):
        return lower
    near = get_close_matches(lower, RULES, 1)
    if near:
        said = f"There is no rule {short(value)}. Did you mean {near[0]}?"
        raise _WrongValueError(said, fix=f"{Field.RULE}:{near[0]}")
    raise _WrongValueError(f"There is no rule {short(value)}. `trackscope rules` lists them.")


def _time(value: str, now: datetime) -> str:
    """Seconds since 1970 of a time as people write it; a clock's time is today's."""
    try:
        return str(_moment(value, now))
    except (ValueError, OverflowError, OSError):
        is_begun = _BEGUN_TIME.fullmatch(value) is not None
        raise _WrongValueError(
            "after: and before: take a time, such as 14:30, 2011-11-23, 2011-11-23T14:30, "
            "or 2h for two hours ago.",
            is_begun=is_begun,
        ) from None


def _moment(value: str, now: datetime) -> float:
    if _SECONDS.fullmatch(value):
        return float(value)
    if ago := _AGO.fullmatch(value):
        return (now - timedelta(**{_AGO_UNITS[ago[2]]: int(ago[1])})).timestamp()
    if clock := _CLOCK.fullmatch(value):
        hour, minute, second = (int(each or 0) for each in clock.groups())
        return now.replace(hour=hour, minute=minute, second=second, microsecond=0).timestamp()
    return datetime.fromisoformat(value).timestamp()


_VALUES: dict[Field, Callable[[str, datetime], str]] = {
    Field.VERDICT: _one_of(VERDICTS, "verdict: takes 1, 0 or none."),
    Field.HAS: _one_of(HAS, "has: takes finding, error, warning, note, answer or tag."),
    Field.ORIGIN: _one_of(tuple(Origin), "origin: takes sent, received or opened."),
    Field.METHOD: _method,
    Field.RULE: _rule,
    Field.AFTER: _time,
    Field.BEFORE: _time,
}
