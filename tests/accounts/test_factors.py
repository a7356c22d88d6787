"""One's factors: added, renamed, removed, reset; each asks for a fresh proof, is told and is logged."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import actions
from accounts.models import Factor, RecoveryCode, User
from privacy import context
from privacy.encryption import SealBroken
from privacy.models import Entry, Notice
from tests.accounts.conftest import signed_in
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

SECURITY, PROFILE = "/account/security/", "/account/profile/"


def passkey_of(person: User, name: str = "My key") -> Factor:
    """Take a passkey into use whose registration counts as verified; it never signs anything here."""
    with context.enter(person.organization_id):
        actions.add_passkey(by=person, credential={}, name=name)
    return Factor.objects.visible_to(person).get(name=name)


def logged(person: User, action: str) -> list[dict[str, Any]]:
    with context.enter(person.organization_id):
        rows = Entry.objects.filter(action=action).order_by("number")
        return [{"by": row.by, "of": row.record, **row.codes} for row in rows]


def grows_stale(browser: Client) -> Client:
    session = browser.session
    session["proved_at"] -= 301
    session.save()
    return browser


def test_the_page_names_ones_own_factors_and_the_codes_left(lead: User, colleague: User) -> None:
    factors.app_of(lead)
    passkey_of(lead, "Kitchen laptop")
    passkey_of(colleague, "Somebody else's key")
    page = signed_in(lead).get(SECURITY).content.decode()
    assert ("My phone" in page, "Kitchen laptop" in page, "You have 10 recovery codes left." in page) == (
        True,
        True,
        True,
    )
    assert "Somebody else" not in page


def test_a_factor_is_renamed_and_removed_by_its_owner(lead: User) -> None:
    factors.app_of(lead)
    key = passkey_of(lead)
    browser = signed_in(lead)
    base = f"/account/second-factor/{key.pk}/"
    assert browser.post(f"{base}rename/", {"name": "Old key"}).headers["Location"] == SECURITY
    assert Factor.objects.get(pk=key.pk).name == "Old key"
    assert browser.get(f"{base}remove/").status_code == 200
    assert browser.post(f"{base}remove/").headers["Location"] == SECURITY
    assert [factor.name for factor in Factor.objects.visible_to(lead)] == ["My phone"]
    assert logged(lead, "factor.removed") == [{"by": lead.pk, "of": lead.pk, "kind_of": "passkey"}]


def test_the_last_factor_stays(lead: User) -> None:
    factors.app_of(lead)
    only = Factor.objects.visible_to(lead).get()
    page = signed_in(lead).post(f"/account/second-factor/{only.pk}/remove/", follow=True)
    assert "This is your only second factor." in page.content.decode()
    assert Factor.objects.visible_to(lead).count() == 1


def test_somebody_elses_factor_is_not_there(lead: User, colleague: User) -> None:
    """CHECKS 2."""
    factors.app_of(lead)
    key = passkey_of(lead)
    for action in ("rename", "remove"):
        pages = [
            signed_in(colleague).post(f"/account/second-factor/{pk}/{action}/", {"name": "Mine"})
            for pk in (key.pk, uuid4())
        ]
        assert [page.status_code for page in pages] == [404, 404]
    assert Factor.objects.get(pk=key.pk).name == "My key"


@pytest.mark.parametrize("name", ["", "x" * 61, "a\0b", "\u202etxt"])
def test_a_name_that_can_not_be_stored_is_said_beside_the_field(lead: User, name: str) -> None:
    """CHECKS 30."""
    factors.app_of(lead)
    key = passkey_of(lead)
    answer = signed_in(lead).post(f"/account/second-factor/{key.pk}/rename/", {"name": name})
    assert (answer.status_code, "There is a problem" in answer.content.decode()) == (422, True)


def test_ten_passkeys_are_enough(lead: User) -> None:
    for number in range(10):
        passkey_of(lead, f"Key {number}")
    with pytest.raises(ValidationError, match="ten passkeys"):
        passkey_of(lead, "Key 10")


CHANGES = (
    "/account/second-factor/app/",
    "/account/second-factor/passkey/",
    "/account/recovery-codes/renew/",
    "/account/email/",
)


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_asks_for_a_fresh_proof_and_leads_back(lead: User, path: str) -> None:
    """CHECKS 19."""
    browser = grows_stale(signed_in(lead))
    led = browser.get(path).headers["Location"]
    assert led == f"/account/again/?next={path}"
    assert browser.post(led, {"again-password": "not the password"}).status_code == 422
    assert browser.get(path).status_code == 302
    assert browser.post(led, {"again-password": people.PASSWORD}).headers["Location"] == path
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("action", ["rename", "remove"])
def test_a_change_of_a_factor_asks_for_a_fresh_proof(lead: User, action: str) -> None:
    """CHECKS 19."""
    factors.app_of(lead)
    key = passkey_of(lead)
    browser = grows_stale(signed_in(lead))
    path = f"/account/second-factor/{key.pk}/{action}/"
    assert browser.get(path).headers["Location"] == f"/account/again/?next={path}"
    assert browser.post(path, {"name": "Renamed"}).status_code == 422
    assert Factor.objects.get(pk=key.pk).name == "My key"


def test_what_was_typed_goes_on_after_the_proof(lead: User) -> None:
    """CHECKS 19: a form that came too late is shown the question and loses nothing."""
    seed, _ = factors.app_of(lead)
    key = passkey_of(lead)
    browser = grows_stale(signed_in(lead))
    path = f"/account/second-factor/{key.pk}/rename/"
    asked = browser.post(path, {"name": 'Key of <Rowan> & "co"'})
    page = asked.content.decode()
    assert (asked.status_code, "What you typed is kept" in page) == (422, True)
    assert 'name="name" value="Key of &lt;Rowan&gt; &amp; &quot;co&quot;"' in page
    sent = {"name": 'Key of <Rowan> & "co"', "again-code": factors.shown(seed)}
    assert browser.post(path, sent).headers["Location"] == SECURITY
    assert Factor.objects.get(pk=key.pk).name == 'Key of <Rowan> & "co"'


def test_a_code_of_the_sign_in_proves_nothing_once_more(lead: User) -> None:
    """CHECKS 13."""
    seed, _ = factors.app_of(lead)
    browser = grows_stale(factors.with_both(lead, seed))
    answer = browser.post("/account/again/", {"again-code": factors.shown(seed)})
    assert answer.status_code == 422
    assert browser.post("/account/again/", {"again-code": factors.shown(seed, 1)}).status_code == 302


def test_an_empty_proof_is_none(lead: User) -> None:
    browser = grows_stale(signed_in(lead))
    answer = browser.post("/account/again/", {"again-asked": "1"})
    assert (answer.status_code, "Give one of the proofs" in answer.content.decode()) == (422, True)
    nobody = people.UserFactory(organization=people.practice(), password=None)
    assert grows_stale(signed_in(nobody)).post("/account/again/").status_code == 422


def test_an_admin_resets_and_the_person_enrolls_anew(lead: User, admin: User) -> None:
    seed, _ = factors.app_of(lead)
    theirs = factors.with_both(lead, seed)
    path = f"/people/persons/{lead.pk}/reset-second-factor/"
    browser = signed_in(admin)
    assert browser.post(path, {"reason": "made up"}).status_code == 422
    assert theirs.get(PROFILE).status_code == 200
    Notice.objects.all().delete()
    assert browser.post(path, {"reason": "lost"}).status_code == 302
    assert theirs.get(PROFILE).headers["Location"].startswith("/account/login/")
    assert (Factor.objects.visible_to(lead).count(), RecoveryCode.objects.filter(user=lead).count()) == (0, 0)
    assert factors.with_password(lead).get("/").headers["Location"] == "/account/second-factor/choose/"
    assert Notice.objects.get(recipient=lead.pk).kind == "security.changed"
    assert logged(admin, "factor.reset") == [{"by": admin.pk, "of": lead.pk, "reason": "lost"}]


def test_a_lead_resets_colleagues_and_nobody_else(lead: User, colleague: User, provider: User) -> None:
    browser = signed_in(lead)
    asked = {
        name: browser.post(f"/people/persons/{pk}/reset-second-factor/", {"reason": "lost"}).status_code
        for name, pk in {"colleague": colleague.pk, "themselves": lead.pk, "a stranger": provider.pk}.items()
    }
    assert asked == {"colleague": 302, "themselves": 403, "a stranger": 404}
    colleague.refresh_from_db()
    assert signed_in(colleague).get(f"/people/persons/{lead.pk}/reset-second-factor/").status_code == 403


def test_no_admin_resets_their_own(admin: User) -> None:
    with pytest.raises(PermissionDenied):
        people.in_context(None, actions.reset_second_factor, by=admin, user=admin, reason="lost")


def test_the_operators_command_lets_the_only_admin_enroll_anew(admin: User) -> None:
    factors.app_of(admin)
    call_command("reset_second_factor", "PRIYA@example.org")
    assert Factor.objects.visible_to(admin).count() == 0
    assert logged(admin, "factor.reset") == [{"by": None, "of": admin.pk, "reason": "locked_out"}]
    with pytest.raises(CommandError, match="Nobody signs in with this e-mail"):
        call_command("reset_second_factor", "nobody@example.org")


def test_a_seed_opens_for_its_owner_alone(lead: User, colleague: User) -> None:
    """CHECKS 20 and 33: copied to somebody else's row it opens nothing."""
    seed, _ = factors.app_of(lead)
    factors.app_of(colleague)
    own, other = (Factor.objects.visible_to(person).get().authenticator for person in (lead, colleague))
    assert seed not in str(own.data)
    other.data = own.data
    other.save()
    with pytest.raises(SealBroken), context.enter(colleague.organization_id):
        actions.spend_code(person=colleague, code=factors.shown(seed))
