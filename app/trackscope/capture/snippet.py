"""A request as something to paste elsewhere: URL, curl, HTML, Python, JavaScript."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from trackscope.capture import curl
from trackscope.capture.found import SECRET_HEADERS, carried
from trackscope.capture.shell import bash_quoted, cmd_quoted
from trackscope.errors import UsageError
from trackscope.wire.request import TrackRequest, param

_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x1f\x7f]")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]")
_BREAKS_SCRIPT = re.compile(r"[<\u2028\u2029\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One form to copy a request as; `label` is for the menu."""

    id: str
    label: str
    write: Callable[[TrackRequest], str]
    why_not: Callable[[TrackRequest], str]
    note: Callable[[TrackRequest], str]


def copy_as(request: TrackRequest, form: str) -> str:
    """The request in the form of that id; pasted back, it is the same request.

    The same means method, URL, body, and the headers that belong to the request
    (`found.carried`): credentials and cookies are never copied. UsageError where `available`
    gives a reason.
    """
    snippet = _snippet(form)
    if reason := snippet.why_not(request):
        raise UsageError(f"This request cannot be copied as {snippet.label}: {reason}.")
    return snippet.write(request)


def available(request: TrackRequest, form: str) -> str:
    """Why the request cannot be copied in that form, as a clause; empty if it can."""
    return _snippet(form).why_not(request)


def note(request: TrackRequest, form: str) -> str:
    """What is good to know about this copy, as a sentence; empty if there is nothing."""
    secrets = [name for name, _ in request.headers if name.lower() in SECRET_HEADERS]
    if secrets:
        return f"{', '.join(secrets)} is left out: it is a secret."
    return _snippet(form).note(request)


def _snippet(form: str) -> Snippet:
    for snippet in SNIPPETS:
        if snippet.id == form:
            return snippet
    known = ", ".join(snippet.id for snippet in SNIPPETS)
    raise UsageError(f"There is no form {form!r} to copy as.", f"Use one of {known}.")


def _only_a_url(request: TrackRequest) -> str:
    if request.method != "GET":
        return f"it holds a URL alone, and this is a {request.method} request"
    if request.body:
        return "it holds a URL alone, and this request has a body"
    return _odd_url(request)


def _plain_url(request: TrackRequest) -> str:
    if reason := _only_a_url(request):
        return reason
    if "&amp;" in request.url:
        return "&amp; in a bare URL would be read as &"
    return ""


def _odd_url(request: TrackRequest) -> str:
    if not request.url[:8].lower().startswith(("http://", "https://")):
        return "its URL does not begin with http:// or https://"
    if _UNSAFE_IN_URL.search(request.url):
        return "its URL has a blank or a control character: percent-encode it first"
    return "" if _is_utf8(request.url) else "its URL is not UTF-8"


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _odd_request(request: TrackRequest) -> str:
    """What no client can send: such requests come from the wire."""
    for name, value in carried(request.headers)[0]:
        if not name or _NOT_A_NAME.search(name):
            return f"{name[:40]!r} is no name of a header"
        if value != value.strip() or any(mark in value for mark in "\r\n\0"):
            return f"the header {name} has blanks around it or line breaks in it"
        if not _is_utf8(value):
            return f"the header {name} is not UTF-8"
    if _NOT_A_NAME.search(request.method) or not request.method.isupper():
        return "its method is no word in capitals"
    return _odd_url(request)


def _not_in_bash(request: TrackRequest) -> str:
    if b"\0" in request.body:
        return "a shell's argument cannot hold the zero bytes of the body"
    return _odd_request(request)


def _not_in_cmd(request: TrackRequest) -> str:
    if b"\0" in request.body or b"\r" in request.body:
        return "Windows' cmd cannot hold the carriage returns or zero bytes of the body"
    if not _is_text(request.body):
        return "Windows' cmd cannot hold a body that is not UTF-8"
    return _odd_request(request)


def _not_in_fetch(request: TrackRequest) -> str:
    if request.body and request.method in ("GET", "HEAD"):
        return f"fetch sends no body with {request.method}"
    if request.method.upper() in ("CONNECT", "TRACE", "TRACK"):
        return f"fetch refuses the method {request.method}"
    names = [name.lower() for name, _ in carried(request.headers)[0]]
    if len(names) != len(set(names)):
        return "fetch sends a header once, and this request repeats one"
    return _odd_request(request)


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _html_pixel(request: TrackRequest) -> str:
    return f'<img src="{html.escape(request.url)}" width="1" height="1" alt="">'


