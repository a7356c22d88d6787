"""Under which names the product answers: its own, and no other however it is written (CHECKS 24)."""

import re
import socket
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIServer

import pytest
from django.core import mail
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application
from django.test import Client
from django.urls import reverse

from tests.factories import accounts

OWN = ("testserver", "TESTSERVER", "testserver:8443", "testserver.", "localhost", "127.0.0.1:80")
NOT_OWN = (
    "elsewhere.example",
    "testserver.elsewhere.example",
    "elsewhere.example#testserver",
    "elsewhere.example/testserver",
    "elsewhere.example\\testserver",
    "testserver@elsewhere.example",
    "somebody:secret@testserver",
    "testserver:80@elsewhere.example",
    "testserver elsewhere.example",
    "testserver,elsewhere.example",
    "testserver:port",
    "testserver:80:80",
    "test_server",
    "testserver\x00",
    "testserver\x0b",
    "[::ffff:203.0.113.7]",
    "[testserver]",
    "*",
    ".testserver",
    "t\N{CYRILLIC SMALL LETTER IE}stserver",
    "a" * 5000,
)


@pytest.mark.parametrize("host", OWN)
def test_the_products_own_names_are_answered(host: str, db: None) -> None:
    assert Client().get("/robots.txt", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", NOT_OWN)
def test_any_other_name_is_a_bad_request_that_repeats_nothing(host: str, db: None) -> None:
    """CHECKS 24: 400, on a page, a form and a file alike; no trace, no cookie."""
    client = Client(raise_request_exception=False)
    asked = [client.get("/", headers={"host": host}), client.post("/account/login/", headers={"host": host})]
    for answer in asked:
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "could not read that request" in page
        assert not re.search(r"elsewhere|Traceback|ALLOWED_HOSTS|DisallowedHost", page)
        assert answer.cookies == {}


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "X-Original-Host", "Forwarded"])
def test_a_name_that_a_proxy_claims_changes_nothing(name: str, db: None) -> None:
    """CHECKS 24 and 18: neither where a redirect leads nor the link in an e-mail."""
    person = accounts.therapist()
    claimed = {name: "host=elsewhere.example" if name == "Forwarded" else "elsewhere.example"}
    client = Client()
    asked = client.post(reverse("account_reset_password"), {"email": person.email}, headers=claimed)
    assert asked.status_code == 302
    for answer in (asked, client.get("/", headers=claimed)):
        assert "elsewhere" not in answer["Location"] + answer.content.decode()
    assert [message.body for message in mail.outbox if "elsewhere" in message.body] == []
    refused = Client(raise_request_exception=False).get(
        "/", headers={"host": "elsewhere.example", name: "testserver"}
    )
    assert refused.status_code == 400


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a request is no news here."""


@pytest.fixture
def served(committed: object) -> Iterator[WSGIServer]:
    """The product behind a real socket, for requests that no client library would send."""
    with ThreadedWSGIServer(("127.0.0.1", 0), _Quiet) as httpd:
        httpd.daemon_threads = False
        httpd.set_app(get_internal_wsgi_application())
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield httpd
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("line", "host", "status"),
    [
        ("GET http://elsewhere.example/robots.txt HTTP/1.1", "elsewhere.example", b"400"),
        ("GET http://testserver/robots.txt HTTP/1.1", "elsewhere.example", b"400"),
        ("GET //elsewhere.example/robots.txt HTTP/1.1", "testserver", b"404"),
        ("GET //elsewhere.example/clients HTTP/1.1", "testserver", b"404"),
        ("GET /\\elsewhere.example HTTP/1.1", "testserver", b"404"),
    ],
)
def test_a_request_line_that_names_another_site_leads_nowhere(
    line: str, host: str, status: bytes, served: WSGIServer
) -> None:
    """CHECKS 24: the address in the line is no way round the Host header, nor to another site."""
    with socket.create_connection(served.server_address, timeout=10) as wire:
        wire.sendall(f"{line}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert b"Location" not in head
    assert b"elsewhere" not in body


@pytest.mark.parametrize(
    "path", ["/\\elsewhere.example/clients", "/%5celsewhere.example", "/%2felsewhere.example"]
)
def test_no_slash_is_added_that_leads_to_another_site(path: str, db: None) -> None:
    """CHECKS 23: what is missing is missing, with or without a slash at its end."""
    assert Client().get(path).status_code == 404
