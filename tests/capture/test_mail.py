from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage
from io import BytesIO

import pytest
from tests.capture.seeds import SEEDS, URL

from trackscope.capture.detect import read_text
from trackscope.capture.found import Captured
from trackscope.capture.mail import MAIL, MAX_LEVELS
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

HTML = f'<p>Café</p><img src="{URL}">'


def _read(source: bytes) -> tuple[list[Captured], Report]:
    assert MAIL.is_it(source)
    report = Report()
    return list(MAIL.read(Stream(BytesIO(source)), report)), report


def _mail(content: EmailMessage) -> bytes:
    content["From"], content["To"], content["Subject"] = "a@b.example", "c@d.example", "Café"
    return bytes(content)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_encoded_parts_are_decoded(encoding: str, charset: str) -> None:
    message = EmailMessage()
    message.set_content(HTML, subtype="html", cte=encoding, charset=charset)
    [found], report = _read(_mail(message))
    assert found.request.url == URL
    assert found.position == "message 1, part 1, line 1"
    assert report.is_whole


def test_line_ends_of_the_network_change_nothing() -> None:
    found, _ = _read(SEEDS["mail"].replace(b"\n", b"\r\n"))
    assert [each.request.url for each in found] == [URL]


def test_a_link_in_both_parts_counts_once() -> None:
    message = EmailMessage()
    message.set_content(f"Open {URL}\nor {URL}&x=1\n")
    message.add_alternative(HTML, subtype="html")
    found, report = _read(_mail(message))
    assert [each.request.url for each in found] == [URL, f"{URL}&x=1"]
    assert [each.position[:17] for each in found] == ["message 1, part 1"] * 2
    assert report.passed_over == {"stands in another part of the mail too": 1}


def test_forwarded_mails_and_attached_texts_are_read_others_counted() -> None:
    inner = EmailMessage()
    inner.set_content(f"{URL}&inner=1")
    outer = EmailMessage()
    outer.set_content("see below")
    outer.add_attachment(inner)
    outer.add_attachment(f"{URL}&attached=1", filename="urls.txt")
    outer.add_attachment(b"\x89PNG", "image", "png")
    found, report = _read(_mail(outer))
    assert [each.request.url for each in found] == [f"{URL}&inner=1", f"{URL}&attached=1"]
    assert report.passed_over == {"an attachment of type image/png": 1}


def test_every_message_of_a_mailbox_is_read() -> None:
    one = f"From: a@b.c\nSubject: x\n\n{URL}\n"
    box = "".join(f"From a@b.c Mon Nov 23 10:00:00 2026\n{one}\n" for _ in range(3))
    found, _ = _read(box.encode())
    assert [each.position for each in found] == [f"message {n}, part 1, URL 1" for n in (1, 2, 3)]


@pytest.mark.parametrize("charset", ["no-such-charset", "punycode", "rot13", "zlib", "\udcff"])
def test_a_charset_that_is_none_is_read_as_any_text(charset: str) -> None:
    source = f"From: a@b.c\nTo: c\nContent-Type: text/plain; charset={charset}\n\n{URL}\n"
    [found], _ = _read(source.encode("utf-8", "surrogateescape"))
    assert found.request.url == URL


def test_base64_that_is_cut_is_read_as_far_as_it_goes() -> None:
    packed = base64.b64encode(f"{URL} and more".encode()).decode()[:-3]
    head = "From: a@b.c\nTo: c\nContent-Transfer-Encoding: base64\n\n"
    [found], report = _read(f"{head}{packed}".encode())
    assert found.request.url == URL
    assert "damaged Base64" in report.problems[0]


def test_parts_that_are_not_marked_off_are_read_as_a_whole() -> None:
    head = 'From: a@b.c\nTo: c\nContent-Type: multipart/mixed; boundary="x"\n\n'
    [found], report = _read(f"{head}{URL}".encode())
    assert found.request.url == URL
    assert not report.is_whole


def test_a_part_without_headers_is_text() -> None:
    head = "From: a@b.c\nTo: c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
    [found], _ = _read(f"{head}Note: {URL}\n--x--\n".encode())
    assert found.request.url == URL


def test_nesting_is_bounded_and_told() -> None:
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
        for level in range(MAX_LEVELS + 2)
    )
    _, report = _read(f"From: a@b.c\nSubject: x\n{parts}\n{URL}".encode())
    assert "nested deeper" in report.problems[0]


@pytest.mark.parametrize(
    "head",
    [b"", b"\n", b"From: a", b"From: a\nhello", b"POST / HTTP/1.1\nHost: h\nDate: x\n\n",
     b"Host: h\nContent-Type: x\n\n", b"To: be\nor not\nSubject: to be\n", SEEDS["html"]],
)  # fmt: skip
def test_other_texts_are_no_mail(head: bytes) -> None:
    assert not MAIL.is_it(head)


def test_soft_line_breaks_are_joined() -> None:
    body = quopri.encodestring(HTML.encode())
    head = (
        b"Subject: x\nTo: y\nContent-Type: text/html\nContent-Transfer-Encoding: Quoted-Printable"
    )
    [found], _ = _read(head + b"\n\n" + body)
    assert found.request.url == URL


@pytest.mark.parametrize("piece", ["Hello\n\nopen {} now", '<td><img src="{}" width="1"></td>'])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_piece_of_a_mail_s_source_is_decoded_without_its_headers(piece: str, ending: str) -> None:
    url = f"{URL}&redirect=http://h/a"
    source = quopri.encodestring(piece.format(url).encode()).decode().replace("\n", ending)
    found = read_text(source)
    assert (found.kind, [each.request.url for each in found.requests]) == ("mail", [url])
    assert found.requests[0].notes == ("quoted-printable decoded",)


@pytest.mark.parametrize(
    "text", [URL, f"{URL}%3D\n", "a=3Db\nc", f"x=3Dy=\n{URL}", "data=3D=\n&ip=1"]
)
def test_what_has_other_equals_signs_is_no_piece_of_a_mail(text: str) -> None:
    assert read_text(text).kind != "mail"
