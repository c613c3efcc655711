"""Aligns two runs of events as the lines of two versions of a text are.

What both have in the same order is found by Myers' algorithm ("An O(ND) Difference Algorithm and
Its Variations", 1986). It takes a step at a time: where the next 256 differences do not lead to the
end, the way that leads furthest is taken. So time grows with the length and not with its square,
and two runs that are very different may be told to be a little more so than they are.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_EDITS = 256
"""Differences that are looked ahead."""

MAX_WEIGHED = 300_000
"""Properties that are looked at where, between two events that are the same, each is weighed
against each."""

MAX_SLIDE = 1_000
"""Equal neighbours over which something is slid to be beside what it may have become."""

ALIKE = 0.5
"""The share of equal properties from which on an event of another name may be a renamed one."""


@dataclass(frozen=True, slots=True)
class Item:
    """An event as it is aligned: `key` is the same for equal ones, `values` are JSON texts.

    What is masked is in neither.
    """

    name: str
    key: Hashable
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """The places of an event in A and B; None where one has it not.

    `is_moved` tells that it is the same event in another order.
    """

    a: int | None
    b: int | None
    is_moved: bool = False


def align(a: Sequence[Item], b: Sequence[Item]) -> list[Pair]:
    """Every event of both, once: in the order of A, what only B has where it stands there.

    Equal events are paired in the order that both have, then equal ones that moved, then in the
    places between them those of one name or with the same properties.

    >>> one, other = Item("a", 1, {}), Item("b", 2, {"n": "1"})
    >>> align([one, other], [other])
    [Pair(a=0, b=None, is_moved=False), Pair(a=1, b=0, is_moved=False)]
    """
    keys_a, keys_b = [each.key for each in a], [each.key for each in b]
    spine = _brought_together(common(keys_a, keys_b), keys_a, keys_b)
    moved = _moved(a, b, spine)
    places = set(moved.values())
    pairs: list[Pair] = []
    for (a_start, b_start), (a_end, b_end) in pairwise([(-1, -1), *spine, (len(a), len(b))]):
        if a_start >= 0:
            pairs.append(Pair(a_start, b_start))
        of_a = range(a_start + 1, a_end)
        between = _paired(
            a,
            b,
            [at for at in of_a if at not in moved],
            [at for at in range(b_start + 1, b_end) if at not in places],
        )
        pairs += _merged(between, [Pair(at, moved[at], True) for at in of_a if at in moved])
    return pairs


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The places in A and B of equal things that both have in the same order: as many as can be.

    >>> common("abcabba", "cbabac")
    [(2, 0), (3, 2), (4, 3), (6, 4)]
    """
    in_a, in_b = set(a), set(b)
    of_a = [at for at, key in enumerate(a) if key in in_b]  # the others have no part in it
    of_b = [at for at, key in enumerate(b) if key in in_a]
    keys_a, keys_b = [a[at] for at in of_a], [b[at] for at in of_b]
    found: list[tuple[int, int]] = []
    x = y = 0
    while x < len(keys_a) and y < len(keys_b):
        x, y = _advance(keys_a, keys_b, x, y, found)
    return [(of_a[one], of_b[other]) for one, other in found]


def _advance(
    a: Sequence[Hashable], b: Sequence[Hashable], x0: int, y0: int, found: list[tuple[int, int]]
) -> tuple[int, int]:
    """Go on from a place with up to `MAX_EDITS` differences; the place that it leads to.

    What is equal on the way is added to `found`. `furthest` is how far each diagonal is reached.
    """
    width, height = len(a) - x0, len(b) - y0
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(MAX_EDITS + 1):
        history.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            x = _step(furthest, edits, diagonal)[0]
            y = x - diagonal
            while x < width and y < height and a[x0 + x] == b[y0 + y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= width and y >= height:
                found += _way(history, x, y, x0, y0)
                return len(a), len(b)
    reached = ((x, x - diagonal) for diagonal, x in furthest.items())
    x, y = max(((x, y) for x, y in reached if x <= width and 0 <= y <= height), key=sum)
    # diagonals of the other kind were reached with one difference less
    found += _way(history[: len(history) - (x - y + MAX_EDITS) % 2], x, y, x0, y0)
    return x0 + x, y0 + y


def _step(furthest: Mapping[int, int], edits: int, diagonal: int) -> tuple[int, int]:
    """How far one more difference leads on a diagonal, and the diagonal that it comes from."""
    is_down = diagonal == -edits or (
        diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]
    )
    if is_down:
        return furthest[diagonal + 1], diagonal + 1
    return furthest[diagonal - 1] + 1, diagonal - 1


def _way(
    history: Sequence[Mapping[int, int]], x: int, y: int, x0: int, y0: int
) -> list[tuple[int, int]]:
    """What is equal on the way to a place that the last of `history` leads to, in order."""
    equal: list[tuple[int, int]] = []
    for edits in range(len(history) - 1, -1, -1):
        before = history[edits]
        origin = _step(before, edits, x - y)[1]
        x_before = before[origin] if edits else 0
        y_before = x_before - origin if edits else 0
        while x > x_before and y > y_before:
            x, y = x - 1, y - 1
            equal.append((x0 + x, y0 + y))
        x, y = x_before, y_before
    return equal[::-1]


