"""Decides whether a request was meant for this collector, by the name it was addressed to."""

from __future__ import annotations

import re
from collections.abc import Iterable

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{0,5})?", re.IGNORECASE)


class AllowedHosts:
    """The names the collector answers for; compared whole, never by prefix.

    >>> hosts = AllowedHosts(["collector.test"])
    >>> [host in hosts for host in ("LocalHost:80", "collector.test", "localhost.evil", "")]
    [True, True, False, False]
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = LOOPBACK_NAMES | {_name(given) or given.lower() for given in names}

    def __contains__(self, authority: str) -> bool:
        name = _name(authority)
        return name is not None and name in self._names


def _name(authority: str) -> str | None:
    """The host name in `name` or `name:port`, in lower case; None where it is neither."""
    match = _AUTHORITY.fullmatch(authority)
    return match[1].lower() if match else None
