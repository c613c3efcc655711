"""What the collector answers to a request it has judged, in the manner of the era."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from trackscope.wire.endpoint import asks_validation
from trackscope.wire.era import RuleBook
from trackscope.wire.error_text import FAILED, error_text, record_error
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import PIXEL, PNG_PIXEL, Reply, is_callback, redirect_target
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import Verdict, record_of

_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json"


def answer(
    request: TrackRequest, verdict: Verdict, book: RuleBook, failure: str | None = None
) -> Reply:
    """The answer of a rule book to a request it judged so.

    `failure` is why nothing was logged, whatever the verdict. Precedence: who imports without
    credentials is told 401, who sends what unpacks to too much 413; who asks for validation gets
    an answer by record; then redirect, img, callback, plain. `verbose` changes the value inside
    (decisions, "Answering"), and `test` that of a failure where the era has its own texts: the
    SDK's comment says so (wire-facts, §3).
    """
    if any(each.rule == "credentials.missing" for each in verdict.findings):
        return _coded(401, error="Invalid credentials")
    flaw = verdict.decoded.flaw
    if flaw is not None and flaw.rule == "data.size":
        return _reply(413, _TEXT, f"{flaw.message[:1].upper()}{flaw.message[1:]}.\n".encode())
    if book.era.validates and asks_validation(request, verdict.decoded.value("strict")):
        return _by_record(verdict, book, failure)
    value = 0 if failure else verdict.value
    reason = verdict.reason
    error = failure or (error_text(reason, book.era) if reason and not value else None)
    return answer_in_form(verdict.decoded.value, book, value, error)


def answer_in_form(
    parameter: Callable[[str], str | None], book: RuleBook, value: int, error: str | None = None
) -> Reply:
    """A 1 or 0 in the form that the parameters ask for: redirect, img, callback, plain.

    `parameter` gives the value of a name, that of the first where there are several.
    """
    is_honoured = "redirect.removed" not in book.severities or not book.is_strict
    target = redirect_target(parameter("redirect") or "") if is_honoured else None
    if target is not None:
        return Reply(302, (("Location", target), ("Content-Length", "0")))
    if parameter("img") == "1":
        kind, pixel = ("image/png", PNG_PIXEL) if book.era.has_png_pixel else ("image/gif", PIXEL)
        return _reply(200, kind, pixel, ("Cache-Control", "no-store"))
    callback = parameter("callback")
    if callback and not is_callback(callback):
        message = "callback is not a JavaScript function name. Nothing was logged.\n"
        return _reply(400, _TEXT, message.encode())
    is_verbose = parameter("verbose") == "1"
    if book.era.has_own_texts and not value:
        is_verbose = is_verbose or parameter("test") == "1"
    body = json.dumps({"status": value, "error": error}) if is_verbose else str(value)
    if callback:
        nosniff = ("X-Content-Type-Options", "nosniff")
        script = "text/javascript; charset=utf-8"
        return _reply(200, script, f"{callback}({body});".encode(), nosniff)
    return _reply(200, _JSON if is_verbose else _TEXT, body.encode())


def _by_record(verdict: Verdict, book: RuleBook, failure: str | None) -> Reply:
    """The answer to who asked for validation: which records failed, and why."""
    if failure:
        return _coded(500, error=failure, num_records_imported=0)
    if verdict.value:
        return _coded(200, num_records_imported=len(verdict.logged))
    failed = _failed_records(verdict)
    reason = verdict.reason
    is_whole = reason is not None and record_of(reason.at) is None
    return _coded(
        400,
        error=error_text(reason, book.era) if reason and is_whole else FAILED,
        failed_records=failed,
        num_records_imported=len(verdict.logged),
    )


def _failed_records(verdict: Verdict) -> list[dict[str, Any]]:
    """One row for each record that failed: its first error."""
    first: dict[int, Finding] = {}
    for finding in verdict.findings:
        index = record_of(finding.at)
        if index is not None and finding.severity is Severity.ERROR:
            first.setdefault(index, finding)
    records = verdict.decoded.events or ()
    return [
        _failed_record(index, first[index], records[index])
        for index in sorted(first)
        if index < len(records)
    ]


def _failed_record(index: int, finding: Finding, record: Any) -> dict[str, Any]:
    field, message = record_error(finding)
    properties = record.get("properties") if isinstance(record, dict) else None
    insert_id = properties.get("$insert_id") if isinstance(properties, dict) else None
    return {
        "index": index,
        "insert_id": insert_id if isinstance(insert_id, str) else "",
        "field": field,
        "message": message,
    }


def _coded(status: int, **more: Any) -> Reply:
    """An answer in JSON that repeats its status (OpenAPI, StrictReceived and its relatives)."""
    content = {"code": status, **more, "status": HTTPStatus(status).phrase}
    return _reply(status, _JSON, json.dumps(content).encode())


def _reply(status: int, content_type: str, body: bytes, *more: tuple[str, str]) -> Reply:
    headers = (("Content-Type", content_type), ("Content-Length", str(len(body))), *more)
    return Reply(status, headers, body)
