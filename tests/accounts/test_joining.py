"""Invitations: sent, shown once, accepted once, and silent about everything else."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, User
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def test_an_invitation_shows_its_link_once_and_sends_it(
    as_admin: Client, lead: User, django_capture_on_commit_callbacks: Any
) -> None:
    """CHECKS 18 and 38: the e-mail says nothing but the link and its day; the request's Host is not in it."""
    url = reverse("people:invite", args=[lead.organization_id])
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_admin.post(
            url, {"name": "New Person", "email": "New@Example.org", "duties": ["supervisor"]}
        )
    link = re.findall(r'value="(http://127\.0\.0\.1:8000/people/join/[^"]+)"', answer.content.decode())[0]
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert text.count("http") == 1
    assert link in text
    for word in ("New Person", lead.organization.name, "supervisor"):
        assert word not in text
    assert "no-store" in answer.headers["Cache-Control"]
    page = as_admin.get(reverse("people:organization", args=[lead.organization_id])).content.decode()
    assert "New Person" in page
    assert link not in page


def test_a_mail_server_that_is_away_leaves_the_link_on_the_page(
    as_admin: Client, lead: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.broken_mail.Backend"
    url = reverse("people:invite", args=[lead.organization_id])
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_admin.post(url, {"name": "New", "email": "new@example.org"})
    assert "/people/join/" in answer.content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "rowan@EXAMPLE.org"}, "E-mail: Somebody with this e-mail is here already."),
        ({"email": "no address"}, "E-mail: Enter a valid email address."),
        ({"email": "a\0@example.org"}, "E-mail: "),
        ({"email": "x" * 250 + "@example.org"}, "E-mail: "),
        ({"name": " "}, "Name: This field is required."),
        ({"duties": ["clinical_owner"]}, "Duties: Select a valid choice."),
    ],
)
def test_a_bad_invitation_is_refused_beside_the_field(
    as_admin: Client, lead: User, typed: dict[str, Any], sentence: str
) -> None:
    """CHECKS 30."""
    url = reverse("people:invite", args=[lead.organization_id])
    page = as_admin.post(url, {"name": "New", "email": "new@example.org"} | typed).content.decode()
    assert sentence in re.sub(r"<[^>]+>", "", page)
    assert Invitation.objects.count() == 0


def test_nobody_is_invited_to_a_disabled_organization(as_admin: Client, lead: User, admin: User) -> None:
    people.in_context(None, actions.disable_organization, by=admin, organization=lead.organization)
    url = reverse("people:invite", args=[lead.organization_id])
    assert as_admin.post(url, {"name": "New", "email": "new@example.org"}).status_code == 302
    assert Invitation.objects.count() == 0


JOINING = {
    "name": "New Person",
    "credentials": "LPC",
    "licence": "OR 123",
    "phone": "",
    "password": people.PASSWORD,
    "password_again": people.PASSWORD,
}


def test_the_invited_person_joins_and_goes_straight_to_a_second_factor(invitation: actions.Invited) -> None:
    browser, url = Client(), reverse("people:join", args=[invitation.token])
    page = browser.get(url)
    assert "new@example.org" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    more = {"email": "other@example.org", "organization": str(uuid4()), "duties": ["lead"], "is_active": ""}
    assert browser.post(url, JOINING | more).headers["Location"] == "/account/second-factor/choose/"
    made = User.objects.get(email="new@example.org")
    assert (made.organization, made.duties, made.is_active, made.credentials) == (
        invitation.invitation.organization,
        [],
        True,
        "LPC",
    )
    assert browser.get("/account/second-factor/choose/").status_code == 200
    assert browser.get("/account/profile/").headers["Location"].startswith("/account/second-factor/choose/")
    assert Client().get(url).status_code == 404
    assert Client().post(url, JOINING).status_code == 404


def test_every_link_that_opens_nothing_says_the_same(invitation: actions.Invited) -> None:
    """CHECKS 14."""
    expired = reverse("people:join", args=[invitation.token])
    now = timezone.now()
    Invitation.objects.update(invited_at=now - timedelta(days=9), expires_at=now - timedelta(days=2))
    pages = [
        Client().get(url)
        for url in (
            expired,
            "/people/join/never-existed/",
            "/people/join/%00/",
            f"/people/join/{'x' * 2000}/",
        )
    ]
    assert [page.status_code for page in pages] == [404] * 4
    assert len({page.content for page in pages}) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"name": "a\x07b"}, "Name: Remove the control characters"),
        ({"password": "short", "password_again": "short"}, "Password: This password is too short."),
        ({"password": "12345678901", "password_again": "12345678901"}, "Password: This password is"),
        (
            {"password": "new@example.org", "password_again": "new@example.org"},
            "too close to your name, your e-mail",
        ),
        ({"password_again": "different"}, "Password, once more: The two passwords differ"),
        ({"password": "p" * 201, "password_again": "p" * 201}, "Password: Use at most 200 characters."),
        ({"password": ""}, "Password: This field is required."),
    ],
)
def test_a_bad_form_of_joining_makes_nobody(
    invitation: actions.Invited, typed: dict[str, str], sentence: str
) -> None:
    """CHECKS 30: what was typed is kept, but for passwords."""
    url = reverse("people:join", args=[invitation.token])
    page = Client().post(url, JOINING | typed).content.decode()
    assert sentence.lower() in re.sub(r"<[^>]+>", "", page).lower()
    assert 'value="LPC"' in page
    assert people.PASSWORD not in page
    assert User.objects.filter(email="new@example.org").count() == 0


def test_somebody_who_is_signed_in_is_asked_to_sign_out_first(
    as_lead: Client, invitation: actions.Invited
) -> None:
    url = reverse("people:join", args=[invitation.token])
    for answer in (as_lead.get(url), as_lead.post(url, JOINING)):
        assert "You are signed in as somebody" in answer.content.decode()
    assert User.objects.filter(email="new@example.org").count() == 0


def test_an_invitation_is_withdrawn(as_admin: Client, invitation: actions.Invited) -> None:
    url = reverse("people:withdraw_invitation", args=[invitation.invitation.pk])
    for _ in range(2):
        assert as_admin.post(url).status_code == 302
    assert Client().get(reverse("people:join", args=[invitation.token])).status_code == 404