def _brought_together(
    spine: Sequence[tuple[int, int]], a: Sequence[Hashable], b: Sequence[Hashable]
) -> list[tuple[int, int]]:
    """The same, but what only A has is beside what only B has, wherever equal neighbours allow it.

    Of `x x` and `z x` the second ones are the same then, so that the first one was changed.
    """
    slid = [(-1, -1), *spine, (len(a), len(b))]
    for gap in range(1, len(slid)):
        of_a, of_b = (slid[gap][side] - slid[gap - 1][side] > 1 for side in (0, 1))
        if of_a == of_b:
            continue
        side, keys = (0, a) if of_a else (1, b)
        if not _slide(slid, gap, side, keys, 1):
            _slide(slid, gap, side, keys, -1)
    return slid[1:-1]


def _slide(
    slid: list[tuple[int, int]], gap: int, side: int, keys: Sequence[Hashable], step: int
) -> bool:
    """Slide what one side has in a gap onwards (1) or back (-1), to where the other has something.

    Whether that could be; otherwise nothing is changed.
    """
    at = gap if step > 0 else gap - 1
    edge = slid[at - step][side] + step
    changes: list[tuple[int, tuple[int, int]]] = []
    while 0 < at < len(slid) - 1 and len(changes) < MAX_SLIDE:
        here, beyond = slid[at], slid[at + step]
        if keys[edge] != keys[here[side]]:
            return False
        changes.append((at, (edge, here[1]) if side == 0 else (here[0], edge)))
        if abs(beyond[1 - side] - here[1 - side]) > 1:
            for place, pair in changes:
                slid[place] = pair
            return True
        if abs(beyond[side] - here[side]) > 1:
            return False
        at, edge = at + step, edge + step
    return False


def _moved(
    a: Sequence[Item], b: Sequence[Item], spine: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """The places in A and B of equal events that are not in the same order."""
    kept_a, kept_b = {at for at, _ in spine}, {at for _, at in spine}
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for at, item in enumerate(b):
        if at not in kept_b:
            waiting[item.key].append(at)
    moved: dict[int, int] = {}
    for at, item in enumerate(a):
        if at not in kept_a and waiting.get(item.key):
            moved[at] = waiting[item.key].popleft()
    return moved


def _paired(
    a: Sequence[Item], b: Sequence[Item], of_a: Sequence[int], of_b: Sequence[int]
) -> list[Pair]:
    """Pair what is not equal in a stretch of both, as much of it as can be, in order."""
    if of_a and of_b:
        some_a, some_b = [a[at] for at in of_a], [b[at] for at in of_b]
        if len(of_b) * _weight(some_a) + len(of_a) * _weight(some_b) <= MAX_WEIGHED:
            matches = _most_alike(some_a, some_b)
        else:
            matches = common([each.name for each in some_a], [each.name for each in some_b])
    else:
        matches = []
    pairs: list[Pair] = []
    x = y = 0
    for one, other in [*matches, (len(of_a), len(of_b))]:
        pairs += [Pair(at, None) for at in of_a[x:one]]
        pairs += [Pair(None, at) for at in of_b[y:other]]
        if one < len(of_a):
            pairs.append(Pair(of_a[one], of_b[other]))
        x, y = one + 1, other + 1
    return pairs


def _weight(items: Sequence[Item]) -> int:
    return sum(1 + len(each.values) for each in items)


def _most_alike(a: Sequence[Item], b: Sequence[Item]) -> list[tuple[int, int]]:
    """The pairs in order that are most alike together (dynamic programming from the end)."""
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for x in range(len(a) - 1, -1, -1):
        for y in range(len(b) - 1, -1, -1):
            together = likeness(a[x], b[y])
            apart = max(best[x + 1][y], best[x][y + 1])
            best[x][y] = max(together + best[x + 1][y + 1], apart) if together else apart
    found = []
    x = y = 0
    while x < len(a) and y < len(b):
        if best[x][y] == best[x + 1][y]:
            x += 1
        elif best[x][y] == best[x][y + 1]:
            y += 1
        else:
            found.append((x, y))
            x, y = x + 1, y + 1
    return found


def likeness(a: Item, b: Item) -> float:
    """How alike two events are: 0 not at all, up to 1 with another name, 1 to 2 with the same."""
    names = a.values.keys() | b.values.keys()
    equal = sum(a.values.get(name) == b.values.get(name) for name in names)
    share = equal / len(names) if names else 1.0
    if a.name == b.name:
        return 1 + share
    return share if share >= ALIKE else 0.0


def _merged(between: Sequence[Pair], moved: Sequence[Pair]) -> list[Pair]:
    """Both in the order of A."""
    merged: list[Pair] = []
    waiting = deque(moved)
    for pair in between:
        while waiting and pair.a is not None and (waiting[0].a or 0) < pair.a:
            merged.append(waiting.popleft())
        merged.append(pair)
    return [*merged, *waiting]
