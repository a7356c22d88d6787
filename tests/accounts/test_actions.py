"""Every write to organizations and people: who may, what it leaves, and what it refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions
from accounts.models import Duty, Invitation, Kind, Organization, User
from privacy import context, keys
from privacy.models import ChainHead, DataKey, Entry
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def do(action: Callable[..., Any], **values: Any) -> Any:
    return people.in_context(None, action, **values)


def last_entry(organization: Organization) -> Entry:
    with context.enter(organization.pk):
        return Entry.objects.filter(chain=organization.pk).latest("number")


def invited(admin: User, **values: Any) -> actions.Invited:
    organization = values.pop("organization", None) or people.practice()
    values = {"email": "new@example.org", "name": "New Person", "duties": [Duty.LEAD]} | values
    result: actions.Invited = do(actions.invite, by=admin, organization=organization, **values)
    return result


def test_a_new_organization_has_a_key_and_a_chain_of_its_own(admin: User) -> None:
    made = do(
        actions.create_organization, by=admin, kind="practice", name="Harbor", time_zone="America/Los_Angeles"
    )
    assert DataKey.objects.filter(organization_id=made.pk).count() == 1
    assert keys.of(made.pk) is keys.of(made.pk)
    assert (ChainHead.objects.get(chain=made.pk).number, made.zone.key) == (0, "America/Los_Angeles")
    entry = last_entry(admin.organization)
    assert (entry.action, entry.by, entry.owner, entry.record) == (
        "organization.create",
        admin.pk,
        made.pk,
        made.pk,
    )


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"kind": "hospital"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
        {"phone": "1" * 41},
    ],
)
def test_an_organization_that_cannot_be_is_refused(admin: User, values: dict[str, Any]) -> None:
    right = {"kind": "practice", "name": "Harbor", "time_zone": "America/New_York"}
    before = Organization.objects.count()
    with pytest.raises(ValidationError):
        do(actions.create_organization, by=admin, **(right | values))
    assert (Organization.objects.count(), DataKey.objects.count()) == (before, before)


def test_there_is_one_network_operator(admin: User) -> None:
    with pytest.raises(ValidationError, match="there_is_one_network_operator"):
        do(actions.create_organization, by=None, kind="network", name="Second", time_zone="UTC")
    with pytest.raises(IntegrityError, match="there_is_one_network_operator"), transaction.atomic():
        Organization.objects.create(kind="network", name="Second")


def test_nobody_makes_a_practice_without_an_admin(db: None) -> None:
    with pytest.raises(PermissionDenied):
        do(actions.create_organization, by=None, kind="practice", name="Harbor", time_zone="UTC")


ADMINS_ACTIONS: list[Callable[[User, User], Any]] = [
    lambda by, other: actions.create_organization(by=by, kind="practice", name="X", time_zone="UTC"),
    lambda by, other: actions.create_user(
        by=by, organization=other.organization, email="x@example.org", name="X", password="x"
    ),
    lambda by, other: actions.invite(by=by, organization=other.organization, email="x@example.org", name="X"),
    lambda by, other: actions.disable_user(by=by, user=other),
    lambda by, other: actions.enable_user(by=by, user=other),
    lambda by, other: actions.disable_organization(by=by, organization=other.organization),
    lambda by, other: actions.enable_organization(by=by, organization=other.organization),
    lambda by, other: actions.set_duties(by=by, user=other, duties=[Duty.LEAD]),
]


@pytest.mark.parametrize("action", ADMINS_ACTIONS)
def test_only_the_networks_admins_look_after_people(
    lead: User, colleague: User, provider: User, action: Callable[[User, User], Any]
) -> None:
    """CHECKS 6: a lead, a colleague and a provider are refused alike, whoever it is about."""
    before = User.objects.count(), Organization.objects.count(), Invitation.objects.count()
    for by in (lead, colleague, provider):
        with pytest.raises(PermissionDenied), context.enter(by.organization_id):
            action(by, colleague)
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.duties, colleague.organization.is_active) == (True, [], True)
    assert (User.objects.count(), Organization.objects.count(), Invitation.objects.count()) == before


def test_an_invitation_keeps_a_hash_of_its_token_only(admin: User) -> None:
    made = invited(admin)
    stored = Invitation.objects.values().get()
    assert made.token not in str(stored)
    assert (len(made.token), stored["token_hash"]) == (43, actions.token_hash(made.token))
    assert stored["expires_at"] - stored["invited_at"] == timedelta(days=7)
    assert last_entry(admin.organization).action == "person.invite"


def test_whoever_accepts_belongs_to_the_organization_with_the_duties_offered(admin: User) -> None:
    made = invited(admin, email="New@Example.org")
    person = do(
        actions.accept_invitation, invitation=made.invitation, name="New Person", password=people.PASSWORD
    )
    person.refresh_from_db()
    assert (person.email, person.organization, person.duties) == (
        "new@example.org",
        made.invitation.organization,
        ["lead"],
    )
    assert person.check_password(people.PASSWORD)
    entry = last_entry(person.organization)
    assert (entry.action, entry.by, entry.organization) == ("person.join", person.pk, person.organization_id)


def test_an_invitation_works_once(admin: User) -> None:
    made = invited(admin)
    do(actions.accept_invitation, invitation=made.invitation, name="A", password=people.PASSWORD)
    with pytest.raises(ValidationError, match="no longer open"):
        do(actions.accept_invitation, invitation=made.invitation, name="B", password=people.PASSWORD)
    assert User.objects.filter(email="new@example.org").count() == 1


def expire(made: actions.Invited, admin: User) -> None:
    now = timezone.now()
    Invitation.objects.update(invited_at=now - timedelta(days=8), expires_at=now - timedelta(days=1))


def withdraw(made: actions.Invited, admin: User) -> None:
    do(actions.withdraw_invitation, by=admin, invitation=made.invitation)


def invite_again(made: actions.Invited, admin: User) -> None:
    invited(admin, organization=made.invitation.organization)


def disable_the_organization(made: actions.Invited, admin: User) -> None:
    do(actions.disable_organization, by=admin, organization=made.invitation.organization)


def take_the_address(made: actions.Invited, admin: User) -> None:
    people.therapist(email="new@example.org")


@pytest.mark.parametrize(
    "close", [expire, withdraw, invite_again, disable_the_organization, take_the_address]
)
def test_a_closed_invitation_lets_nobody_in(
    admin: User, close: Callable[[actions.Invited, User], None]
) -> None:
    made = invited(admin)
    close(made, admin)
    with pytest.raises(ValidationError, match="no longer open"):
        do(actions.accept_invitation, invitation=made.invitation, name="A", password=people.PASSWORD)
    assert User.objects.filter(organization=made.invitation.organization).count() == 0


def test_a_weak_password_is_refused_when_joining(admin: User) -> None:
    made = invited(admin)
    with pytest.raises(ValidationError, match="too short"):
        do(actions.accept_invitation, invitation=made.invitation, name="A", password="short")


def test_somebody_who_is_here_is_not_invited_again(admin: User, lead: User) -> None:
    with pytest.raises(ValidationError, match="is here already"):
        invited(admin, email=lead.email.upper())


def test_a_duty_exists_only_in_its_kind_of_organization(admin: User, lead: User, provider: User) -> None:
    allowed = {
        Kind.PRACTICE: {"lead", "supervisor"},
        Kind.PRESCRIBER: {"lead"},
        Kind.NETWORK: {"clinical_owner"},
    }
    for person in (lead, provider, admin):
        for duty in Duty:
            if duty in allowed[Kind(person.organization.kind)]:
                do(actions.set_duties, by=admin, user=person, duties=[duty])
                person.refresh_from_db()
                assert person.duties == [duty.value]
            else:
                with pytest.raises(ValidationError, match="does not exist"):
                    do(actions.set_duties, by=admin, user=person, duties=[duty])


def test_a_change_of_duties_says_what_they_were(admin: User, lead: User) -> None:
    do(actions.set_duties, by=admin, user=lead, duties=["supervisor"])
    assert last_entry(admin.organization).codes == {"before": ["lead"], "after": ["supervisor"]}


def test_disabling_is_undone_by_enabling_and_old_sessions_stay_ended(admin: User, lead: User) -> None:
    before = lead.session_generation
    for _ in range(2):
        do(actions.disable_user, by=admin, user=lead)
    lead.refresh_from_db()
    assert (lead.is_active, lead.session_generation) == (False, before + 1)
    do(actions.enable_user, by=admin, user=lead)
    lead.refresh_from_db()
    assert (lead.is_active, lead.session_generation) == (True, before + 1)


def test_an_admin_can_disable_neither_themselves_nor_the_network(admin: User) -> None:
    with pytest.raises(ValidationError):
        do(actions.disable_user, by=admin, user=admin)
    with pytest.raises(ValidationError):
        do(actions.disable_organization, by=admin, organization=admin.organization)


def test_a_supervisor_signs_for_people_of_the_same_practice_only(
    admin: User, lead: User, colleague: User
) -> None:
    supervisor = people.therapist(organization=lead.organization, duties=["supervisor"])
    elsewhere = people.therapist(duties=["supervisor"])
    disabled = people.therapist(organization=lead.organization, duties=["supervisor"], is_active=False)
    for wrong in (elsewhere, disabled, lead, colleague):
        with pytest.raises(ValidationError, match="supervisor of the same practice"):
            do(actions.set_supervisor, by=lead, user=colleague, supervisor=wrong)
    with pytest.raises(PermissionDenied):
        do(actions.set_supervisor, by=supervisor, user=colleague, supervisor=supervisor)
    with pytest.raises(PermissionDenied):
        do(actions.set_supervisor, by=elsewhere, user=colleague, supervisor=supervisor)
    do(actions.set_supervisor, by=lead, user=colleague, supervisor=supervisor)
    colleague.refresh_from_db()
    assert colleague.needs_signature_from == supervisor
    assert last_entry(lead.organization).codes == {"supervisor": str(supervisor.pk)}


def test_the_database_ties_a_supervisor_to_the_same_practice(lead: User) -> None:
    elsewhere = people.therapist()
    with pytest.raises(IntegrityError, match="same_organization"), transaction.atomic():
        User.objects.filter(pk=lead.pk).update(needs_signature_from=elsewhere)


def test_a_lead_changes_their_own_organization_only(lead: User, colleague: User, admin: User) -> None:
    settings = {
        "phone": "503 555 0100",
        "crisis_plan": "Call Rowan, then 988.",
        "time_zone": "America/Denver",
        "requires_signature": True,
        "part2_program": True,
    }
    for by in (colleague, admin):
        with pytest.raises(PermissionDenied):
            do(actions.change_practice_settings, by=by, **settings)
    do(actions.change_practice_settings, by=lead, **settings)
    lead.organization.refresh_from_db()
    assert {name: getattr(lead.organization, name) for name in settings} == settings
    assert last_entry(lead.organization).action == "organization.change_settings"


def test_a_prescriber_organization_never_requires_signatures(provider: User, admin: User) -> None:
    do(actions.set_duties, by=admin, user=provider, duties=["lead"])
    provider.refresh_from_db()
    do(
        actions.change_practice_settings,
        by=provider,
        phone="",
        crisis_plan="",
        time_zone="UTC",
        requires_signature=True,
        part2_program=False,
    )
    provider.organization.refresh_from_db()
    assert provider.organization.requires_signature is False


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"duties": ["janitor"]}, "duties_are_known_duties"),
        ({"email": "Upper@example.org"}, "an_email_is_stored_in_lower_case"),
        ({"name": ""}, "a_person_has_a_name"),
    ],
)
def test_the_database_refuses_people_that_cannot_be(
    lead: User, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        User.objects.filter(pk=lead.pk).update(**change)


def test_two_people_never_share_an_email(lead: User) -> None:
    with pytest.raises(ValidationError):
        people.therapist(email=lead.email.upper())


def test_people_see_their_colleagues_and_admins_see_everybody(
    admin: User, lead: User, colleague: User, provider: User
) -> None:
    assert set(User.objects.visible_to(lead)) == {lead, colleague}
    assert set(User.objects.visible_to(provider)) == {provider}
    assert set(User.objects.visible_to(admin)) == {admin, lead, colleague, provider}
    assert set(Organization.objects.visible_to(lead)) == {lead.organization}
    assert Organization.objects.visible_to(admin).count() == 3


def test_a_made_up_id_stays_what_it_is(admin: User) -> None:
    chosen = uuid4()
    made = do(actions.create_organization, by=admin, kind="practice", name="X", time_zone="UTC", id=chosen)
    assert made.pk == chosen
