"""Opens the history that is recorded into; of one that cannot be used, says what can be done."""

from __future__ import annotations

from pathlib import Path

from trackscope.cli.output import say
from trackscope.errors import DamagedHistoryError, NewerHistoryError
from trackscope.history.history import History
from trackscope.history.recovery import fresh_beside, recover


def open_history(path: Path, *, is_recovering: bool) -> History:
    """The history at `path`; a damaged one is set aside first if `is_recovering`.

    Otherwise one that is damaged or from a later version is left as it is, and the error offers a
    fresh one beside it.
    """
    fresh = fresh_beside(path)
    try:
        return History.open(path)
    except NewerHistoryError as problem:
        raise NewerHistoryError(
            problem.message,
            f"It was left as it is: update Trackscope, or begin a fresh one with --history {fresh}",
        ) from problem
    except DamagedHistoryError as problem:
        if not is_recovering:
            raise DamagedHistoryError(
                problem.message,
                "It was left as it is. With --recover it is set aside and what is readable of it "
                f"is kept; or begin a fresh one with --history {fresh}",
            ) from problem
    say(recover(path).sentence(path))
    return History.open(path)
