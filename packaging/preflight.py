"""Says, before Qt does, which system libraries its platform plugin misses, and how to get them.

    python packaging/preflight.py window     what a window on this display needs
    python packaging/preflight.py tests      what windows without a display need

Qt's own message names one package, often the wrong one. This looks at the files instead: the
loader is asked (`ldd`) what each of them cannot find. Standard library only; Linux only, since
elsewhere Qt brings all it needs. Ends with 0 (all there, or put there), or 1 with a sentence.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# Debian's and Ubuntu's package for each library that Qt takes from the system. Where a release
# has renamed one (libglib2.0-0t64), the old name still leads to it.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinput.so.0": "libxcb-xinput0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
}
MODULES = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg", "QtDBus")
LDD_TIMEOUT_S = 30


def main(arguments: list[str]) -> int:
    """Check for the use named by the one argument; returns the exit code."""
    if arguments not in (["window"], ["tests"]):
        print(__doc__, file=sys.stderr)
        return 2
    if not sys.platform.startswith("linux"):
        return 0
    platform = "offscreen" if arguments == ["tests"] else platform_for(os.environ)
    if platform is None:
        _say(
            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.",
            "Run this in a desktop session, or over ssh -X. The tests need none: make test",
        )
        return 1
    missing = missing_libraries(qt_files(platform))
    if missing and _can_install():
        missing = _install(missing, platform)
    if missing:
        _say(*advice(missing, is_root=os.geteuid() == 0, has_apt=bool(shutil.which("apt-get"))))
    return 1 if missing else 0


def platform_for(environment: Mapping[str, str]) -> str | None:
    """The Qt platform plugin that a window would be opened with; None if there is no display."""
    if chosen := environment.get("QT_QPA_PLATFORM"):
        return chosen.split(";")[0].split(":")[0]
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else None


def qt_files(platform: str) -> list[Path]:
    """The files of the installed PySide6 that must load for `platform`; none if not installed."""
    found = importlib.util.find_spec("PySide6")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent
    files = [folder / f"{module}.abi3.so" for module in MODULES]
    plugins = folder / "Qt" / "plugins"
    files += [plugins / "platforms" / f"libq{platform}.so", plugins / "imageformats" / "libqsvg.so"]
    return [file for file in files if file.exists()]


def missing_libraries(files: Iterable[Path]) -> list[str]:
    """The sonames that the loader does not find for `files`, sorted; none where it cannot tell."""
    ldd = shutil.which("ldd")
    if ldd is None:
        return []
    missing: set[str] = set()
    for file in files:
        listing = subprocess.run(
            [ldd, str(file)],
            capture_output=True,
            text=True,
            check=False,
            timeout=LDD_TIMEOUT_S,
            env={**os.environ, "LC_ALL": "C"},
        )
        missing.update(unfound(listing.stdout))
    return sorted(missing)


def unfound(listing: str) -> list[str]:
    """The sonames that a listing of `ldd` says are "not found"."""
    lines = (line.strip() for line in listing.splitlines())
    return [line.split(" => ")[0] for line in lines if line.endswith("=> not found")]


def packages_for(missing: Iterable[str]) -> list[str]:
    """The Debian packages that hold the `missing` sonames, those that are known, sorted."""
    return sorted({PACKAGES[name] for name in missing if name in PACKAGES})


def advice(missing: list[str], *, is_root: bool, has_apt: bool) -> tuple[str, str]:
    """What is missing, and what to do about it, as two sentences."""
    what = f"Qt cannot start: this system has no {', '.join(missing)}."
    packages = packages_for(missing)
    if not has_apt or not packages:
        return what, "Install the packages of your distribution that hold these libraries."
    sudo = "" if is_root else "sudo "
    rest = [name for name in missing if name not in PACKAGES]
    also = f" (and what holds {', '.join(rest)})" if rest else ""
    return what, f"Install with: {sudo}apt-get install {' '.join(packages)}{also}"


def _can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(missing: list[str], platform: str) -> list[str]:
    """Install what is missing without a question; returns what is still missing then."""
    # Installing one library can uncover that the next is missing: each round gets further.
    for _ in range(3):
        packages = packages_for(missing)
        if not packages:
            break
        _say(f"Qt misses {', '.join(missing)}: installing {' '.join(packages)}.")
        if not (_apt("install", *packages) or (_apt("update") and _apt("install", *packages))):
            break
        missing = missing_libraries(qt_files(platform))
    return missing


def _apt(action: str, *packages: str) -> bool:
    """Run one action of apt-get with no question asked; whether it succeeded."""
    options = ["-qq", "-y", "--no-install-recommends"] if packages else ["-qq"]
    done = subprocess.run(
        ["apt-get", action, *options, *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    return done.returncode == 0


def _say(*sentences: str) -> None:
    print(*sentences, sep="\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
