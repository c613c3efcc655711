"""Remembers which keys were seen among many millions, in a fixed amount of memory."""

from __future__ import annotations

from mmap import mmap

GENERATION = 1 << 20
"""Keys that are remembered at the least: a generation is kept until the next one is full."""

_SLOT_BYTES = 8


class Remembered:
    """The last keys that it was shown: at least `generation` of them, at most twice as many.

    A key is a whole number from 1 to 2^64 - 1, evenly spread, such as a hash. Each takes two slots
    of eight bytes, so that a million is 16 MB, and both generations are 32 MB at most; of these the
    system gives what is written to.

    >>> seen = Remembered(generation=2)
    >>> [seen.has_seen(key) for key in (7, 8, 7, 9, 8)]
    [False, False, True, False, True]
    """

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._slots = 2 * generation
        self._young = self._empty()
        self._old: memoryview[int] | None = None
        self._count = 0
        self.has_forgotten = False
        """Whether keys were forgotten: what is not known any more may have been seen."""

    def has_seen(self, key: int) -> bool:
        """Whether the key was shown before; it is remembered from now on."""
        if self._old is not None and self._old[self._slot(self._old, key)]:
            return True
        slot = self._slot(self._young, key)
        if self._young[slot]:
            return True
        self._young[slot] = key
        self._count += 1
        if self._count == self._generation:
            self.has_forgotten = self._old is not None
            self._old, self._young, self._count = self._young, self._empty(), 0
        return False

    def _empty(self) -> memoryview[int]:
        return memoryview(mmap(-1, _SLOT_BYTES * self._slots)).cast("Q")

    def _slot(self, keys: memoryview[int], key: int) -> int:
        """Where the key stands, or would: the first free slot from its own one on."""
        slot = key % self._slots
        while keys[slot] not in (0, key):
            slot = (slot + 1) % self._slots
        return slot
