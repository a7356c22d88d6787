"""What gunicorn answers where no request comes of it: our headers, no trace, nothing of what was sent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from gunicorn.http import errors

from config import headers
from config.worker import NOTHING, status_of
from tests import databases
from tests.platform.test_demo import free_port

SECRET = b"Marisol-Vega"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Gunicorn as production starts it, without a database: these requests never come so far."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "tests-only-" + "k" * 50,
        "MASTER_KEYS": "first:" + "A" * 43 + "=",
        "DATABASE_URL": "postgresql://warm_handoff_app@127.0.0.1:1/warm_handoff",
        "ALLOWED_HOSTS": "handoff.example",
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        "STATIC_ROOT": str(databases.ROOT / "static"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
        cwd=databases.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    _until_it_answers(port, process)
    yield port, process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def _until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0].decode()
        try:
            if b" 200 " in ask(port, b"GET /healthz/live HTTP/1.1\r\n"):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn did not begin to answer")


def ask(port: int, request: bytes) -> bytes:
    """Send these bytes and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(request + b"Host: handoff.example\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: wire.recv(65536), b""))


MALFORMED = {
    "a version that nobody speaks": (b"GET /" + SECRET + b" HTTP/9.9\r\n", 400),
    "a method in small letters": (b"get /" + SECRET + b" HTTP/1.1\r\n", 400),
    "no request at all": (b"\x16\x03\x01" + SECRET + b"\r\n", 400),
    "a header's name with a space": (b"GET / HTTP/1.1\r\nX " + SECRET + b": a\r\n", 400),
    "a line beyond all measure": (b"GET /" + SECRET * 800 + b" HTTP/1.1\r\n", 414),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(150)), 431),
    "a length below nothing": (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400),
    "length and chunks": (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400),
    "something expected": (b"POST / HTTP/1.1\r\nExpect: " + SECRET + b"\r\n", 417),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_answered_in_a_sentence(
    name: str, server: tuple[int, subprocess.Popen[bytes]]
) -> None:
    """CHECKS 21 and 32: strict headers here too, and nothing repeated."""
    request, status = MALFORMED[name]
    head, _, body = ask(server[0], request).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    sent = dict(line.split(": ", 1) for line in lines)
    assert int(first.split(" ")[1]) == status
    wanted = headers.ALWAYS | {
        "Cache-Control": headers.NOT_KEPT,
        "Content-Security-Policy": NOTHING,
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
        "Content-Length": str(len(body)),
    }
    assert {key: sent.get(key) for key in wanted} == wanted
    assert SECRET not in head + body
    assert len(body) < 50


def test_the_log_names_the_kind_of_fault_and_nothing_that_was_sent(
    server: tuple[int, subprocess.Popen[bytes]],
) -> None:
    """CHECKS 37."""
    port, process = server
    for request, _ in MALFORMED.values():
        ask(port, request)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert b"a malformed request was refused: InvalidHTTPVersion" in said
    assert SECRET not in said
    assert b"Traceback" not in said


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (errors.InvalidHeader("a"), 400),
        (errors.InvalidResponseHeader("a"), 500),
        (errors.ConfigurationProblem("a"), 500),
        (RuntimeError(), 500),
    ],
)
def test_a_fault_of_ours_is_never_called_the_senders(fault: Exception, status: int) -> None:
    assert status_of(fault) == status
