"""Serves the pages that load an SDK as a site would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_PAGE = "<!doctype html><title>A shop</title><body><script src='/{library}'></script>"


class _Handler(SimpleHTTPRequestHandler):
    """`/page?LIBRARY` is a page with that script; everything else a file of the folder.

    What it says on standard error is shown where a test fails.
    """

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        if target.path != "/page":
            super().do_GET()
            return
        body = _PAGE.format(library=target.query).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serve_pages(folder: Path) -> Iterator[str]:
    """Serve the folder's scripts on 127.0.0.1, and a page for each; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
