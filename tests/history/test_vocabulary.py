"""The words that beginnings stand for are those of the index, no more and no fewer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.history.conftest import asked, exchange

from trackscope.history import vocabulary
from trackscope.history.facts import clean
from trackscope.history.history import History
from trackscope.history.query import Field
from trackscope.history.schema import TOKENIZER


@given(st.text(st.characters(max_codepoint=0x7F)) | st.text())
def test_words_are_told_as_the_tokenizer_tells_them(text: str) -> None:
    text = clean(text)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'CREATE VIRTUAL TABLE text USING fts5(t, tokenize="{TOKENIZER}")')
        connection.execute("CREATE VIRTUAL TABLE token USING fts5vocab(text, instance)")
        connection.execute("INSERT INTO text VALUES (?)", (text,))
        known = connection.execute("SELECT term FROM token ORDER BY offset").fetchall()
    assert vocabulary.tokens_of([text]) == [term for (term,) in known]


def words_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {word for (word,) in connection.execute("SELECT value FROM word")}


def test_a_word_is_known_as_long_as_an_exchange_has_it(history: History, path: Path) -> None:
    ids = history.append_many([exchange("common first"), exchange("common Über")])
    history.index()
    assert words_of(path) >= {"common", "first", "über", "ann", "e3bc4100"}
    history.set_note(ids[1], "a note")
    history.delete([ids[0]])
    history.purge()
    assert words_of(path) >= {"common", "über", "note"}
    assert "first" not in words_of(path)


def test_a_beginning_of_more_words_than_are_looked_up_finds_them_all(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.append_many(exchange(f"word{number}") for number in range(10))
    for limit in (64, 10, 9):
        monkeypatch.setattr(vocabulary, "MAX_ENDINGS", limit)
        assert history.count(asked((Field.EVENT, "WORD"))) == 10
        assert history.count(asked((Field.TEXT, "track/ word3"))) == 1


def test_a_word_that_nobody_has_finds_nothing(history: History) -> None:
    history.append(exchange())
    assert history.count(asked((Field.TEXT, "game nothing"))) == 0
