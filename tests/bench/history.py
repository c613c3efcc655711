"""A history of a million exchanges: pages, filters, searches and surveys; import and size."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice

from tests.bench.measure import Aim, Row, amount, middle, percentile
from tests.bench.million import BEGIN, NOUNS, PER_S, PLANS, TOKENS, VERBS, exchanges, made
from tests.bench.surroundings import folder

from trackscope.capture.exchange import Exchange
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term

TITLE = "History"
NOTE = (
    "One file with 1,000,000 exchanges of one event, a fifth of them of a capture whose times lie "
    "between the others'; it is made once and kept. Each number is a page of 100 rows, newest "
    "first, read from the file with all that a list shows of them: median and 99th percentile of "
    "queries drawn at random. A range of time is an hour, six hours or a day somewhere in it. "
    "Rows without an aim that count or survey go through all that is found, in a thread."
)

PAGE = 100
IMPORTED = 30_000
BATCH = 1000

Draw = Callable[[random.Random], tuple[Term, ...]]


def _term(field: Field, value: str, *, is_not: bool = False) -> tuple[Term, ...]:
    return (Term(field, value, is_not),)


def _user(chance: random.Random) -> str:
    return f"user-{chance.randrange(100_000)}"


WORDS: dict[str, Draw] = {
    "a word": lambda chance: _term(
        Field.TEXT, chance.choice((*VERBS, *NOUNS, *PLANS, "later", "nothing", "Firefox"))
    ),
    "a beginning of 1 to 5 letters": lambda chance: _term(
        Field.TEXT, chance.choice((*VERBS, *NOUNS, *PLANS, "checkout"))[: chance.randint(1, 5)]
    ),
    "a phrase": lambda chance: _term(
        Field.TEXT, chance.choice((_user(chance), "api.mixpanel.com/track", "10.0.7"))
    ),
    "several words": lambda chance: _term(
        Field.TEXT, f"{chance.choice(VERBS)} {chance.choice(NOUNS)} {chance.choice(PLANS)}"
    ),
}

FILTERS: dict[str, Draw] = {
    "event:": lambda chance: _term(
        Field.EVENT, f"{chance.choice(VERBS)} {chance.choice(NOUNS)}", is_not=chance.random() < 0.3
    ),
    "token:": lambda chance: _term(Field.TOKEN, chance.choice(TOKENS)[: chance.randint(3, 9)]),
    "property:": lambda chance: _term(
        Field.PROPERTY, chance.choice(("plan", "none")), is_not=chance.random() < 0.3
    ),
    "verdict: has: rule:": lambda chance: (
        *_term(Field.VERDICT, chance.choice("10")),
        *_term(Field.HAS, chance.choice(("error", "warning", "finding", "note", "tag"))),
        *_term(Field.RULE, chance.choice(("time.", "token.missing")), is_not=chance.random() < 0.3),
    ),
    "host: method: origin:": lambda chance: (
        *_term(Field.HOST, chance.choice(("track.example", "api"))),
        *_term(Field.METHOD, "POST", is_not=chance.random() < 0.5),
        *_term(Field.ORIGIN, chance.choice(("received", "opened"))),
    ),
    "source: page: tag:": lambda chance: chance.choice(
        (
            _term(Field.SOURCE, "checkout.har"),
            _term(Field.PAGE, f"page_{chance.randrange(1600, 2000)}"),
            _term(Field.TAG, "later"),
        )
    ),
}


def _values(chance: random.Random) -> tuple[Term, ...]:
    return chance.choice(
        (
            _term(Field.PROPERTY, f"plan={chance.choice(PLANS)}", is_not=chance.random() < 0.3),
            _term(Field.PROPERTY, f"distinct_id={_user(chance)}"),
            _term(Field.PROPERTY, f"amount={chance.randrange(10_000) / 100}"),
        )
    )


def rows(is_quick: bool) -> list[Row]:
    """Times of each kind of question; sizes and rates."""
    number = 100_000 if is_quick else 1_000_000
    path = made(number)
    times = 20 if is_quick else 200
    found = [*_sizes(path.stat().st_size, str(path), number)]
    with closing(History.open(path)) as history:
        found += _lists(history, times, number)
        found += _surveys(history, 3 if is_quick else 10)
    return [*found, *_written(number)]


def _lists(history: History, times: int, number: int) -> list[Row]:
    chance = random.Random(7)

    def timed(draw: Draw, *, has_range: bool = False) -> list[float]:
        taken = []
        for _ in range(times):
            terms = draw(chance) + (_range(chance, number) if has_range else ())
            started = time.perf_counter()
            history.page(Query(terms), limit=PAGE)
            taken.append((time.perf_counter() - started) * 1e3)
        return taken

    found = [_row("newest page", timed(lambda _: ()), 5.0)]
    found += [_row(f"search: {name}", timed(draw), 5.0) for name, draw in WORDS.items()]
    for name, draw in (*WORDS.items(), *FILTERS.items(), ("property:name=value", _values)):
        if name not in WORDS:
            found.append(_row(f"filter {name}", timed(draw), 50.0))
        found.append(_row(f"{name} in a range of time", timed(draw, has_range=True), 50.0))
    return found


def _range(chance: random.Random, number: int) -> tuple[Term, ...]:
    length = chance.choice((3600, 6 * 3600, 24 * 3600))
    begin = BEGIN + chance.random() * number / PER_S
    return (Term(Field.AFTER, str(begin)), Term(Field.BEFORE, str(begin + length)))


def _surveys(history: History, times: int) -> list[Row]:
    chance = random.Random(7)
    half = Query(_term(Field.HOST, "api"))
    asked: dict[str, Callable[[], object]] = {
        "number of all": history.count,
        "ids of all": lambda: history.ids(limit=10**9),
        "count by event": history.event_counts,
        "completions": lambda: history.completions(Field.EVENT, chance.choice(VERBS)[:2]),
        "number of three quarters": lambda: history.count(half),
        "ids of three quarters": lambda: history.ids(half, limit=10**9),
        "time line": history.timeline,
        "navigations": history.pages,
    }
    found = []
    for name, ask in asked.items():
        taken = []
        for _ in range(times):
            started = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - started) * 1e3)
        found.append(_row(name, taken, None))
    return found


def _row(what: str, taken_ms: list[float], aim_ms: float | None) -> Row:
    p99 = percentile(taken_ms, 99)
    shown = f"median {amount(middle(taken_ms), 'ms')}"
    return Row(what, shown, "p99", p99, "ms", None if aim_ms is None else Aim(aim_ms, "ms"))


def _sizes(total: int, name: str, number: int) -> list[Row]:
    with closing(sqlite3.connect(name)) as connection:
        (raw,) = connection.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'exchange%' AND aggregate = TRUE"
        ).fetchone()
    return [
        Row("size of an exchange, without index", f"{number:,} rows", "–", raw / number, "bytes"),
        Row("size of an exchange, with index", f"{number:,} rows", "–", total / number, "bytes"),
    ]


def _written(number: int) -> list[Row]:
    some = list(islice(exchanges(number), IMPORTED))
    found = []
    with folder() as home:
        with closing(History.open_scratch(home / "scratch")) as history:
            rate = _rate(lambda batch: history.append_many(batch), some)
            aim = Aim(30_000, "/s", is_least=True)
            found.append(Row("appended to a scratch file", f"{rate:,.0f}/s", "–", rate, "/s", aim))
            indexed = _rate(lambda _: history.index(BATCH), some)
            found.append(Row("indexed", f"{indexed:,.0f}/s", "–", indexed, "/s"))
        with closing(History.open(home / "history")) as history:
            running = history.begin_import("checkout.har")
            rate = _rate(running.add, some)
            running.finish()
        found.append(Row("imported, durably", f"{rate:,.0f}/s", "–", rate, "/s"))
    return found


def _rate(take: Callable[[list[Exchange]], object], some: list[Exchange]) -> float:
    started = time.perf_counter()
    for start in range(0, len(some), BATCH):
        take(some[start : start + BATCH])
    return len(some) / (time.perf_counter() - started)
