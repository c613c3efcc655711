"""A file is there as a whole, or what was there before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from trackscope.errors import OutputError, UsageError
from trackscope.session.whole_file import whole_file


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A file that is there already; whatever happens to it, nothing is left beside it."""
    path = tmp_path / "out.har"
    path.write_text("before")
    yield path
    assert [each.name for each in tmp_path.iterdir()] == ["out.har"]


def write_half(path: Path, problem: Exception) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise problem


def test_the_new_content_takes_the_name_at_the_end(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_text() == "before"
    assert path.read_text() == "after"


def test_an_error_leaves_the_file_as_it_was(path: Path) -> None:
    with pytest.raises(UsageError):
        write_half(path, UsageError("x"))
    assert path.read_text() == "before"


def test_a_full_disk_is_a_sentence_and_leaves_the_file_as_it_was(path: Path) -> None:
    message = "cannot be written: No space left on device. Choose another place."
    with pytest.raises(OutputError, match=message):
        write_half(path, OSError(28, "No space left on device"))
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is a folder"),
        ("gone/out", "No such file"),
        ("a\0b", "zero byte"),
        ("x" * 300, "name"),
    ],
)
def test_a_place_that_is_none_is_a_sentence(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(OutputError, match=reason), whole_file(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_folder_that_may_not_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"), whole_file(tmp_path / "out"):
        pass


@pytest.mark.skipif(os.name != "posix", reason="links and devices of POSIX")
def test_a_link_stays_one_and_a_device_is_written_to(tmp_path: Path) -> None:
    target = tmp_path / "target"
    link = tmp_path / "link"
    link.symlink_to(target)
    with whole_file(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"
    with whole_file(Path(os.devnull)) as file:
        file.write(b"x")
    assert not Path(os.devnull).is_file()


def test_a_reader_that_left_is_no_failure_of_the_file(path: Path) -> None:
    with pytest.raises(BrokenPipeError):
        write_half(path, BrokenPipeError())
