"""The score of the HTTP Observatory, for every kind of answer as production gives it (CHECKS 21)."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.table import OK, TABLE, Row
from tests.access.test_every_address import address
from tests.access.world import PERSONAS, World
from tests.web.observatory import START, Score, Visit, score

HOST = "testserver"
ENOUGH = 100
GOOD = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OTHER_SITE = "https://elsewhere.example"


@pytest.fixture(autouse=True)
def as_in_production(settings) -> Iterator[None]:
    """What tests switch off so that they can run over HTTP."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    yield


def visited(client: Client, path: str) -> Score:
    """Visit an address over HTTP, then over HTTPS, as the Observatory does, and score what came."""
    over_http = client.get(path)
    answer = client.get(path, secure=True, headers={"origin": OTHER_SITE})
    leads = [over_http["Location"]] if over_http.status_code in {301, 302, 307, 308} else []
    return score(_visit(answer, leads))


def _visit(answer: HttpResponse, over_http: list[str]) -> Visit:
    body = b"".join(answer).decode(errors="replace")
    answer.close()
    return Visit(
        host=HOST,
        headers=dict(answer.items()),
        cookies=list(answer.cookies.values()),
        body=body,
        over_http=over_http,
        asked_from=OTHER_SITE,
    )


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_every_page_scores_a_hundred_or_more(
    row: Row, standing_world: World, browse: Callable[..., Client]
) -> None:
    """CHECKS 21: pages, forms, redirects and refusals, for a reader who may and one who may not."""
    reader = next((persona for persona, code in zip(PERSONAS, row.get, strict=True) if code == OK), "admin")
    scores = {
        persona: visited(browse(persona), address(row, standing_world))
        for persona in dict.fromkeys(("signed out", reader))
    }
    assert {persona: found for persona, found in scores.items() if found.total < ENOUGH} == {}


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/static/app.css", "/static/img/mark.svg", "/static/nothing.css", "/robots.txt"]
)
def test_what_is_no_page_of_ours_scores_as_much(path: str, db: None) -> None:
    """CHECKS 21: errors and static files too."""
    found = visited(Client(raise_request_exception=False), path)
    assert found.total >= ENOUGH, found


def test_health_may_be_asked_over_http_and_scores_as_much(db: None) -> None:
    """CHECKS 21: whoever watches the process may stand before the proxy; nothing else stays on HTTP."""
    found = visited(Client(), "/healthz/live")
    assert found.findings["redirection"] == ("stays on HTTP", -20)
    assert found.total - found.findings["redirection"][1] >= ENOUGH - 20
    secure = Client().get("/healthz/live", secure=True)
    assert score(_visit(secure, ["https://testserver/healthz/live"])).total >= ENOUGH


def cookie(text: str) -> list:
    """Return the cookies of a Set-Cookie header."""
    return list(SimpleCookie(text).values())


def test_a_site_that_does_everything_scores_above_a_hundred() -> None:
    visit = Visit(
        HOST,
        GOOD,
        cookies=cookie("session=a; Secure; HttpOnly; SameSite=Lax"),
        over_http=[f"https://{HOST}/"],
    )
    assert score(visit).total == START + 10 + 5 + 5 + 5 + 30


def test_a_site_that_does_nothing_scores_little() -> None:
    found = score(Visit(HOST, {}, cookies=cookie("session=a"), over_http=[]))
    assert found.total == 0
    assert {name: points for name, (_, points) in found.findings.items() if points} == {
        "content_security_policy": -25,
        "cookies": -40,
        "redirection": -20,
        "strict_transport": -20,
        "content_type_options": -5,
        "frame_options": -20,
    }


