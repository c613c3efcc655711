"""Where opened captures are kept as long as the window is open: a history in a private folder."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from trackscope.history.history import History
from trackscope.session.listing import Listing

_PREFIX = "trackscope-"
_NAME = "opened.trackscope"


class Scratch:
    """A folder that only its owner may enter, and in it a history that nobody has to keep.

    It can go with the program or the power: nothing in it waits for a disk.
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / _NAME
        self.history = History.open_scratch(self.path)
        self.listing = Listing.open_scratch(self.path)

    def keep_text(self, text: str, number: int) -> Path:
        """Write a pasted text to a file beside the history, to be read like any other."""
        path = self.path.with_name(f"pasted text {number}")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return path

    def close(self) -> None:
        """Close the history and remove the folder with all that is in it."""
        self.listing.close()
        self.history.close()
        self._folder.cleanup()
