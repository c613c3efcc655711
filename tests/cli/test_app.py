"""The front door: help, version, commands that there are and are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run

import trackscope
from trackscope.cli.app import COMMANDS, asks_for_window


def test_version_prints_the_version(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"trackscope {trackscope.__version__}\n")


def test_help_names_every_command(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert all(f"\n  {name} " in ran.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"usage: trackscope {command}" in ran.out
    assert ran.out == run("help", command).out


def test_a_word_that_is_no_command_is_told_what_was_perhaps_meant(run: Run) -> None:
    ran = run("deocde")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean: trackscope decode?" in ran.err


def test_an_unknown_option_ends_with_2(run: Run) -> None:
    assert run("--frobnicate").code == 2
    assert run("rules", "--frobnicate").code == 2


def test_an_abbreviated_option_is_refused_because_a_later_one_could_make_it_ambiguous(
    run: Run,
) -> None:
    assert run("rules", "--js").code == 2


def test_nothing_and_files_open_the_window_and_commands_do_not(tmp_path: Path) -> None:
    capture = tmp_path / "a.txt"
    capture.write_text("")
    assert asks_for_window([])
    assert asks_for_window([str(capture)])
    assert not asks_for_window(["decode", str(capture)])
    assert not asks_for_window(["--version"])


def test_without_qt_the_window_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("trackscope.gui.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("PySide6", "PySide6.QtCore", "PySide6.QtWidgets", "qasync"):
        monkeypatch.setitem(sys.modules, name, None)
    ran = run()
    assert ran.code == 2
    assert "pip install" in ran.err


def test_a_library_that_qt_misses_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        """Fails as the loader does where a system library is not installed."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "trackscope.gui.app":
                raise ImportError("libEGL.so.1: cannot open shared object", name="PySide6.QtGui")

    monkeypatch.delitem(sys.modules, "trackscope.gui.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    ran = run()
    assert ran.code == 2
    assert "libEGL.so.1" in ran.err


def test_a_control_character_in_a_message_does_not_reach_the_terminal(run: Run) -> None:
    ran = run("a\x1b[2J\u202eb")
    assert "\x1b" not in ran.err
    assert "\\u001b[2J\\u202eb" in ran.err