@pytest.mark.parametrize(
    ("header", "value", "rule", "points"),
    [
        ("Content-Security-Policy", None, "content_security_policy", -25),
        ("Content-Security-Policy", "nope", "content_security_policy", -25),
        ("Content-Security-Policy", "img-src a; img-src b", "content_security_policy", -25),
        ("Content-Security-Policy", "script-src 'self'", "content_security_policy", -20),
        ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'", "content_security_policy", -20),
        ("Content-Security-Policy", "default-src https:", "content_security_policy", -20),
        ("Content-Security-Policy", "default-src 'self'; font-src http://a", "content_security_policy", -20),
        ("Content-Security-Policy", "default-src 'self' 'unsafe-eval'", "content_security_policy", -10),
        ("Content-Security-Policy", "default-src 'self'; img-src http:", "content_security_policy", -10),
        (
            "Content-Security-Policy",
            "default-src 'self'; style-src 'unsafe-inline'",
            "content_security_policy",
            0,
        ),
        ("Content-Security-Policy", "default-src 'self'", "content_security_policy", 5),
        ("Content-Security-Policy", "default-src 'self'", "frame_options", -20),
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'nonce-a' 'unsafe-inline'",
            "content_security_policy",
            10,
        ),
        ("Strict-Transport-Security", None, "strict_transport", -20),
        ("Strict-Transport-Security", "includeSubDomains", "strict_transport", -20),
        ("Strict-Transport-Security", "max-age=9, max-age=9", "strict_transport", -20),
        ("Strict-Transport-Security", "max-age=600", "strict_transport", -10),
        ("Referrer-Policy", "unsafe-url", "referrer_policy", -5),
        ("Referrer-Policy", "whatever", "referrer_policy", -5),
        ("Referrer-Policy", "unsafe-url, no-referrer", "referrer_policy", 5),
        ("X-Content-Type-Options", None, "content_type_options", -5),
        ("Cross-Origin-Resource-Policy", "cross-origin", "resource_policy", 0),
        ("Cross-Origin-Resource-Policy", "anything", "resource_policy", -5),
        ("Cross-Origin-Embedder-Policy", "unsafe-none", "embedder_policy", 0),
        ("Cross-Origin-Opener-Policy", None, "opener_policy", 0),
        ("Access-Control-Allow-Origin", "*", "shared_resources", 0),
    ],
)
def test_each_header_counts_as_the_table_says(header: str, value: str | None, rule: str, points: int) -> None:
    headers = GOOD | ({} if value is None else {header: value})
    if value is None:
        headers = {name: text for name, text in GOOD.items() if name != header}
    assert score(Visit(HOST, headers)).findings[rule][1] == points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("session=a; Secure; HttpOnly; SameSite=Lax", 5),
        ("session=a; Secure; HttpOnly", 0),
        ("session=a; Secure; SameSite=Lax", -30),
        ("session=a; HttpOnly; SameSite=Lax", -10),
        ("other=a; SameSite=Lax", -5),
        ("csrf=a; Secure", -20),
        ("other=a; SameSite=None", -20),
    ],
)
def test_each_cookie_counts_as_the_table_says(text: str, points: int) -> None:
    assert score(Visit(HOST, GOOD, cookies=cookie(text))).findings["cookies"][1] == points


@pytest.mark.parametrize(
    ("steps", "points"),
    [
        (None, 0),
        ([f"https://{HOST}/"], 0),
        (["https://other.example/"], -5),
        ([f"http://www.{HOST}/", f"https://{HOST}/"], -10),
        ([f"http://{HOST}/a"], -20),
        ([], -20),
    ],
)
def test_each_way_from_http_counts_as_the_table_says(steps: list[str] | None, points: int) -> None:
    assert score(Visit(HOST, GOOD, over_http=steps)).findings["redirection"][1] == points


@pytest.mark.parametrize(
    ("tag", "points"),
    [
        ('<script src="/a.js"></script>', 0),
        ('<script src="/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="https://a.example/a.js"></script>', -5),
        ('<script src="//a.example/a.js" integrity="sha384-x"></script>', -20),
        ('<script src="http://a.example/a.js"></script>', -50),
    ],
)
def test_each_script_counts_as_the_table_says(tag: str, points: int) -> None:
    assert score(Visit(HOST, GOOD, body=tag)).findings["scripts"][1] == points


def test_anybodys_page_reading_ours_with_cookies_counts_most() -> None:
    headers = GOOD | {
        "Access-Control-Allow-Origin": OTHER_SITE,
        "Access-Control-Allow-Credentials": "true",
    }
    found = score(Visit(HOST, headers, asked_from=OTHER_SITE))
    assert (found.findings["shared_resources"][1], found.total) == (-50, START - 50)
