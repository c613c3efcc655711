"""A history as version 1 wrote it: its tables, to the letter, and a few exchanges."""

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
    body BLOB NOT NULL, reply_headers TEXT, reply_body BLOB);
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
PRAGMA application_id = 0x54524B53;
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
"""

# Purged: 1, 2 and 6. Cleared: none. Picked: 4. A twin: 5, of what was sent as 7. Last: 8, purged.
ROWS = """
INSERT INTO state VALUES (8);
INSERT INTO deletion VALUES (3, 1322050000.0, 0, 0);
INSERT INTO hidden VALUES (4, 3);
INSERT INTO tally VALUES (0, 'received', 1, 1), (0, 'sent', 1, 1), (3, 'received', 1, 1);
INSERT INTO pending VALUES (3);
INSERT INTO stored VALUES (5, 'ann', '[{"event":"e5","properties":{"ip":"10.0.0.7"}}]', '[]');
INSERT INTO exchange VALUES
    (3, 1322050003.0, 'received', 0, 1, 1, 200, NULL, 1, 'POST', NULL, '["e3"]', '', NULL, '',
        'my note', 'e3 my note', '2011', 0, '127.0.0.1:9', NULL, '', '', '[]', 'http://h/track/',
        '[["Host","h"]]', 'data=eyJldmVudCI6ImUzIn0=', '[]', '1'),
    (4, 1322050004.0, 'received', 0, 1, 1, 200, NULL, 1, 'POST', NULL, '["e4"]', '', NULL, '',
        '', 'e4', '2011', 0, '127.0.0.1:9', NULL, '', '', '[]', 'http://h/track/',
        '[["Host","h"]]', 'data=eyJldmVudCI6ImU0In0=', '[]', '1'),
    (5, 1322050005.0, 'received', 1, 1, 1, 200, NULL, 1, 'POST', NULL, '["e5"]', '', NULL, '',
        '', 'e5', '2011', 0, '127.0.0.1:9', 'r5', '', '', '[]', 'http://h/track/',
        '[["Host","h"]]', 'data=eyJldmVudCI6ImU1In0=', '[]', '1'),
    (7, 1322050007.0, 'sent', 0, 1, 1, 200, 1.5, 1, 'POST', NULL, '["e5"]', 'h', NULL, '',
        '', 'e5', '2011', 0, '', 'r5', '', '', '[["a.b","note","","text"]]', 'http://h/track/',
        '[["Host","h"]]', 'data=eyJldmVudCI6ImU1In0=', '[]', '1');
UPDATE exchange SET body = CAST(body AS BLOB), reply_body = CAST(reply_body AS BLOB);
"""


def make(path: Path) -> None:
    """Write the history to a file that is not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES + ROWS)
