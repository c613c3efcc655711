"""The preflight names the libraries that Qt misses, and the packages that hold them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import preflight

PREFLIGHT = Path(__file__).parent.parent / "packaging" / "preflight.py"
LISTING = """\
\tlinux-vdso.so.1 (0x00007ffd)
\tlibQt6XcbQpa.so.6 => /x/libQt6XcbQpa.so.6 (0x00007f2a)
\tlibxcb-cursor.so.0 => not found
\tlibxcb-icccm.so.4 => not found
\tlibc.so.6 => /lib/libc.so.6 (0x00007f29)
"""


def test_what_the_loader_does_not_find_is_missing() -> None:
    assert preflight.unfound(LISTING) == ["libxcb-cursor.so.0", "libxcb-icccm.so.4"]


def test_a_library_is_turned_into_the_package_that_holds_it() -> None:
    assert preflight.packages_for(["libxcb-cursor.so.0", "libEGL.so.1", "libunheard.so.3"]) == [
        "libegl1",
        "libxcb-cursor0",
    ]


def test_a_user_is_told_the_command_that_installs_what_is_missing() -> None:
    assert preflight.advice(["libEGL.so.1"], is_root=False, has_apt=True) == (
        "Qt cannot start: this system has no libEGL.so.1.",
        "Install with: sudo apt-get install libegl1",
    )


def test_root_is_told_so_without_sudo_and_what_no_package_is_known_for() -> None:
    what, step = preflight.advice(["libEGL.so.1", "libnew.so.2"], is_root=True, has_apt=True)
    assert what == "Qt cannot start: this system has no libEGL.so.1, libnew.so.2."
    assert step == "Install with: apt-get install libegl1 (and what holds libnew.so.2)"


def test_another_distribution_is_told_the_libraries() -> None:
    what, step = preflight.advice(["libEGL.so.1"], is_root=False, has_apt=False)
    assert "libEGL.so.1" in what
    assert step == "Install the packages of your distribution that hold these libraries."


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({}, None),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, "vnc"),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"}, "wayland"),
    ],
)
def test_the_platform_is_the_one_qt_would_take(
    environment: dict[str, str], platform: str | None
) -> None:
    assert preflight.platform_for(environment) == platform


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings all it needs")
def test_without_a_display_the_window_is_refused_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, PREFLIGHT, "window"], capture_output=True, text=True, check=False, env={}
    )
    assert done.returncode == 1
    assert done.stderr.startswith("There is no display to open a window on")


def test_a_system_that_runs_these_tests_has_what_they_need() -> None:
    pytest.importorskip("PySide6")
    files = preflight.qt_files("offscreen")
    assert "libqoffscreen.so" in {file.name for file in files} or sys.platform != "linux"
    assert preflight.missing_libraries(files) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's loader")
def test_a_file_whose_library_is_gone_is_found_out(tmp_path: Path) -> None:
    compiler = "/usr/bin/cc"
    if not Path(compiler).exists():
        pytest.skip("needs a C compiler")
    gone = tmp_path / "libgone.so.7"
    plugin = tmp_path / "plugin.so"
    (tmp_path / "empty.c").touch()
    build = [compiler, "-shared", "-Wl,--no-as-needed", str(tmp_path / "empty.c"), "-o"]
    subprocess.run([*build, str(gone), "-Wl,-soname,libgone.so.7"], check=True)
    subprocess.run([*build, str(plugin), str(gone)], check=True)
    gone.unlink()
    assert preflight.missing_libraries([plugin]) == ["libgone.so.7"]
