"""What a source may be: a file, a pipe, or the text itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from trackscope.cli import source
from trackscope.errors import SourceError


@pytest.mark.parametrize(
    "text",
    ["capture.har", "./capture", "../a/b.txt", "/var/log/x", "~/a.json", r"C:\a\b.har", "a b.txt"],
)
def test_a_missing_file_is_known_by_its_looks(text: str) -> None:
    assert source.looks_like_path(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://h.io/track/?data=e30%3D",
        "https://h.io/track.php",
        "//h.io/track/?data=e30=",
        "/track/?data=e30=",
        "h.io/track/?data=e30=",
        "eyJldmVudCI6ICJn/b+c==",
        '{"event": "a.b"}',
        "curl http://h.io/track/ -d data=e30=",
        "data=e30%3D&ip=1",
    ],
)
def test_a_text_is_not_taken_for_a_missing_file(text: str) -> None:
    assert not source.looks_like_path(text)


def test_a_text_with_a_zero_byte_is_no_file() -> None:
    assert not source.is_file("a\0b")


def test_a_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        source.read_bytes(str(tmp_path))


def test_more_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(SourceError, match="larger than"):
        source.read_bytes(str(tmp_path / "large"))
