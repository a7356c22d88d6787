"""Recovery codes: shown once, kept as keyed hashes, each good for one sign-in."""

import re

import pytest
from django.test import Client

from accounts import actions, seals
from accounts.models import RecoveryCode, User
from privacy.models import Notice
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

SHOWN, TEXT, RENEW = (
    "/account/recovery-codes/",
    "/account/recovery-codes/text/",
    "/account/recovery-codes/renew/",
)


def shown_on(page: str) -> list[str]:
    return re.findall(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", page)


def give(person: User, code: str) -> int:
    return int(factors.with_password(person).post(factors.CODE, {"recovery_code": code}).status_code)


def test_each_code_lets_its_owner_in_once(lead: User) -> None:
    """CHECKS 13."""
    _, made = factors.app_of(lead)
    assert len(set(made)) == 10
    assert [give(lead, made[0]), give(lead, made[0])] == [302, 422]
    assert give(lead, made[1].lower().replace("-", " ")) == 302
    assert RecoveryCode.objects.filter(user=lead, used_at=None).count() == 8


def test_a_code_is_its_owners_alone(lead: User, colleague: User) -> None:
    _, made = factors.app_of(lead)
    factors.app_of(colleague)
    assert give(colleague, made[0]) == 422
    assert give(lead, made[0]) == 302


def test_a_used_code_is_told_to_its_owner(lead: User) -> None:
    """CHECKS 38: whoever stole one can't use it in silence."""
    _, made = factors.app_of(lead)
    Notice.objects.all().delete()
    give(lead, made[0])
    assert [notice.path for notice in Notice.objects.filter(recipient=lead.pk)] == ["/account/security/"]


def test_only_keyed_hashes_are_kept(lead: User) -> None:
    """CHECKS 20."""
    _, made = factors.app_of(lead)
    kept = set(RecoveryCode.objects.filter(user=lead).values_list("digest", flat=True))
    assert kept == {seals.digest(lead, code.replace("-", "")) for code in made}
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in kept)


def test_the_same_code_of_somebody_else_has_another_hash(lead: User, colleague: User, provider: User) -> None:
    """CHECKS 20: neither within an organization nor across two does a hash say that codes are equal."""
    digests = {seals.digest(person, "AAAAABBBBB") for person in (lead, colleague, provider)}
    assert len(digests) == 3


def test_new_codes_take_the_place_of_the_old_and_are_shown_until_they_are_kept(lead: User) -> None:
    _, old = factors.app_of(lead)
    browser = signed_in(lead)
    assert browser.get(RENEW).status_code == 200
    assert browser.post(RENEW).headers["Location"] == SHOWN
    new = shown_on(browser.get(SHOWN).content.decode())
    assert (len(new), set(new) & set(old)) == (10, set())
    text = browser.get(TEXT)
    assert shown_on(text.content.decode()) == new
    assert text.headers["Content-Disposition"] == 'attachment; filename="warm-handoff-recovery-codes.txt"'
    assert browser.post(SHOWN).headers["Location"] == "/"
    assert [browser.get(path).headers["Location"] for path in (SHOWN, TEXT)] == ["/account/security/"] * 2
    assert (give(lead, old[0]), give(lead, new[0])) == (422, 302)


def test_the_session_keeps_new_codes_sealed_while_it_shows_them(lead: User) -> None:
    """CHECKS 20."""
    browser = signed_in(lead)
    factors.app_of(lead)
    browser.post(RENEW)
    new = shown_on(browser.get(SHOWN).content.decode())
    kept = str(dict(browser.session.items()))
    assert [code for code in new if code in kept or code.replace("-", "") in kept] == []


def test_somebody_else_in_the_same_browser_sees_no_codes(lead: User, colleague: User) -> None:
    factors.app_of(lead)
    browser = signed_in(lead)
    browser.post(RENEW)
    browser.force_login(colleague)
    assert browser.get(SHOWN).headers["Location"] == "/account/security/"


def test_codes_open_nothing_once_the_factors_are_reset(lead: User, admin: User) -> None:
    _, made = factors.app_of(lead)
    people.in_context(None, actions.reset_second_factor, by=admin, user=lead, reason="lost")
    browser = factors.with_password(lead)
    assert browser.get("/").headers["Location"] == "/account/second-factor/choose/"
    assert browser.post(factors.CODE, {"recovery_code": made[0]}).status_code == 302
    assert browser.get("/account/profile/").status_code == 302


def test_signed_out_nobody_sees_any_of_it() -> None:
    assert [Client().get(path).status_code for path in (SHOWN, TEXT, RENEW)] == [302] * 3
