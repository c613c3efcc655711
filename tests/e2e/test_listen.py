"""`trackscope listen` as a window, a test suite and a full disk meet it: real processes."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.e2e.test_cli import EVENT, POSIX, PROGRAM, TIMEOUT_S, data_of, listening, program

from trackscope.collector.change import Change, Standing, read_outcome, write_change
from trackscope.collector.faults import parse_faults
from trackscope.history.history import History

pytestmark = [pytest.mark.e2e, POSIX]

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
TRACK = f"/track/?data={data_of(EVENT)}"


def wanting(listener: Any, line: bytes) -> str:
    """Write a line to the child's standard input; the line that it answers."""
    listener.process.stdin.write(line.decode())
    listener.process.stdin.flush()
    return str(listener.process.stdout.readline()).rstrip("\n")


def test_the_window_changes_its_child_while_an_sdk_is_connected(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--with-parent") as listener:
        parts = urlsplit(listener.address)
        sdk = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        with closing(sdk):

            def status() -> int:
                sdk.request("GET", TRACK)
                answer = sdk.getresponse()
                answer.read()
                return answer.status

            assert status() == 200
            own_port = sdk.sock.getsockname()
            faults = parse_faults(["503 7 every 2", '0 event "Nev\u00e9r"'])
            said = wanting(listener, write_change(Change(1, strict=True, faults=faults)))
            outcome = read_outcome(said)
            assert outcome is not None
            assert (outcome.id, outcome.standing) == (1, Standing("2011", True, faults))
            assert [status(), status()] == [200, 503]
            outcome = read_outcome(wanting(listener, write_change(Change(2, faults=()))))
            assert outcome is not None
            assert outcome.standing == Standing("2011", True)
            assert [status(), status()] == [200, 200]
            assert sdk.sock.getsockname() == own_port


@pytest.mark.parametrize(
    "line", [b"nonsense\n", b"\n", b'{"id": 3, "port": 1}\n', b"[" * 200_000 + b"\n"]
)
def test_a_bad_line_is_answered_with_a_sentence_and_the_child_goes_on(
    tmp_path: Path, line: bytes
) -> None:
    with listening(tmp_path / "h", "--with-parent", "--follow") as listener:
        outcome = read_outcome(wanting(listener, line))
        assert outcome is not None
        assert outcome.standing is None
        assert outcome.error.endswith(".")
        assert listener.get(TRACK) == "1"
        assert listener.line()["verdict"] == 1
        assert read_outcome(wanting(listener, write_change(Change(4)))) is not None


def test_a_parent_that_does_not_read_the_answers_is_not_waited_for(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--with-parent") as listener:
        assert listener.process.stdin is not None
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(_write_much, listener.process.stdin)
            assert listener.get(TRACK) == "1"
            listener.process.terminate()
            assert listener.process.wait(TIMEOUT_S) == 0
            writing.result(TIMEOUT_S)
        with suppress(OSError):  # what was not read went with the child
            listener.process.stdin.close()


def _write_much(stdin: Any) -> None:
    with suppress(OSError):
        for _ in range(20_000):
            stdin.write(write_change(Change(1, strict=True)).decode())
        stdin.flush()


def test_ctrl_c_ends_with_a_tally_of_endpoints_duplicates_and_faults(tmp_path: Path) -> None:
    twice = {"event": "A", "properties": {"token": "t", "$insert_id": "x"}}
    profile = {"$token": "t", "$distinct_id": "ann", "$set": {"a": 1}}
    faults = ("--fault", "500 event Retried first 1", "--fault", "429 2 event Dropped")
    with listening(tmp_path / "h", *faults) as listener:
        for event in (twice, twice):
            listener.get(f"/track?data={data_of(event)}")
        listener.get(f"/engage/?data={data_of(profile)}")
        listener.get("/track?data=xx")
        for name in ("Retried", "Dropped", "Retried"):
            event = {"event": name, "properties": {"token": "t"}}
            listener.get(f"/track?data={data_of(event)}")
        listener.get("/decide/?verbose=1")
        code, out, err = listener.end(signal.SIGINT)
    assert (code, out) == (0, "")
    assert [line.removeprefix("trackscope: ") for line in err.splitlines()] == [
        "Stopped. 7 received: 4 answered 1, 1 answered 0, 2 answered neither.",
        "By endpoint: 6 × /track, 1 × /engage.",
        "Asked, and not counted as received: 1 × /decide.",
        "Duplicates: 1 with an $insert_id that was seen before.",
        "Faulty answers on demand: 1 × 500 event Retried first 1, 1 × 429 2 event Dropped.",
        "500 event Retried first 1 met 1 event: 1 retried.",
        "429 2 event Dropped met 1 event: 1 dropped.",
    ]


def test_a_config_file_says_it_all_and_options_win(tmp_path: Path) -> None:
    config = tmp_path / "listen.toml"
    config.write_text('port = 1\nstrict = true\nhistory = "run"\nfault = ["0 event game"]\n')
    with listening(tmp_path / "h", "--config", str(config), "--no-strict") as listener:
        assert listener.get(TRACK) == "0"
        raw = "/track?data=" + '{"event":"a","properties":{"token":"t"}}'.replace('"', "%22")
        assert listener.get(raw) == "1"
    config.write_text("prot = 1\n")
    ran = program("listen", "--config", str(config))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "there is no key prot. Did you mean port?" in ran.stderr


def test_the_control_port_is_told_on_a_second_line_with_its_token(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--control", "--follow") as listener:
        assert listener.process.stdout is not None
        line = listener.process.stdout.readline().strip()
        address, _, token = line.removeprefix("control on ").partition(" with token ")
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1"
        assert listener.get(TRACK) == "1"
        assert listener.line()["verdict"] == 1
        control = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
        with closing(control):
            control.request(
                "GET", "/expect?event=game", headers={"Authorization": f"Bearer {token}"}
            )
            found = json.loads(control.getresponse().read())
        assert [each["event"] for each in found["events"]] == ["game"]
        _, out, err = listener.end()
    assert token not in out + err


def test_a_control_port_that_is_taken_ends_with_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = program("listen", "--port", "0", "--history", str(tmp_path / "h"), "--control", port)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"Port {port}" in ran.stderr


@LINUX
def test_a_file_that_may_not_grow_is_answered_0_with_the_reason_until_it_may(
    tmp_path: Path,
) -> None:
    history = tmp_path / "h"
    with listening(history) as listener:
        pid = listener.process.pid
        assert listener.get(TRACK) == "1"
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        logged = 1 + _until_refused(listener)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        assert listener.get(TRACK) == "1"
        listener.end()
    assert _logged_count(history) == logged + 1


@LINUX
def test_a_full_disk_is_answered_0_with_the_reason_and_room_lets_it_go_on(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk") as disk:
        with listening(disk / "h") as listener:
            logged = _until_refused(listener)
            _remount(disk, "64m")
            assert listener.get(TRACK) == "1"
            listener.end()
        assert _logged_count(disk / "h") == logged + 1


def _until_refused(listener: Any) -> int:
    """Send until an event is not logged; how many were. The answer tells why."""
    for count in range(5_000):
        answer = json.loads(listener.get(f"{TRACK}&verbose=1&pad={'x' * 2000}"))
        if answer["status"] == 0:
            assert "could not be stored: The disk" in answer["error"]
            return count
    pytest.fail("it never ran out of room")


def _logged_count(history: Path) -> int:
    with closing(History.open_to_read(history)) as opened:
        return sum(exchange.verdict == 1 for exchange in opened.each())


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 1 MB, for who may mount one."""
    folder.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _remount(folder: Path, size: str) -> None:
    command = ["mount", "-o", f"remount,size={size}", str(folder)]
    subprocess.run(command, check=True)


def test_two_programs_record_into_one_history_and_every_1_is_there_once(tmp_path: Path) -> None:
    history = tmp_path / "h"
    with (
        listening(history) as first,
        listening(history) as second,
        ThreadPoolExecutor(8) as pool,
    ):
        answers = list(pool.map(lambda n: (first, second)[n % 2].get(TRACK), range(60)))
        assert answers == ["1"] * 60
        ends = [first.end(), second.end()]
        assert all("30 received: 30 answered 1" in err for _, _, err in ends)
    assert _logged_count(history) == 60


def test_a_history_that_another_keeps_to_itself_is_said_so_and_waited_for(tmp_path: Path) -> None:
    history = tmp_path / "h"
    with listening(history) as listener:
        assert listener.get(TRACK) == "1"
        with closing(sqlite3.connect(history, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            said = json.loads(listener.get(f"{TRACK}&verbose=1"))
            other.execute("ROLLBACK")
        assert said["status"] == 0
        assert "Another program has kept" in said["error"]
        assert listener.get(TRACK) == "1"


def test_a_newer_history_is_left_as_it_is_and_a_fresh_one_is_offered(tmp_path: Path) -> None:
    history = tmp_path / "h.trackscope"
    History.open(history).close()
    with closing(sqlite3.connect(history)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = history.read_bytes()
    ran = program("listen", "--port", "0", "--history", str(history))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "written by a later version" in ran.stderr
    assert ran.stderr.endswith(f"a fresh one with --history {tmp_path / 'h-fresh.trackscope'}\n")
    assert history.read_bytes() == before


def test_a_damaged_history_is_kept_offered_to_be_recovered_and_recovered(tmp_path: Path) -> None:
    history = tmp_path / "h.trackscope"
    with listening(history) as listener:
        assert listener.get(TRACK) == "1"
        listener.end()
    with history.open("r+b") as file:
        file.write(b"no database")
    damaged = history.read_bytes()
    ran = program("listen", "--port", "0", "--history", str(history))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "is damaged or not a history" in ran.stderr
    assert "With --recover it is set aside" in ran.stderr
    assert history.read_bytes() == damaged
    with listening(history, "--recover") as listener:
        assert listener.get(TRACK) == "1"
        _, _, err = listener.end()
    assert "was damaged and is now" in err
    [aside] = tmp_path.glob("h.trackscope.damaged-*")
    assert aside.read_bytes() == damaged


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_history_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    history = tmp_path / "h"
    History.open(history).close()
    history.chmod(0o400)
    ran = program("listen", "--port", "0", "--history", str(history))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"{history} cannot be written to." in ran.stderr


@LINUX
def test_an_attack_costs_bounded_memory_and_others_are_served(tmp_path: Path) -> None:
    with listening(tmp_path / "h") as listener:
        parts = urlsplit(listener.address)
        crowd = [
            socket.create_connection((parts.hostname or "", parts.port or 0)) for _ in range(400)
        ]
        try:
            for number, each in enumerate(crowd):
                each.setblocking(False)
                _attack(each, number)
            assert listener.get(TRACK) == "1"
        finally:
            for each in crowd:
                each.close()
        peak = Path(f"/proc/{listener.process.pid}/status").read_text()
        [line] = [line for line in peak.splitlines() if line.startswith("VmHWM")]
        # in kB: 256 heads of 1.1 MB and 128 MB of bodies may be held, and the program itself
        assert int(line.split()[1]) < 600_000
        assert listener.get(TRACK) == "1"


def _attack(victim: socket.socket, number: int) -> None:
    """Endless heads and bodies, pipelines that nobody reads, and silence, in turn."""
    endless_body = b"POST /track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"
    pipeline = b"GET /track?data=x HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20_000
    sent = (
        b"GET /track HTTP/1.1\r\nX: " + b"x" * 2_000_000,
        endless_body + b"x" * 4_000_000,
        pipeline,
        b"",
    )[number % 4]
    with suppress(OSError):
        while sent:
            sent = sent[victim.send(sent) :]


def test_the_help_tells_of_every_option() -> None:
    ran = subprocess.run([*PROGRAM, "listen", "--help"], capture_output=True, text=True, check=True)
    for option in ("--config", "--era", "--strict", "--fault", "--control", "--recover"):
        assert option in ran.stdout
