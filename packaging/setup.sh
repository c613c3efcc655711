#!/bin/sh
# Makes .venv hold the locked packages and the program itself. Quick when nothing has changed.
set -eu
cd "$(dirname "$0")/.."
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_DISABLE_PIP_VERSION_CHECK

locks=packaging/requirements/dev.txt
stamp=.venv/.set-up
# Moving the checkout breaks a virtual environment's scripts: the folder is part of the stamp.
wanted=$(pwd; cksum pyproject.toml "$locks" packaging/setup.sh)
if [ -x .venv/bin/trackscope ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

say() { printf '%s\n' "$*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    found=$(python3 --version 2>/dev/null || echo "no python3")
    say "Trackscope needs Python 3.11 or later; this system has $found."
    say "Install a later one, or name it: make setup PYTHON=/path/to/python3"
    exit 1
fi

# Debian splits venv's other half, ensurepip, into a package of its own.
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "$python has no venv: installing $package."
        apt-get update -qq >/dev/null || true
        DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$package" </dev/null >/dev/null || true
    fi
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        say "$python cannot make a virtual environment: its venv module is incomplete."
        say "On Debian and Ubuntu: sudo apt-get install $package (or python3-venv)"
        exit 1
    fi
fi

say "Setting up .venv with $("$python" --version)."
rm -f "$stamp"
if ! [ -x .venv/bin/python ] || ! is_new_enough .venv/bin/python \
    || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear .venv
fi
.venv/bin/python -m pip install -q --require-hashes -r "$locks"
.venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
printf '%s\n' "$wanted" >"$stamp"
say "Ready: .venv/bin/trackscope"