def _redirect_link(request: TrackRequest) -> str:
    return f'<a href="{html.escape(request.url)}">Continue</a>'


def _jsonp(request: TrackRequest) -> str:
    return f'<script src="{html.escape(request.url)}"></script>'


def _python(request: TrackRequest) -> str:
    headers, _ = carried(request.headers)
    has_verb = request.method == ("POST" if request.body else "GET")
    lines = [] if has_verb else [repr(request.method)]
    lines.append(repr(request.url))
    if headers:
        lines.append(f"headers={_python_headers(headers)}")
    if request.body:
        body = request.body.decode("utf-8") if _is_text(request.body) else request.body
        lines.append(f"content={body!r}")
    name = request.method.lower() if has_verb else "request"
    inner = "".join(f"    {line},\n" for line in lines)
    return f"import httpx\n\nresponse = httpx.{name}(\n{inner})\nprint(response.text)\n"


def _python_headers(headers: tuple[tuple[str, str], ...]) -> str:
    names = {name.lower() for name, _ in headers}
    return repr(dict(headers) if len(names) == len(headers) else list(headers))


def _javascript(request: TrackRequest) -> str:
    headers, _ = carried(request.headers)
    options = [f"method: {_js(request.method)}"]
    if headers:
        members = ", ".join(f"{_js(name)}: {_js(value)}" for name, value in headers)
        options.append(f"headers: {{ {members} }}")
    if request.body:
        options.append(f"body: {_js_body(request)}")
    options += ['credentials: "omit"', 'redirect: "manual"']
    inner = "".join(f"  {option},\n" for option in options)
    return (
        f"const response = await fetch({_js(request.url)}, {{\n{inner}}});\n"
        "console.log(await response.text());\n"
    )


def _js(text: str) -> str:
    """A string literal that is safe within a page's script, too."""
    literal = json.dumps(text, ensure_ascii=False)
    return _BREAKS_SCRIPT.sub(lambda match: f"\\u{ord(match.group()):04x}", literal)


def _js_body(request: TrackRequest) -> str:
    if not _is_text(request.body):
        packed = base64.b64encode(request.body).decode("ascii")
        return f'Uint8Array.from(atob("{packed}"), (each) => each.charCodeAt(0))'
    literal = _js(request.body.decode("utf-8"))
    # fetch adds text/plain to a string that has no Content-Type, and nothing to bytes
    has_type = request.header("Content-Type") is not None
    return literal if has_type else f"new TextEncoder().encode({literal})"


def _no_note(_: TrackRequest) -> str:
    return ""


def _needs(name: str, without: str) -> Callable[[TrackRequest], str]:
    def note_of(request: TrackRequest) -> str:
        found = param(request, name)
        is_there = found is not None and found.value not in ("", "0")
        return "" if is_there else f"Without {name} {without}"

    return note_of


def _cmd_note(request: TrackRequest) -> str:
    if request.body.isascii() and request.url.isascii():
        return ""
    return "Older versions of curl for Windows garble characters beyond ASCII."


SNIPPETS = (
    Snippet("url", "URL", lambda request: request.url, _plain_url, _no_note),
    Snippet(
        "curl-bash",
        "curl (bash)",
        lambda request: curl.write(request, bash_quoted, " \\\n  "),
        _not_in_bash,
        _no_note,
    ),
    Snippet(
        "curl-windows",
        "curl (Windows)",
        lambda request: curl.write(request, cmd_quoted, " ^\n  "),
        _not_in_cmd,
        _cmd_note,
    ),
    Snippet(
        "html-pixel",
        "HTML pixel",
        _html_pixel,
        _only_a_url,
        _needs("img", "the server answers with text, not with an image: add img=1."),
    ),
    Snippet(
        "redirect-link",
        "Redirect link",
        _redirect_link,
        _only_a_url,
        _needs("redirect", "the link ends at the server's answer: add redirect=URL."),
    ),
    Snippet(
        "jsonp",
        "JSONP script tag",
        _jsonp,
        _only_a_url,
        _needs("callback", "the answer calls no function: add callback=NAME."),
    ),
    Snippet("python", "Python (httpx)", _python, _odd_request, _no_note),
    Snippet("javascript", "JavaScript (fetch)", _javascript, _not_in_fetch, _no_note),
)
"""Every form, in the order of the menu."""
