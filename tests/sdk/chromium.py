"""A headless Chromium that is told over a pipe what to do (the DevTools protocol)."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SILENCE_S = 120.0
"""How long Chromium may say nothing while it is asked something."""

_OPTIONS = (
    "--headless",
    "--no-sandbox",  # which root, as in a container, cannot have; the pages are our own
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)


class Chromium:
    """One browser; every page has storage of its own. It blocks: call it in a thread."""

    @staticmethod
    def program() -> str | None:
        """Where Chromium is, or None."""
        names = ("chromium", "chromium-browser", "google-chrome")
        return next(filter(None, map(shutil.which, names)), None)

    def __init__(self, program: str, profile: Path) -> None:
        # Chromium reads orders from descriptor 3 and answers on 4
        pipes = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null'
        self._process = subprocess.Popen(
            ["sh", "-c", pipes, "sh", program, *_OPTIONS, f"--user-data-dir={profile}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout
        self._buffer = b""
        self._last_id = 0
        self._loaded: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError, EOFError, subprocess.TimeoutExpired):
            self.call("Browser.close")
            self._process.wait(SILENCE_S)
        self._process.kill()
        self._process.wait()
        self._orders.close()
        self._answers.close()

    def has_started(self) -> bool:
        """Whether there is a browser behind the program's name."""
        try:
            self.call("Browser.getVersion")
        except (OSError, EOFError):
            return False
        return True

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Give an order and come back with its result; RuntimeError where it is refused."""
        self._last_id += 1
        order: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if session:
            order["sessionId"] = session
        self._orders.write(json.dumps(order).encode() + b"\0")
        while (answer := self._next()).get("id") != self._last_id:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def wait_until_loaded(self, loader: str) -> None:
        while loader not in self._loaded:
            self._next()

    def open(self, url: str, before: str = "") -> Page:
        """A page in a storage of its own; `before` is run there before its own scripts."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = Page(self, context, target["targetId"], attached["sessionId"])
        page.call("Page.enable")
        page.call("Page.setLifecycleEventsEnabled", enabled=True)
        page.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        page.go_to(url)
        return page

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._answers], [], [], SILENCE_S)[0]:
                raise TimeoutError("Chromium does not answer")
            part = os.read(self._answers.fileno(), 65536)
            if not part:
                raise EOFError("Chromium has ended")
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if message.get("method") == "Page.lifecycleEvent" and message["params"]["name"] == "load":
            self._loaded.add(message["params"]["loaderId"])
        return message


class Page:
    """One page of the browser."""

    def __init__(self, chromium: Chromium, context: str, target: str, session: str) -> None:
        self._chromium, self._context = chromium, context
        self._target, self._session = target, session

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._chromium.call(method, self._session, **params)

    def go_to(self, url: str) -> None:
        """Leave what is shown, and come back once the next page is loaded."""
        loader = self.call("Page.navigate", url=url)["loaderId"]
        self._chromium.wait_until_loaded(loader)

    def run(self, script: str) -> Any:
        """The value of a script, or what it promises; RuntimeError where it throws."""
        ran = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in ran:
            raise RuntimeError(ran["exceptionDetails"])
        return ran["result"].get("value")

    def close(self) -> None:
        """Close it, as a visitor does: it may still say farewell."""
        self._chromium.call("Target.closeTarget", targetId=self._target)

    def forget(self) -> None:
        """Remove its storage, and the page itself at once where it is still open."""
        self._chromium.call("Target.disposeBrowserContext", browserContextId=self._context)
