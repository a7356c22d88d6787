"""`manage.py demo`, really started: what it serves, what it keeps, what it refuses, and that it stops."""

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from config import local_postgres
from config.local_postgres.server import stop_leftover
from tests.databases import ROOT
from tests.platform.postgres import children_of, is_alive, wait_until

SECONDS_TO_START = 120


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Demo:
    """A running demonstration, and the cookies of its one visitor."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """Send one request and return status, body and headers; cookies are kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(form or {}), sent)
        answer = connection.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, body, answer.headers

    def sign_in_as(self, name: str) -> int:
        """Press the button that bears the name; return what that answers."""
        _, page, _ = self.ask("GET", "/account/login/")
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        form = next(form for form in forms if name in form)
        action = re.search(r'action="(/demo/[^"]+)"', form)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert action and token
        return self.ask("POST", action[1], {"csrfmiddlewaretoken": token[1]})[0]

    @property
    def postgres(self) -> int:
        """The number of the PostgreSQL process."""
        return int((self.data / "cluster/postmaster.pid").read_text().splitlines()[0])


def begin(data: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    """Start `manage.py demo` without any setting of the tests' own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port), "--data", str(data)],
        cwd=ROOT,
        env=kept | {"PYTHONUNBUFFERED": "1"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def until_it_serves(process: subprocess.Popen[str]) -> list[str]:
    """Return what it said up to the line that it serves."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip())
        if line.startswith("Serving on"):
            return said
    raise AssertionError("\n".join(said))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the module's one demonstration."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture
def demo(started: Demo) -> Demo:
    """The module's demonstration, as a visitor without cookies finds it."""
    started.cookies.clear()
    return started


@pytest.fixture(scope="module")
def started(data: Path) -> Iterator[Demo]:
    """A demonstration that has been started once before, interrupted, and started again."""
    first = begin(data, free_port())
    said = until_it_serves(first)
    assert any(line.startswith("Inventing people") for line in said)
    first.send_signal(signal.SIGINT)
    rest, _ = first.communicate(timeout=60)
    assert (first.returncode, rest.strip()) == (0, "Stopped. The data is kept; make demo goes on with it.")
    port = free_port()
    began = time.monotonic()
    again = begin(data, port)
    said = until_it_serves(again)
    assert time.monotonic() - began < 30
    assert not any(line.startswith("Inventing people") for line in said)
    demo = Demo(again, port, data)
    yield demo
    postgres = demo.postgres
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=60)
    assert again.returncode == 0
    assert not is_alive(postgres)


def test_it_says_that_it_lives_and_is_ready(demo: Demo) -> None:
    assert demo.ask("GET", "/healthz/live")[:2] == (200, "alive\n")
    assert demo.ask("GET", "/healthz/ready")[:2] == (200, "ready\n")


@pytest.mark.parametrize("name", ["Rowan Ellis", "Willa Chen", "Ines Calder", "Tomas Berg"])
def test_one_click_signs_in(demo: Demo, name: str) -> None:
    assert demo.sign_in_as(name) == 302
    status, page, headers = demo.ask("GET", "/")
    if status == 302:
        # A provider's home is the inbox.
        status, page, _ = demo.ask("GET", headers["Location"])
    assert status == 200
    assert name in page


def test_the_one_click_needs_a_token_of_the_page(demo: Demo) -> None:
    _, page, _ = demo.ask("GET", "/account/login/")
    action = re.search(r'action="(/demo/[^"]+)"', page)
    assert action
    assert demo.ask("POST", action[1], {})[0] == 403
    assert demo.ask("GET", action[1])[0] == 405


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"]
)
def test_what_came_through_a_proxy_is_refused(demo: Demo, header: str) -> None:
    for path in ("/", "/account/login/", "/healthz/live", "/static/app.css"):
        status, body, _ = demo.ask("GET", path, **{header.replace("-", "_"): "203.0.113.7"})
        assert (status, body) == (
            400,
            "The demonstration answers only this computer, and not through a proxy.",
        )


def test_another_host_name_is_refused(demo: Demo) -> None:
    assert demo.ask("GET", "/account/login/", Host="warm-handoff.example")[0] == 400


def test_it_listens_on_the_loopback_address_alone(demo: Demo) -> None:
    for family, address in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe, pytest.raises(OSError):
            probe.connect((address, demo.port))


def test_static_files_are_served_compressed_and_for_long(demo: Demo) -> None:
    _, page, _ = demo.ask("GET", "/account/login/")
    sheet = re.search(r'href="(/static/app\.[0-9a-f]+\.css)"', page)
    assert sheet
    status, _, headers = demo.ask("GET", sheet[1])
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_its_secrets_are_for_its_owner_alone(demo: Demo) -> None:
    assert stat.S_IMODE((demo.data / "secrets.json").stat().st_mode) == 0o600


def test_a_port_that_is_taken_is_said_in_a_sentence(demo: Demo, tmp_path: Path) -> None:
    process = begin(tmp_path / "data", demo.port)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {demo.port} can't be used" in said
    assert not (tmp_path / "data").exists()


def test_data_that_is_being_served_is_said_in_a_sentence(demo: Demo) -> None:
    process = begin(demo.data, free_port())
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "is being served already" in said
    assert demo.ask("GET", "/healthz/ready")[0] == 200


def test_a_database_that_is_not_marked_is_neither_filled_nor_served(tmp_path: Path) -> None:
    with local_postgres.running(tmp_path / "data") as server:
        process = begin(
            tmp_path / "demo",
            free_port(),
            DATABASE_URL=server.address(local_postgres.APP),
            OWNER_DATABASE_URL=server.address(local_postgres.OWNER),
        )
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "isn't marked as a demonstration's, so nothing is written to it" in said


def test_kill_9_ends_all_that_it_started(tmp_path: Path) -> None:
    process = begin(tmp_path / "data", free_port())
    until_it_serves(process)
    demo = Demo(process, 0, tmp_path / "data")
    children = children_of(process.pid)
    assert demo.postgres in children
    # PostgreSQL, the server and the worker.
    assert len(children) == 3
    process.kill()
    process.communicate()
    wait_until(lambda: not any(map(is_alive, children)))
    stop_leftover(tmp_path / "data")
