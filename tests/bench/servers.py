"""The servers that are measured, each as a process of its own on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import children, cpu_s
from tests.bench.surroundings import ROOT, START_S, TRACKSCOPE, end, environment, free_port, need

NGINX_CONF = """\
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    default_type text/plain;
    client_max_body_size 20m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 200 "1"; }}
        location /verbose {{ return 200 '{{"status": 1, "error": null}}'; }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address and its first process."""

    address: str
    pid: int

    def cpu_s(self) -> float:
        """CPU seconds of all its processes so far."""
        return sum(map(cpu_s, [self.pid, *children(self.pid)]))


@contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """nginx with a constant answer: what a server costs that does nothing with a request."""
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(NGINX_CONF.format(folder=folder, port=port))
    command = [need("nginx"), "-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(conf)]
    with _running(command, folder, port) as server:
        yield server


@contextmanager
def bare_library(folder: Path) -> Iterator[Server]:
    """asyncio with httptools, and nothing behind it but the answer 1."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare_server", str(port)]
    with _running(command, folder, port) as server:
        yield server


@contextmanager
def collector(folder: Path, history: Path) -> Iterator[Server]:
    """`trackscope listen`, as a user starts it."""
    command = [TRACKSCOPE, "listen", "--port", "0", "--history", str(history)]
    process = subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        yield Server(said.removeprefix("listening on ").strip(), process.pid)
    finally:
        end(process)


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, env=environment(folder), cwd=ROOT)
    try:
        _wait_for(port)
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        end(process)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
