"""Looks host names up without ever keeping the program from quitting."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import Any

MAX_ADDRESSES = 4
"""Addresses of one name that are tried."""


async def addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, the kinds taking turns (IPv6, IPv4, …); OSError if unknown.

    In a daemon thread: a lookup cannot be interrupted, and the loop's own threads are waited
    for when the program ends, for as long as the name server stays silent.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def settle(result: list[str], error: OSError | None) -> None:
        if found.done():  # nobody waits any more
            return
        if error is None:
            found.set_result(result)
        else:
            found.set_exception(error)

    def look_up() -> None:
        result: list[str] = []
        error: OSError | None = None
        try:
            result = _by_turns(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as problem:
            error = problem
        except UnicodeError:  # a label that is empty or too long
            error = socket.gaierror(socket.EAI_NONAME, "not a host's name")
        with contextlib.suppress(RuntimeError):  # the loop was closed in the meantime
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=look_up, name="host name lookup", daemon=True).start()
    return await found


def _by_turns(found: Iterable[tuple[Any, ...]]) -> list[str]:
    kinds: dict[Any, list[str]] = {}
    for family, *_, address in found:
        kinds.setdefault(family, []).append(str(address[0]))
    turns = chain.from_iterable(zip_longest(*kinds.values()))
    return list(dict.fromkeys(each for each in turns if each))[:MAX_ADDRESSES]
