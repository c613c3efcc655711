"""What can go wrong while Trackscope does something, each with a sentence and a next step.

Bad *data* is never an exception: it is a `Finding` (see `trackscope.wire.finding`).

    TrackscopeError
    ├── UsageError              the command line or a setting asks for something impossible
    ├── SourceError             a file or text could not be read
    ├── PlanError               a file is no tracking plan, or one that cannot be checked
    ├── OutputError             a file could not be written
    ├── SendError               a request got no answer
    │   ├── BadTargetError      the URL cannot be sent to
    │   ├── ConnectError        nobody answered at the address (refused, DNS, TLS)
    │   ├── SendTimeoutError    the answer did not come in time
    │   └── AnswerError         what came back is not HTTP, or was cut off
    ├── CollectorError          the collector cannot start or go on
    │   └── PortInUseError      another program listens on the port
    └── HistoryError            the history file cannot be used
        ├── NewerHistoryError   written by a later version: left unchanged
        └── DamagedHistoryError not readable as a history
"""

from __future__ import annotations


class TrackscopeError(Exception):
    """A failed operation: `message` says what happened and where, `next_step` what to do."""

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class UsageError(TrackscopeError):
    """The command line or a setting asks for something impossible."""


class SourceError(TrackscopeError):
    """A file or text could not be read."""


class PlanError(TrackscopeError):
    """A file is no tracking plan, or one that cannot be checked."""


class OutputError(TrackscopeError):
    """A file could not be written."""


class SendError(TrackscopeError):
    """A request got no answer; `may_have_arrived` tells that it may have been logged anyway."""

    may_have_arrived = False


class BadTargetError(SendError):
    """The URL cannot be sent to."""


class ConnectError(SendError):
    """Nobody answered at the address: refused, unknown host, or TLS failed."""


class SendTimeoutError(SendError):
    """The answer did not come in time."""


class AnswerError(SendError):
    """What came back is not HTTP, or was cut off."""

    may_have_arrived = True


class CollectorError(TrackscopeError):
    """The collector cannot start or go on."""


class PortInUseError(CollectorError):
    """Another program listens on the port."""


class HistoryError(TrackscopeError):
    """The history file cannot be used."""


class NewerHistoryError(HistoryError):
    """The history was written by a later version of the program: it is left unchanged."""


class DamagedHistoryError(HistoryError):
    """The file is not readable as a history."""
