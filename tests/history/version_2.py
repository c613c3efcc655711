"""A history as version 2 wrote it: its tables, to the letter, and an exchange."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

TABLES = """
CREATE TABLE exchange (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, origin TEXT NOT NULL, twin INTEGER NOT NULL,
    verdict INTEGER, predicted INTEGER, status INTEGER, took_ms REAL, events INTEGER NOT NULL,
    method TEXT NOT NULL, title TEXT, names TEXT NOT NULL, target TEXT NOT NULL, failure TEXT,
    remark TEXT NOT NULL, note TEXT NOT NULL, words TEXT NOT NULL, era TEXT NOT NULL,
    strict INTEGER NOT NULL, peer TEXT NOT NULL, request_id TEXT, source TEXT NOT NULL,
    position TEXT NOT NULL, findings TEXT NOT NULL, url TEXT NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, reply_headers TEXT, reply_body BLOB, page TEXT NOT NULL DEFAULT '');
CREATE INDEX exchange_request_id ON exchange (request_id) WHERE request_id IS NOT NULL;
CREATE TABLE stored (
    exchange_id INTEGER PRIMARY KEY, words TEXT NOT NULL, events TEXT NOT NULL,
    findings TEXT NOT NULL);
CREATE TABLE pending (exchange_id INTEGER PRIMARY KEY);
CREATE TABLE deletion (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, upto_id INTEGER NOT NULL,
    is_final INTEGER NOT NULL DEFAULT 0);
CREATE TABLE hidden (exchange_id INTEGER PRIMARY KEY, deletion INTEGER NOT NULL);
CREATE TABLE tally (
    deletion INTEGER NOT NULL, origin TEXT NOT NULL, verdict INTEGER NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (deletion, origin, verdict));
CREATE TABLE state (last_id INTEGER NOT NULL);
CREATE INDEX exchange_twin ON exchange (id) WHERE twin;
CREATE TABLE gap (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL);
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, is_abandoned INTEGER NOT NULL);
CREATE TABLE unfinished (
    first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL, import_id INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    event, token, host, source, page, text, marks, prefix='1 2 3', columnsize=0,
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co So'");
CREATE TABLE word (value TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE fact (
    exchange_id INTEGER PRIMARY KEY, at REAL NOT NULL, verdict INTEGER, page INTEGER);
CREATE TABLE span (
    block INTEGER PRIMARY KEY, from_at REAL NOT NULL, to_at REAL NOT NULL);
CREATE TABLE term (
    id INTEGER PRIMARY KEY AUTOINCREMENT, field TEXT NOT NULL, value TEXT NOT NULL,
    uses INTEGER NOT NULL, UNIQUE (field, value));
CREATE INDEX term_value ON term (field, value COLLATE NOCASE);
CREATE TABLE event_tally (
    deletion INTEGER NOT NULL, event TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (deletion, event)) WITHOUT ROWID;
CREATE TABLE todo (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL);
CREATE TABLE progress (indexed_id INTEGER NOT NULL);
PRAGMA application_id = 0x54524B53;
PRAGMA user_version = 2;
PRAGMA journal_mode = WAL;
"""

ROWS = """
INSERT INTO state VALUES (1);
INSERT INTO progress VALUES (0);
INSERT INTO tally VALUES (0, 'received', 1, 1);
INSERT INTO exchange VALUES
    (1, 1322050003.0, 'received', 0, 1, 1, 200, NULL, 1, 'POST', NULL, '["e1"]', '', NULL, '',
        'my note', '', '2011', 0, '127.0.0.1:9', NULL, '', '', '[]', 'http://h/track/',
        '[["Host","h"]]', CAST('data=eyJldmVudCI6ImUxIn0=' AS BLOB), '[]', CAST('1' AS BLOB), 'p');
"""


def make(path: Path) -> None:
    """Write the history to a file that is not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES + ROWS)
