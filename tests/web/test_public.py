"""What anybody may read: whom to tell of a weakness, a word to search engines, the mark."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from config import public


def fields_of(text: str) -> dict[str, str]:
    """Return the lines of a security.txt, each of which may stand but once here."""
    lines = [line.split(": ", 1) for line in text.splitlines()]
    assert len({name for name, _ in lines}) == len(lines)
    return dict(lines)


def test_security_txt_says_whom_to_tell_and_never_lapses(settings, db: None) -> None:
    """RFC 9116: at its own address, as text, with a date to come and less than a year away."""
    settings.PUBLIC_ADDRESS = "https://handoff.example/"
    settings.SECURITY_POLICY = "https://handoff.example/policy"
    answer = Client().get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    found = fields_of(answer.content.decode())
    expires = datetime.strptime(found.pop("Expires"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)
    assert found == {
        "Contact": "mailto:security@handoff.example",
        "Preferred-Languages": "en",
        "Canonical": "https://handoff.example/.well-known/security.txt",
        "Policy": "https://handoff.example/policy",
    }


def test_security_txt_names_no_address_that_is_not_https_and_no_policy_that_is_not_there(
    settings, db
) -> None:
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    found = fields_of(Client().get(reverse("security_txt")).content.decode())
    assert found.keys() == {"Contact", "Expires", "Preferred-Languages"}


def test_without_a_contact_there_is_no_security_txt_and_the_deployment_check_says_so(settings, db) -> None:
    settings.SECURITY_CONTACT = []
    assert Client().get(reverse("security_txt")).status_code == 404
    assert [problem.id for problem in public.whom_to_tell()] == ["handoff.W001"]


@pytest.mark.parametrize(
    ("contact", "problems"),
    [
        ("mailto:security@handoff.example", []),
        ("https://handoff.example/tell", []),
        ("tel:+1-201-555-0123", []),
        ("security@handoff.example", ["handoff.E001"]),
        ("http://handoff.example/tell", ["handoff.E001"]),
        ("mailto:a@b.example\nExpires: never", ["handoff.E001"]),
    ],
)
def test_a_contact_that_nobody_could_use_is_refused(settings, contact: str, problems: list[str]) -> None:
    settings.SECURITY_CONTACT = [contact]
    assert [problem.id for problem in public.whom_to_tell()] == problems


def test_search_engines_are_asked_to_stay_away(db: None) -> None:
    assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_the_mark_is_found_under_the_name_that_browsers_ask_for(db: None) -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/img/mark.svg")
    assert finders.find("img/mark.svg")
