"""The demonstration to be scanned: started, signed in to, walked through, and ended."""

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

HOST = "127.0.0.1"
SECONDS_TO_END = 60
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What ends the scan's own session, wherever the link stands.
ENDS_THE_SESSION = ("/account/logout/", "/account/sessions/")


class Stopped(Exception):
    """The demonstration can't be scanned; the text says why."""


@contextmanager
def demonstration(root: Path, out: Path) -> Iterator[int]:
    """Serve a demonstration of its own on a free port, and end it whatever happens."""
    port = _free_port()
    with (out / "demo.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port), "--data", str(out / "demo")],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # Ctrl-C reaches us alone: we end the demonstration when the scan has ended.
            start_new_session=True,
        )
        try:
            _wait_until_it_serves(process)
            yield port
        finally:
            _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_it_serves(process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        if line.startswith("Serving on"):
            return
    raise Stopped("The demonstration did not start: see build/scan/demo.log.")


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


class Visitor:
    """Somebody who reads the demonstration's pages with cookies of their own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def sign_in_as(self, name: str) -> None:
        """Press the sign-in page's button that bears the name."""
        _, page, _ = self.ask("GET", "/account/login/")
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        form = next((each for each in forms if name in unescape(each)), "")
        action = re.search(r'action="(/demo/[^"]+)"', form)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        if not (action and token):
            raise Stopped(f"The sign-in page has no button for {name}.")
        self.ask("POST", action[1], urlencode({"csrfmiddlewaretoken": token[1]}))
        if not self.is_signed_in():
            raise Stopped(f"{name} could not be signed in.")

    def is_signed_in(self) -> bool:
        """Say whether the session still stands: one's own details lead nowhere else."""
        return self.ask("GET", "/account/profile/")[0] == http.client.OK

    def walk(self) -> list[str]:
        """Return the addresses that can be reached from the home page, one of each kind."""
        waiting, found = deque(["/"]), dict.fromkeys(["/"])
        kinds = {"/"}
        while waiting:
            here = waiting.popleft()
            _, page, headers = self.ask("GET", here)
            for link in [*re.findall(r'href="([^"#]+)', page), headers.get("Location") or ""]:
                address = self.inside(here, unescape(link))
                kind = UUID.sub("*", address.partition("?")[0])
                if address and kind not in kinds:
                    kinds.add(kind)
                    found[address] = None
                    waiting.append(address)
        return list(found)

    def inside(self, here: str, link: str) -> str:
        """Return the link as a path of the product, or nothing if it leads elsewhere or ends the session."""
        base = f"http://{HOST}:{self.port}"
        parts = urlsplit(urljoin(base + here, link))
        if f"{parts.scheme}://{parts.netloc}" != base or parts.path.startswith(
            ("/static/", *ENDS_THE_SESSION)
        ):
            return ""
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def ask(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """Send a request and return status, page and headers; cookies are kept."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        headers = {"Cookie": self.cookie} if self.cookies else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, page, answer.headers

    @property
    def cookie(self) -> str:
        """Every cookie, as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
