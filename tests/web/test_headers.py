"""The headers of every answer: strict, whole, and kept by no browser (CHECKS 21, 22)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as product
from django.core.management import call_command
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from config import headers
from tests.access.table import TABLE, Row
from tests.access.test_every_address import address
from tests.access.world import PERSONAS, World
from tests.factories import accounts

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

THREE = ("therapist", "provider", "admin")


def problems(answer: HttpResponse, secure: bool = True) -> list[str]:
    """Return what an answer's headers lack."""
    directives = dict(
        part.strip().split(" ", 1) for part in answer.get("Content-Security-Policy", "x y").split(";")
    )
    wanted = headers.ALWAYS | {"Cache-Control": headers.NOT_KEPT}
    if secure:
        wanted |= {"Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload"}
    found = [name for name, value in wanted.items() if answer.get(name) != value]
    found += ["Content-Security-Policy"] if directives != POLICY else []
    found += [name for name in ("Access-Control-Allow-Origin", "X-Powered-By") if name in answer]
    return found


def wrong(request: HttpRequest) -> HttpResponse:
    """Break, as no view should."""
    raise RuntimeError


def database_lost(request: HttpRequest) -> HttpResponse:
    """Lose the database while answering."""
    connection.close()
    raise OperationalError


urlpatterns = [path("wrong/", wrong), path("lost/", database_lost)]
handler404, handler500 = "config.errors.missing", "config.errors.broken"


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_every_address_sends_every_header_to_everybody(
    row: Row, world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 21 and 22: read or sent, shown or refused; nothing of it stays in a browser."""
    to = address(row, world)
    for persona in PERSONAS:
        client = browse(persona)
        for method in (client.get, client.post) if persona in THREE else (client.get,):
            answer = method(to, secure=True)
            assert problems(answer) == [], (persona, answer)


def test_a_form_without_its_token_sends_them(db: None) -> None:
    """CHECKS 21: Django's own refusal."""
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), secure=True)
    assert (answer.status_code, problems(answer)) == (403, [])


def test_an_unknown_host_gets_them(settings, db: None) -> None:
    """CHECKS 21 and 24: with and without the redirect to HTTPS, which asks for the host first."""
    for redirects in (True, False):
        settings.SECURE_SSL_REDIRECT = redirects
        client = Client(raise_request_exception=False, headers={"host": "elsewhere.example"})
        answer = client.get("/", secure=True)
        assert (answer.status_code, problems(answer)) == (400, [])
        if redirects:
            assert problems(client.get("/"), secure=False) == []


def test_the_redirect_to_https_sends_them(settings, db: None) -> None:
    """CHECKS 21: but for HSTS, which a browser may not take from HTTP."""
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/")
    assert problems(answer, secure=False) == []
    assert "Strict-Transport-Security" not in answer


def test_health_and_what_is_missing_send_them(db: None) -> None:
    """CHECKS 21: also below the static files."""
    for to, status in {
        "/healthz/live": 200,
        "/healthz/ready": 200,
        "/nowhere/": 404,
        "/static/no.css": 404,
    }.items():
        answer = Client().get(to, secure=True)
        assert (answer.status_code, problems(answer)) == (status, [])


@pytest.mark.urls("tests.web.test_headers")
@pytest.mark.parametrize(("to", "status"), [("/wrong/", 500), ("/lost/", 503)])
def test_what_breaks_sends_them_and_shows_no_trace(to: str, status: int, committed: object) -> None:
    """CHECKS 21 and 32."""
    answer = Client(raise_request_exception=False).get(to, {"debug": "1", "DEBUG": "True"}, secure=True)
    assert (answer.status_code, problems(answer)) == (status, [])
    page = answer.content.decode()
    assert not re.search(r"Traceback|RuntimeError|OperationalError|\.py\b|settings", page)


def test_a_body_too_large_gets_a_page_of_ours(db: None) -> None:
    """CHECKS 21 and 30."""
    too_large = {"login": "a" * (product.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    too_many = {f"field_{number}": "" for number in range(product.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    form = "application/x-www-form-urlencoded"
    for fields, status, says in ((too_large, 413, "too large to take"), (too_many, 400, "could not read")):
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        answer = Client().post(reverse("account_login"), body, content_type=form, secure=True)
        assert (answer.status_code, problems(answer)) == (status, [])
        assert says in answer.content.decode()


def test_a_file_of_any_size_is_not_taken_in(db: None) -> None:
    """CHECKS 21, 29 and 30: what says that it is too large is refused unread, wherever it is sent."""
    for to in (reverse("questionnaires:upload"), "/nowhere/", reverse("account_login")):
        for told, status in ((str(product.LARGEST_REQUEST + 1), 413), ("9" * 40, 413)):
            answer = Client().post(
                to, b"", content_type="multipart/form-data", CONTENT_LENGTH=told, secure=True
            )
            assert (answer.status_code, problems(answer)) == (status, [])
            assert "too large to take" in answer.content.decode()


def test_a_static_file_is_kept_as_long_as_its_name_says(settings, tmp_path: Path, db: None) -> None:
    """CHECKS 21 and 22: a name with a hash for good, one without for a minute."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = product.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = next(file.name for file in tmp_path.glob("app.*.css"))
    kept = {}
    for name in (hashed, "app.css"):
        answer = Client().get(f"/static/{name}", secure=True)
        answer.close()
        assert (answer.status_code, problems(answer)) == (200, ["Cache-Control"])
        kept[name] = answer["Cache-Control"]
    assert kept == {hashed: "max-age=315360000, public, immutable", "app.css": "max-age=60, public"}


def test_a_page_of_the_demonstration_has_no_hsts_but_all_the_rest(settings, db: None) -> None:
    """Loopback speaks HTTP: a browser that was told otherwise would not come back."""
    settings.SECURE_HSTS_SECONDS = 0
    answer = Client().get(reverse("account_login"))
    assert "Strict-Transport-Security" not in answer
    assert problems(answer, secure=False) == []


def test_a_form_over_https_comes_from_a_page_of_ours(db: None) -> None:
    """CHECKS 7: over HTTPS a token alone doesn't do; where the form stood must be known, and ours."""
    person = accounts.therapist()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    page = browser.get(reverse("clients:add"), secure=True).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    codes = {
        (name, where): browser.post(
            reverse("clients:add"), {"csrfmiddlewaretoken": token[1]}, secure=True, headers={name: where}
        ).status_code
        for name, where in [
            ("referer", "https://testserver/clients/add/"),
            ("origin", "https://testserver"),
            ("referer", "https://elsewhere.example/"),
            ("origin", "https://elsewhere.example"),
            # What `Referrer-Policy: no-referrer` would make browsers send.
            ("origin", "null"),
            ("x-nothing", "said"),
        ]
    }
    assert list(codes.values()) == [422, 422, 403, 403, 403, 403]


@pytest.mark.parametrize(
    ("name", "value", "lacks"),
    [
        ("Content-Security-Policy", "default-src 'self'", ["Content-Security-Policy"]),
        ("Cache-Control", "max-age=60", ["Cache-Control"]),
        ("X-Frame-Options", "SAMEORIGIN", ["X-Frame-Options"]),
        ("Access-Control-Allow-Origin", "*", ["Access-Control-Allow-Origin"]),
    ],
)
def test_the_look_at_headers_can_fail(name: str, value: str, lacks: list[str], db: None) -> None:
    answer = Client().get("/robots.txt", secure=True)
    answer[name] = value
    assert problems(answer) == lacks
