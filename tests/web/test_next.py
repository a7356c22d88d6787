"""Where `next` leads: to a page of ours, whatever is written in it and wherever it is taken (CHECKS 23)."""

import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.next_page import next_page
from tests.access.table import TABLE, Row
from tests.access.test_every_address import address
from tests.access.world import World
from tests.factories import accounts, factors

AWAY = "elsewhere.example"
PAYLOADS = {
    "another site": f"https://{AWAY}/",
    "another site in clear": f"http://{AWAY}/",
    "no scheme": f"//{AWAY}/",
    "three slashes": f"///{AWAY}/",
    "backslashes": f"\\\\{AWAY}/",
    "slash and backslash": f"/\\{AWAY}/",
    "backslash and slash": f"\\/{AWAY}/",
    "a scheme without slashes": f"https:{AWAY}/",
    "a scheme with one slash": f"https:/{AWAY}/",
    "a script": f"javascript:alert('{AWAY}')",
    "a script in capitals": f"JaVaScRiPt:alert('{AWAY}')",
    "a script after a tab": f"\tjavascript:alert('{AWAY}')",
    "a document": f"data:text/html,{AWAY}",
    "a frame of code": f"vbscript:{AWAY}",
    "a file": f"file:///{AWAY}",
    "a header of its own": f"/\r\nLocation: https://{AWAY}/",
    "a line in the middle": f"/\n/{AWAY}/",
    "a tab between slashes": f"/\t/{AWAY}/",
    "a space before": f" //{AWAY}/",
    "a NUL": f"\x00//{AWAY}/",
    "a NUL inside": f"/\x00/{AWAY}/",
    "wide slashes": f"\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}{AWAY}/",
    "slashes in code": f"%2f%2f{AWAY}/",
    "slashes twice in code": f"/%252f{AWAY}/",
    "our name as a user": f"https://testserver@{AWAY}/",
    "our name before a dot": f"https://testserver.{AWAY}/",
    "our name as a user and a port": f"https://testserver:443@{AWAY}/",
    "our name behind a hash": f"https://{AWAY}#testserver",
    "our name behind a question": f"//{AWAY}?testserver",
    "a bracket": f"//[{AWAY}/",
    "very long": f"https://{AWAY}/" + "a" * 9000,
    "a sign that is damaged": f"//{AWAY}/\N{REPLACEMENT CHARACTER}",
    "a reading direction": f"\N{RIGHT-TO-LEFT OVERRIDE}//{AWAY}/",
}
EVERY = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)


def leads_away(answer: HttpResponse) -> str:
    """Return where a browser would be led away from the product, or nothing."""
    location = answer.get("Location", "")
    # What browsers do with it first: drop tabs and lines, and read a backslash as a slash.
    read = re.sub(r"[\t\r\n\x00]", "", location.strip()).replace("\\", "/")
    parts = urlsplit(read if "[" not in read else "//odd")
    if parts.netloc not in {"", "testserver"} or parts.scheme not in {"", "http", "https"}:
        return location
    page = "" if answer.streaming else answer.content.decode(errors="replace")
    # An `action` or a link may carry the words inside its own query, never as where it leads.
    followed = re.findall(r'(?:href|action|src|formaction|hx-\w+)="([^"]*)"', page)
    return next((link for link in followed if AWAY in link.partition("?")[0]), "")


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_no_address_leads_away(row: Row, world: World, browse: Callable[..., Client]) -> None:
    """CHECKS 23: whether or not it takes `next`, in the query and in a form, for everybody."""
    to = address(row, world)
    names = ("next", "redirect_to", "return_to", "continue", "url")
    given = dict.fromkeys(names, PAYLOADS["no scheme"])
    for persona in ("signed out", "therapist"):
        asked = browse(persona).get(f"{to}?{urlencode(given)}")
        sent = browse(persona).post(f"{to}?{urlencode(given)}", given)
        assert (leads_away(asked), leads_away(sent)) == ("", ""), persona


@EVERY
def test_a_sign_in_with_both_factors_ends_on_a_page_of_ours(payload: str, db: None) -> None:
    """CHECKS 23: with the password, with the code, and where somebody is signed in already."""
    person = accounts.therapist()
    seed, _ = factors.app_of(person)
    browser = factors.with_password(person, next=payload)
    page = browser.get(f"{factors.CODE}?{urlencode({'next': payload})}")
    assert leads_away(page) == ""
    ended = browser.post(factors.CODE, {"code": factors.shown(seed), "next": payload})
    assert (ended.status_code, leads_away(ended)) == (302, "")
    assert browser.get(reverse("desk:home")).status_code == 200
    for to in (reverse("account_login"), factors.CODE):
        assert leads_away(browser.get(f"{to}?{urlencode({'next': payload})}")) == ""


@EVERY
def test_enrolling_and_proving_again_end_on_a_page_of_ours(payload: str, db: None) -> None:
    """CHECKS 23: sign in again, and the pages of a newcomer."""
    person = accounts.therapist()
    browser = Client()
    browser.force_login(person)
    for name in ("security:again", "security:choose", "security:add_app", "security:new_codes"):
        to = f"{reverse(name)}?{urlencode({'next': payload})}"
        assert leads_away(browser.get(to)) == ""
        assert leads_away(browser.post(to, {"next": payload})) == ""


@EVERY
def test_a_session_that_is_over_leads_to_sign_in_and_no_further(payload: str, db: None) -> None:
    """CHECKS 23: the page that was asked for is ours, with whatever stands behind it."""
    answer = Client().get(f"{reverse('clients:list')}?{urlencode({'next': payload, 'q': payload})}")
    assert leads_away(answer) == ""
    if payload == PAYLOADS["very long"]:
        # Twice in one address, it is longer than a redirect may be.
        assert answer.status_code == 400
    else:
        assert answer["Location"].startswith("/account/login/?next=/clients/%3F")


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@EVERY
def test_the_next_page_is_ours_or_the_usual_one(payload: str, secure: bool) -> None:
    for request in (
        RequestFactory().get("/", {"next": payload}, secure=secure),
        RequestFactory().post("/", {"next": payload}, secure=secure),
    ):
        found = next_page(request, "/usual/")
        assert found == "/usual/" or found == payload == PAYLOADS["slashes twice in code"]


def test_a_page_of_ours_is_gone_on_to() -> None:
    for page in ("/clients/", "/clients/?page=2", "/clients/find/#a"):
        assert next_page(RequestFactory().get("/", {"next": page}), "/usual/") == page


def test_https_does_not_go_on_to_http() -> None:
    for secure, found in ((True, "/usual/"), (False, "/usual/")):
        asked = RequestFactory().get("/", {"next": "http://testserver/clients/"}, secure=secure)
        assert next_page(asked, "/usual/") == found


@pytest.mark.parametrize(
    ("location", "page"),
    [
        (f"https://{AWAY}/", ""),
        (f"/\t/{AWAY}/", ""),
        (f"\\\\{AWAY}", ""),
        ("javascript:alert(1)", ""),
        ("", f'<a href="//{AWAY}/">'),
        ("", f'<form action="https://{AWAY}/">'),
    ],
)
def test_the_look_at_where_an_answer_leads_can_fail(location: str, page: str) -> None:
    answer = HttpResponse(page)
    answer.headers._store["location"] = ("Location", location)
    assert leads_away(answer)
