"""Somebody's browser, in this process: it calls the WSGI application that a server would call."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

HOST = "bench.example"
BOUNDARY = "----------------a-browser-s-boundary"

Fields = Sequence[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()


@dataclass(slots=True)
class Browser:
    """A browser with its cookies, signed in as whom they belong to."""

    application: Application
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Callable[[], Answer]:
        """Make ready to fetch a page."""
        return self._ready("GET", path, b"", "")

    def post(self, path: str, fields: Fields) -> Callable[[], Answer]:
        """Make ready to send a form, as a button does."""
        body = urlencode(fields).encode()
        return self._ready("POST", path, body, "application/x-www-form-urlencoded")

    def send(self, path: str, fields: Fields) -> Callable[[], Answer]:
        """Make ready to send fields as a script does."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields
        ]
        body = "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
        return self._ready("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}")

    def keep_cookies(self, answer: Answer) -> None:
        """Keep the cookies that a page set."""
        for header, value in answer.headers:
            if header == "Set-Cookie":
                name, _equals, content = value.partition(";")[0].partition("=")
                self.cookies[name] = content

    def _ready(self, method: str, path: str, body: bytes, content_type: str) -> Callable[[], Answer]:
        place, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "203.0.113.7",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": HOST,
            "HTTP_ORIGIN": f"https://{HOST}",
            "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9",
            "HTTP_USER_AGENT": "Mozilla/5.0 (bench)",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        return lambda: self._call(environ)

    def _call(self, environ: dict[str, Any]) -> Answer:
        said: list[tuple[str, list[tuple[str, str]]]] = []
        response = self.application(environ, lambda status, headers: said.append((status, headers)))
        body = b"".join(response)
        response.close()
        status, headers = said[0]
        return Answer(int(status[:3]), headers, body)


def form_of(page: str, mark: str) -> list[tuple[str, str]]:
    """Return what the form whose tag holds the mark would send: the fields that are inputs."""
    found = re.search(rf"<form[^>]*{mark}.*?</form>", page, re.DOTALL)
    if found is None:
        raise ValueError(f"This page has no form with {mark}.")
    reader = _Form()
    reader.feed(found[0])
    return reader.fields


class _Form(HTMLParser):
    """Reads what a browser would send of a page's form without pressing a button."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag != "input" or "name" not in given or given.get("type") == "submit":
            return
        if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
            return
        self.fields.append((given["name"], given.get("value", "")))
