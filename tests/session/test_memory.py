"""What was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

HOLDS_AND_FREES = """
import ctypes
from pathlib import Path
from trackscope.session.memory import give_back

def resident_kb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

blocks = [ctypes.create_string_buffer(50_000) for _ in range(1_000)]
for block in blocks:
    block.raw = b"x" * 50_000
top = ctypes.create_string_buffer(50_000)
blocks.clear()
before = resident_kb()
give_back()
print(before - resident_kb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps what was freed")
def test_what_lies_below_something_in_use_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOLDS_AND_FREES], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 20_000
