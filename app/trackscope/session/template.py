"""Events to begin with: what real instrumentations send most."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trackscope.session.draft import Document
from trackscope.session.generator import Generator, Kind
from trackscope.wire.editing import with_payload
from trackscope.wire.json_layout import indented
from trackscope.wire.json_text import dumps

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
"""A made-up token: the collector takes any, the service none of it."""


@dataclass(frozen=True, slots=True)
class Template:
    """A named event: its properties beside token, distinct_id and time, and its generators."""

    label: str
    event: str
    properties: tuple[tuple[str, object], ...]
    generators: tuple[tuple[str, Generator], ...] = ()


TEMPLATES = (
    Template(
        "Game played",
        "game",
        (("action", "play"), ("level", "7"), ("premium", "false")),
    ),
    Template(
        "Sign-up",
        "Signed Up",
        (("plan", "Pro"), ("referrer", "newsletter"), ("trial", True)),
        (("distinct_id", Generator(Kind.UUID)),),
    ),
    Template(
        "Page view",
        "Page Viewed",
        (("page", "/pricing"), ("title", "Pricing"), ("referrer", "https://www.example.com/")),
    ),
    Template(
        "Purchase",
        "Purchase",
        (
            ("amount", 119.98),
            ("currency", "EUR"),
            ("items", [{"sku": "A-1", "quantity": 2}, {"sku": "B-2", "quantity": 1}]),
            ("order_id", "1001"),
        ),
        (("order_id", Generator(Kind.COUNTER, "1001")),),
    ),
    Template(
        "E-mail opened",
        "Email Opened",
        (("campaign", "spring"), ("mp_name_tag", "amy@example.com")),
    ),
    Template(
        "Error",
        "Error Shown",
        (("message", "Payment refused"), ("code", 402), ("page", "/checkout")),
    ),
)


def payload_of(template: Template, now: float) -> str:
    """The template's event as indented JSON, its time set to `now`."""
    properties: dict[str, object] = {"token": TOKEN, "distinct_id": "user-42", "time": int(now)}
    properties |= dict(template.properties)
    return indented(dumps({"event": template.event, "properties": properties}))


def from_template(document: Document, template: Template, now: float) -> Document:
    """The document with the template's event as its only one; the parameters stay."""
    generators = (("time", Generator(Kind.NOW)), *template.generators)
    return replace(
        document,
        request=with_payload(document.request, payload_of(template, now)),
        generators=tuple((f"/0/properties/{name}", made) for name, made in generators),
    )
