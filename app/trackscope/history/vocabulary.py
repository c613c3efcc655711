"""The words of the index: beginnings are looked up here, to be searched for as whole words.

FTS5 gathers all that any beginning of more than three letters leads to before it gives the first
result; what whole words lead to it gives one by one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from trackscope.history.schema import TOKENIZER
from trackscope.history.statements import for_each, insert_many

MAX_TOKEN = 32_768
"""Bytes of a word that FTS5 keeps."""

MAX_ENDINGS = 64
"""Words that are searched for in place of their beginning."""

INDEXED_LENGTHS = 3
"""The index has the beginnings of so many letters and fewer itself."""

_ASCII_TOKEN = re.compile("[0-9a-z]+")


def tokens_of(texts: Iterable[str]) -> list[str]:
    """The words of the texts in order, as the index knows them.

    >>> tokens_of(["Signed up", "h:1/Über"])
    ['signed', 'up', 'h', '1', 'über']
    """
    found: list[str] = []
    for text in texts:
        if text.isascii():
            found += (token[:MAX_TOKEN] for token in _ASCII_TOKEN.findall(text.lower()))
        else:
            found += _by_the_tokenizer(text)
    return found


def _by_the_tokenizer(text: str) -> list[str]:
    # Which characters are letters is for SQLite to say: its tables are not those of Python.
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'CREATE VIRTUAL TABLE text USING fts5(t, tokenize="{TOKENIZER}")')
        connection.execute("CREATE VIRTUAL TABLE token USING fts5vocab(text, instance)")
        connection.execute("INSERT INTO text VALUES (?)", (text,))
        return [term for (term,) in connection.execute("SELECT term FROM token ORDER BY offset")]


def phrases(connection: sqlite3.Connection, word: str) -> list[str]:
    """Expressions of which one holds where the word begins one; none if it is no word at all."""
    *others, last = tokens_of([word]) or [""]
    if not last:
        return []
    if len(last) <= INDEXED_LENGTHS:
        return [f'"{" ".join((*others, last))}" *']
    query = f"SELECT value FROM word WHERE value >= ? AND value < ? LIMIT {MAX_ENDINGS + 1}"
    endings = connection.execute(query, (last, f"{last}\U0010ffff")).fetchall()
    if len(endings) > MAX_ENDINGS:
        return [f'"{" ".join((*others, last))}" *']
    return [f'"{" ".join((*others, ending))}"' for (ending,) in endings]


def add(connection: sqlite3.Connection, texts: Iterable[str]) -> None:
    """Note the words of texts that are put into the index, inside a transaction."""
    words = [(token,) for token in sorted(set(tokens_of(texts)))]
    insert_many(connection, "INSERT OR IGNORE INTO word", words)


def forget(connection: sqlite3.Connection, texts: Iterable[str]) -> None:
    """Forget those words of texts taken out of the index that are in no other, as `add`."""
    for_each(connection, _UNUSED, sorted(set(tokens_of(texts))))


_UNUSED = """
DELETE FROM word WHERE value IN {ids} AND NOT EXISTS (
    SELECT 1 FROM words WHERE words MATCH '- {{marks}} : "' || word.value || '"')
"""
