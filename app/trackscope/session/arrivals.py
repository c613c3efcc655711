"""How fast exchanges arrive: a rate over the last seconds, from how many there are when."""

from __future__ import annotations

from collections import deque

SPAN_S = 3.0
"""Over how long the rate is taken: steady enough to be read, quick enough to follow."""

MAX_SEEN = 64


class Rate:
    """Is told how many exchanges there are now and then; says how many came a second.

    Moments are seconds of a clock that only goes forward.

    >>> rate = Rate()
    >>> for moment in range(4): rate.observe(100 + 12 * moment, float(moment))
    >>> rate.per_second(3.0), rate.per_second(9.0)
    (12.0, 0.0)
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=MAX_SEEN)

    def observe(self, total: int, moment: float) -> None:
        """There are `total` exchanges now; fewer than before begins anew."""
        if self._seen and total < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((moment, total))

    def forget(self) -> None:
        """Begin anew: what comes next is another list."""
        self._seen.clear()

    def per_second(self, moment: float) -> float:
        """Arrivals a second in the last SPAN_S; 0 where none came."""
        if not self._seen:
            return 0.0
        known = (total for at, total in reversed(self._seen) if at <= moment - SPAN_S)
        return (self._seen[-1][1] - next(known, self._seen[0][1])) / SPAN_S


def rate_text(per_second: float) -> str:
    """The rate in a few characters.

    >>> rate_text(1234.5), rate_text(12.4), rate_text(0.34), rate_text(0)
    ('1,234 /s', '12 /s', '0.3 /s', '0 /s')
    """
    if 0 < per_second < 1:
        return f"{max(per_second, 0.1):.1f} /s"
    return f"{per_second:,.0f} /s"
