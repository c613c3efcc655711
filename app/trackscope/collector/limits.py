"""How much, how many and how long the collector bears with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the server, in bytes and seconds; the defaults fit every SDK that was measured.

    The head holds the payload of a GET: mixpanel-node sends request lines of 733,571 bytes
    (sdk-facts, "Paths, params, order"), so a URL of 1 MiB and its headers fit. `held_bytes` is
    what all requests together may take while they come in; one with no `large_head` and no
    `large_body` is taken all the same.
    """

    max_body: int = 10_000_000
    max_head: int = (1024 + 64) * 1024
    max_headers: int = 256
    large_head: int = 64 * 1024
    large_body: int = 1024 * 1024
    held_bytes: int = 128 * 1024 * 1024
    connections: int = 256
    waiting: int = 256
    seat_wait_s: float = 2.0
    head_s: float = 5.0
    body_s: float = 10.0
    idle_s: float = 15.0
    stop_s: float = 2.0
