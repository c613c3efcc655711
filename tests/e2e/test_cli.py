"""The command line as a person, a script and a shell use it: real processes, real sockets."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.wire.request import TrackRequest

pytestmark = pytest.mark.e2e

PROGRAM = [sys.executable, "-m", "trackscope"]
EVENT = {"event": "game", "properties": {"token": "e3bc4100330c35722740fb8c6f5abddc"}}
TIMEOUT_S = 30
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")


def program(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT_S,
    )


def data_of(event: Any) -> str:
    return quote(base64.b64encode(json.dumps(event).encode()), safe="")


class Listener:
    """A running `trackscope listen`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.first_line = process.stdout.readline()
        self.address = self.first_line.removeprefix("listening on ").strip()

    def get(self, target: str) -> str:
        parts = urlsplit(self.address)
        assert parts.hostname
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
        with closing(connection):
            connection.request("GET", target)
            return connection.getresponse().read().decode()

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, out, err


@contextmanager
def listening(history: Path, *arguments: str) -> Iterator[Listener]:
    command = [*PROGRAM, "listen", "--port", "0", "--history", str(history), *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield Listener(process)
        finally:
            if process.poll() is None:
                process.kill()


def test_listen_says_where_and_follow_prints_every_exchange(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--follow") as listener:
        assert listener.first_line == f"listening on http://127.0.0.1:{listener.address[17:]}\n"
        assert listener.get(f"/track/?ip=1&data={data_of(EVENT)}") == "1"
        good = listener.line()
        assert listener.get("/track/?data=xx") == "0"
        bad = listener.line()
        code, out, err = listener.end()
    assert (good["id"], good["origin"], good["verdict"]) == (1, "received", 1)
    assert good["events"] == [EVENT]
    assert good["params"] == {"ip": "1"}
    assert good["answer"]["body"] == "1"
    assert (bad["events"], bad["verdict"], bad["findings"][0]["severity"]) == (None, 0, "error")
    assert (code, out) == (0, "")
    assert "2 received: 1 answered 1, 1 answered 0" in err


def test_without_follow_only_the_address_is_printed(tmp_path: Path) -> None:
    with listening(tmp_path / "h") as listener:
        listener.get("/track/?data=xx")
        assert listener.end()[:2] == (0, "")


@POSIX
def test_ctrl_c_ends_listen_without_a_traceback(tmp_path: Path) -> None:
    with listening(tmp_path / "h") as listener:
        code, _, err = listener.end(signal.SIGINT)
    assert code == 0
    assert err == "trackscope: Stopped. 0 received: 0 answered 1, 0 answered 0.\n"


def test_a_child_ends_when_its_parent_lets_go_of_its_input(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--with-parent") as listener:
        assert listener.process.stdin is not None
        listener.process.stdin.close()
        assert listener.process.wait(TIMEOUT_S) == 0


def test_a_child_can_be_ended_while_its_parent_is_there(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--with-parent") as listener:
        listener.process.terminate()
        code = listener.process.wait(TIMEOUT_S)
        assert listener.process.stderr is not None
        assert (code, "Fatal" in listener.process.stderr.read()) == (0, False)


@POSIX
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
        "child.wait()\n"
    )
    command = [*PROGRAM, "listen", "--port", "0", "--history", str(tmp_path / "h"), "--with-parent"]
    with subprocess.Popen(
        [sys.executable, "-c", parent, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("listening on ")
        process.kill()
        # the pipe ends only when the child, which holds its other end too, is gone
        assert process.stdout.read() == ""


def test_a_taken_port_ends_with_2_and_offers_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = program("listen", "--port", str(port), "--history", str(tmp_path / "h"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"Port {port}" in ran.stderr
    assert "is free" in ran.stderr


@POSIX
def test_who_follows_may_leave(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--follow") as listener:
        assert listener.process.stdout is not None
        assert listener.process.stderr is not None
        listener.process.stdout.close()
        listener.get(f"/track/?data={data_of(EVENT)}")
        assert listener.process.wait(TIMEOUT_S) == 0
        assert "Traceback" not in listener.process.stderr.read()


@POSIX
def test_who_follows_may_stop_reading_and_the_collector_goes_on(tmp_path: Path) -> None:
    long_url = "/track/?data=" + "x" * 60_000  # ten of them fill any pipe
    with listening(tmp_path / "h", "--follow") as listener:
        assert [listener.get(long_url) for _ in range(10)] == ["0"] * 10
        listener.process.terminate()
        assert listener.process.wait(TIMEOUT_S) == 0


def test_what_was_received_can_be_exported_masked_or_whole(tmp_path: Path) -> None:
    token = EVENT["properties"]["token"]  # type: ignore[index]  # a dict by construction
    history = tmp_path / "h"
    with listening(history) as listener:
        listener.get(f"/track/?data={data_of(EVENT)}")
        listener.get("/track/?data=xx")
        listener.end()
    ran = program("export", str(history), "--format", "ndjson", "--origin", "received")
    first, second = map(json.loads, ran.stdout.splitlines())
    assert (ran.returncode, first["id"], second["id"]) == (0, 1, 2)
    assert first["events"][0]["properties"]["token"] == "e3bc…dc"
    assert token not in ran.stdout
    assert token in program("export", str(history), "--include-secrets").stdout
    assert len(program("export", str(history), "--where", "GAME").stdout.splitlines()) == 1
    assert program("export", str(history), "--origin", "sent").stdout == ""


@POSIX
@pytest.mark.parametrize("kind", ["ndjson", "csv", "har", "curl", "urls", "parquet"])
def test_an_export_ends_with_its_reader_and_says_that_a_disk_is_full(
    tmp_path: Path, kind: str
) -> None:
    history = tmp_path / "h"
    with closing(History.open(history)) as opened:
        url = f"http://h.io/track/?data={data_of(EVENT)}"
        exchange = Exchange(TrackRequest("GET", url), Origin.OPENED, 0)
        opened.append_many([exchange] * 3000)
    command = [*PROGRAM, "export", str(history), "--format", kind]
    if kind != "parquet":  # whose one row group goes out at once
        ran = subprocess.run(
            f"{' '.join(command)} | head -c 100; echo ${{PIPESTATUS[0]}}",
            shell=True,
            executable="/bin/bash",
            capture_output=True,
            check=False,
            timeout=TIMEOUT_S,
        )
        assert ran.stdout.endswith(b"141\n")
        assert ran.stderr == b""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    full = program(*command[len(PROGRAM) :], "--output", "/dev/full")
    assert full.returncode == 2
    assert full.stderr == (
        "trackscope: /dev/full cannot be written: No space left on device. Choose another place.\n"
    )


def test_send_to_a_listener_is_followed_by_it(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--follow", "--strict") as listener:
        options = ["--event", "game", "--token", "abc", "--to", listener.address]
        assert program("send", *options).returncode == 0
        assert listener.line()["events"][0]["event"] == "game"
        nested = base64.b64encode(json.dumps(EVENT).encode()).decode()
        refused = program("send", "--json", "-", "--to", listener.address, stdin=nested)
        assert refused.returncode == 1  # Base64 in Base64
        assert listener.line()["verdict"] == 0


@POSIX
def test_ctrl_c_while_an_answer_is_waited_for_ends_with_130() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen(
            [*PROGRAM, "send", "--event", "a", "--to", host], stderr=subprocess.PIPE, text=True
        ) as process:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, err) == (130, "")


def test_a_history_that_is_none_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "no-history").write_text("hello")
    for name in ("no-history", "missing"):
        ran = program("export", str(tmp_path / name))
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("trackscope: ")
    assert not (tmp_path / "missing").exists()


def test_encode_and_decode_are_each_other_s_inverse_through_a_pipe() -> None:
    text = json.dumps(EVENT)
    encoded = program("encode", "--url", stdin=text)
    decoded = program("decode", "-", stdin=encoded.stdout)
    assert (encoded.returncode, decoded.returncode) == (0, 0)
    assert json.loads(decoded.stdout)["events"] == [EVENT]


@POSIX
def test_a_reader_that_leaves_early_is_left_in_peace(tmp_path: Path) -> None:
    urls = tmp_path / "urls.txt"
    urls.write_text(f"http://h.io/track/?data={data_of(EVENT)}\n" * 2000)
    line = f"{' '.join(PROGRAM)} decode {urls} | head -1"
    ran = subprocess.run(line, shell=True, capture_output=True, check=False, timeout=TIMEOUT_S)
    assert ran.returncode == 0
    assert len(ran.stdout.splitlines()) == 1
    assert ran.stderr == b""


@POSIX
def test_a_full_disk_is_a_sentence() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [*PROGRAM, "rules"], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith("trackscope: ")
    assert "Traceback" not in ran.stderr


def test_the_version_costs_no_more_modules_than_it_needs() -> None:
    code = "import sys; from trackscope.__main__ import main; main(['--version']); "
    code += "print(sorted({'argparse', 'dataclasses', 're', 'asyncio'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_output_can_be_printed_where_only_ascii_can_be() -> None:
    ran = subprocess.run(
        [*PROGRAM, "decode", '{"event": "é", "properties": {}}'],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert ran.stdout.isascii()
    assert json.loads(ran.stdout)["events"][0]["event"] == "é"


@pytest.mark.parametrize(
    "content",
    [b"", b"\x7fELF\0\1\2", b"\xff\xfe", b"[" * 100_000, b'{"event": ' * 100_000],
    ids=["empty", "binary", "mark", "brackets", "objects"],
)
def test_bad_input_ends_with_a_sentence_or_a_finding(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "input"
    path.write_bytes(content)
    ran = program("decode", str(path))
    assert ran.returncode in (1, 2)
    assert "Traceback" not in ran.stderr
    assert ran.stderr or json.loads(ran.stdout)["findings"]


@pytest.mark.parametrize(
    ("letter", "sentence"), [(b"a", "longer than 4 MB"), (b"\0", "This is binary data")]
)
def test_what_is_too_large_is_refused_at_once(tmp_path: Path, letter: bytes, sentence: str) -> None:
    path = tmp_path / "large"
    path.write_bytes(letter * 50_000_000)
    ran = program("decode", str(path))
    assert ran.returncode == 2
    assert sentence in ran.stderr
