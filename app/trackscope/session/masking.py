"""What is hidden in all that is shared or exported, and how it reads instead."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from trackscope.wire.encoding import to_bytes

SECRET_KEYS = frozenset(
    ("token", "$token", "api_key", "api_secret", "secret", "password", "sig", "access_token")
)
"""Properties and parameters whose values are not for others' eyes, in lower case."""

SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization", "set-cookie"))


def mask(secret: str) -> str:
    """A secret as others may see it: its first 4 and last 2 characters, or none of a short one.

    >>> mask("e3bc4100330c35722740fb8c6f5abddc"), mask("short")
    ('e3bc…dc', '…')
    """
    return f"{secret[:4]}…{secret[-2:]}" if len(secret) > 12 else "…"


@dataclass(frozen=True, slots=True)
class Masking:
    """The keys and headers whose values are masked, in lower case.

    `keys` are those of secrets. `chosen` are what the user named besides: of an e-mail address
    even the ends would tell too much, so their values become a hash, with a `salt` that only
    this export knows, so that nobody can try which value it is.

    >>> Masking().stand_in("token", "e3bc4100330c35722740fb8c6f5abddc")
    'e3bc…dc'
    """

    keys: frozenset[str] = SECRET_KEYS
    headers: frozenset[str] = SECRET_HEADERS
    chosen: frozenset[str] = frozenset()
    salt: bytes = b""

    @property
    def is_on(self) -> bool:
        """Whether there is anything to mask."""
        return bool(self.keys or self.headers or self.chosen)

    def hides(self, key: str) -> bool:
        """Whether what stands by this key is masked."""
        lower = key.lower()
        return lower in self.keys or lower in self.chosen

    def stand_in(self, key: str, value: str) -> str:
        """What stands there instead: the same for the same value."""
        if key.lower() not in self.chosen:
            return mask(value)
        digest = hashlib.blake2b(to_bytes(value), digest_size=6, key=self.salt)
        return f"masked-{digest.hexdigest()}"


def masking_of(*, include_secrets: bool, chosen: Iterable[str], salt: bytes) -> Masking:
    """The masking that was asked for: secrets unless they are included, and the chosen keys."""
    names = frozenset(name.lower() for name in chosen)
    if include_secrets:
        return Masking(frozenset(), frozenset(), names, salt)
    return Masking(chosen=names, salt=salt)
