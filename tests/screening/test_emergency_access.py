"""Emergency access: who opens what for whom, what can be done then, who is told, and that it ends."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from accounts.models import Organization, User
from privacy import context
from privacy.models import Entry, Notice
from referrals import actions as referral_actions
from referrals.workflow import Status
from screening import actions
from screening.models import Client, EmergencyAccess, EmergencyNotice
from tests.factories import accounts, referrals
from tests.factories import screening as screenings
from tests.screening.conftest import signed_in

pytestmark = pytest.mark.django_db

HOURS = timedelta(hours=8)


@pytest.fixture
def lead(rowan: User) -> User:
    return accounts.therapist(organization=rowan.organization, name="Avery Stone", duties=["lead"])


def opened(lead: User, client: Client, user: User, **values: Any) -> EmergencyAccess:
    return accounts.in_context(
        lead.organization_id,
        actions.open_emergency_access,
        by=lead,
        client=client,
        user=user,
        **{"reason": "The client is at the hospital’s desk.", **values},
    )


def entries(person: User, **values: Any) -> list[Entry]:
    with context.enter(person.organization_id):
        return list(Entry.objects.filter(**values).order_by("number"))


def page(person: User, name: str, *args: object) -> int:
    return signed_in(person).get(reverse(name, args=args)).status_code


def test_a_lead_opens_a_colleagues_client_for_a_person(
    rowan: User, willa: User, lead: User, client_record: Client
) -> None:
    url = reverse("clients:open_emergency_access", args=[client_record.pk])
    window = signed_in(lead)
    shown = window.get(url)
    assert shown.status_code == 200
    said = {"user": str(willa.pk), "reason": "Calls from the emergency room.", "form_key": str(uuid4())}
    answer = window.post(url, said)
    assert (answer.status_code, answer.url) == (302, reverse("clients:emergency"))
    again = window.post(url, said)
    assert again.status_code == 302
    with context.enter(rowan.organization_id):
        access = EmergencyAccess.objects.get()
        assert (access.by_id, access.user_id, access.client_id) == (lead.pk, willa.pk, client_record.pk)
        assert access.ends_at - access.at == HOURS
        assert access.reason == "Calls from the emergency room."
        told = set(EmergencyNotice.objects.values_list("user_id", flat=True))
    assert told == {rowan.pk, willa.pk}
    links = set(Notice.objects.values_list("recipient", "kind", "path"))
    own_page = reverse("clients:show", args=[client_record.pk])
    leads = User.objects.filter(organization=rowan.organization, duties__contains=["lead"])
    assert links == {(person, "emergency.opened", own_page) for person in (rowan.pk, willa.pk)} | {
        (each.pk, "emergency.opened", reverse("clients:emergency")) for each in leads
    }
    [entry] = entries(rowan, action="emergency.opened")
    assert (entry.by, entry.client, entry.record) == (lead.pk, client_record.pk, access.pk)
    assert entry.codes == {"hours": 8, "person": str(willa.pk)}
    assert page(willa, "clients:show", client_record.pk) == 200
    assert page(lead, "clients:show", client_record.pk) == 404


def test_a_lead_proves_themselves_again_first(lead: User, client_record: Client) -> None:
    window = signed_in(lead)
    session = window.session
    session["proved_at"] = 0
    session.save()
    answer = window.get(reverse("clients:open_emergency_access", args=[client_record.pk]))
    assert answer.status_code == 302
    assert "/account/again/" in answer.url


def test_bad_input_is_said_beside_the_field_and_kept(lead: User, willa: User, client_record: Client) -> None:
    """CHECKS 30."""
    url = reverse("clients:open_emergency_access", args=[client_record.pk])
    window = signed_in(lead)
    for user, reason, field in (
        (str(willa.pk), "", "reason"),
        (str(willa.pk), "a\0b", "reason"),
        (str(willa.pk), "x" * 1001, "reason"),
        ("", "Words.", "user"),
        ("nobody", "Words.", "user"),
        (str(accounts.therapist().pk), "Words.", "user"),
        (str(accounts.provider().pk), "Words.", "user"),
    ):
        answer = window.post(url, {"user": user, "reason": reason, "form_key": str(uuid4())})
        assert answer.status_code == 422, (user, reason)
        assert field in answer.context["form"].errors
    assert _accesses(lead) == 0


def test_whoever_looks_after_the_client_needs_none_and_one_at_a_time_lasts(
    rowan: User, lead: User, willa: User, client_record: Client
) -> None:
    with pytest.raises(actions.NotPossible, match="looks after"):
        opened(lead, client_record, rowan)
    opened(lead, client_record, willa)
    with pytest.raises(actions.NotPossible, match="already"):
        opened(lead, client_record, willa)
    with pytest.raises(actions.NotPossible, match="why"):
        opened(lead, client_record, lead, reason="  ")
    assert _accesses(lead) == 1


def test_only_a_lead_of_the_clients_own_practice_opens(
    rowan: User, willa: User, nadia: User, provider: User, admin: User, client_record: Client
) -> None:
    """CHECKS 2 and 4."""
    elsewhere = accounts.therapist(duties=["lead"])
    clinic = accounts.provider(duties=["lead"])
    url = reverse("clients:open_emergency_access", args=[client_record.pk])
    said = {"user": str(willa.pk), "reason": "Words.", "form_key": str(uuid4())}
    for person, code in (
        (rowan, 403),
        (willa, 403),
        (nadia, 403),
        (provider, 403),
        (clinic, 403),
        (admin, 403),
        (elsewhere, 404),
    ):
        window = signed_in(person)
        assert (window.get(url).status_code, window.post(url, said).status_code) == (code, code)
        with pytest.raises(PermissionDenied):
            opened(person, client_record, willa)
    assert _accesses(rowan) == 0


def _accesses(person: User) -> int:
    with context.enter(person.organization_id):
        return EmergencyAccess.objects.count()


def test_the_client_is_found_by_exact_name_or_number_over_the_practice(
    rowan: User, lead: User, client_record: Client
) -> None:
    screenings.client_of(accounts.therapist(), record_number="HC-1")
    url = reverse("clients:find_in_emergency")
    window = signed_in(lead)
    with context.enter(rowan.organization_id):
        number = client_record.record_number
    for exact in ("vega", "Marisol Vega", number):
        answer = window.post(url, {"exact": exact})
        assert [found.pk for found in answer.context["found"]] == [client_record.pk], exact
    searched = entries(lead, action="emergency.searched")
    assert [entry.codes for entry in searched] == [{"clients": [str(client_record.pk)]}] * 3
    assert window.post(url, {"exact": "Veg"}).context["found"] == []
    assert window.post(url, {"exact": ""}).status_code == 422
    assert signed_in(rowan).post(url, {"exact": "vega"}).status_code == 403


def test_after_eight_hours_it_is_closed_again_by_itself(
    rowan: User, willa: User, lead: User, client_record: Client
) -> None:
    screening = screenings.completed(rowan, client_record)
    now = timezone.now()
    opened(lead, client_record, willa, at=now - HOURS + timedelta(minutes=1))
    other = accounts.therapist(organization=rowan.organization)
    opened(lead, client_record, other, at=now - HOURS)
    for name, record in (("clients:show", client_record), ("screenings:result", screening)):
        assert page(willa, name, record.pk) == 200
        assert page(other, name, record.pk) == 404
    home = signed_in(other).get(reverse("desk:home"))
    assert [(told.is_new, told.may_open) for told in home.context["told"]] == [(True, False)]
    assert reverse("clients:show", args=[client_record.pk]) not in home.content.decode()


def test_whom_it_is_for_the_therapist_and_a_lead_end_it_early(
    rowan: User, willa: User, lead: User, nadia: User, client_record: Client
) -> None:
    for person in (willa, rowan, lead):
        access = opened(lead, client_record, willa)
        assert page(willa, "clients:show", client_record.pk) == 200
        end = reverse("clients:end_emergency_access", args=[access.pk])
        assert signed_in(nadia).post(end).status_code == 404
        assert signed_in(person).post(end).status_code == 302
        assert signed_in(person).post(end).status_code == 302
        assert page(willa, "clients:show", client_record.pk) == 404
        with context.enter(rowan.organization_id):
            access.refresh_from_db()
            assert access.ended_by_id == person.pk
    assert len(entries(rowan, action="emergency.ended")) == 3


def test_others_still_find_nothing(
    rowan: User, willa: User, nadia: User, lead: User, stranger: User, client_record: Client
) -> None:
    """CHECKS 2, 4 and 5."""
    screening = screenings.completed(rowan, client_record)
    access = opened(lead, client_record, willa)
    for person, code in (
        (nadia, 404),
        (lead, 404),
        (stranger, 404),
        (accounts.provider(), 403),
        (accounts.admin(), 403),
    ):
        assert page(person, "clients:show", client_record.pk) == code
        assert page(person, "screenings:result", screening.pk) == code
        assert page(person, "desk:timeline", client_record.pk) == code
        for name in ("clients:end_emergency_access", "clients:note_emergency_access"):
            if person == lead and name == "clients:end_emergency_access":
                continue
            assert signed_in(person).post(reverse(name, args=[access.pk])).status_code == code
    assert page(willa, "clients:show", screenings.client_of(rowan).pk) == 404


@pytest.fixture
def scene(db: None) -> Iterator[referrals.Scene]:
    yield referrals.scene(now=timezone.now() - timedelta(days=20))


@pytest.fixture
def visitor(scene: referrals.Scene) -> User:
    return accounts.therapist(organization=scene.practice, name="Willa Chen")


def open_for(scene: referrals.Scene, client: Client, visitor: User) -> EmergencyAccess:
    lead = accounts.therapist(organization=scene.practice, name="Avery Stone", duties=["lead"])
    return opened(lead, client, visitor)


def test_every_page_says_so_and_every_entry_carries_it(scene: referrals.Scene, visitor: User) -> None:
    """Whatever is read then shows who opened it, for whom and until when; and so does the log."""
    sent = referrals.at(Status.CLOSED, scene)
    with context.enter(scene.practice.pk):
        client, screening = sent.client, sent.screening
    draft = referrals.ready(scene, screening=referrals.screening_of(scene, client))
    begun = scene.by(scene.therapist, actions.start_screening, client=client, version=scene.version)
    scene.by(
        scene.therapist,
        actions.save_answers,
        screening=begun,
        section="safety",
        answers={"danger": {"value": True}},
    )
    access = open_for(scene, client, visitor)
    window = signed_in(visitor)
    pages = {
        "clients:show": [client.pk],
        "desk:timeline": [client.pk],
        "screenings:result": [screening.pk],
        "screenings:print": [screening.pk],
        "screenings:answers": [begun.pk],
        "screenings:urgent": [begun.pk, "danger_now"],
        "referrals:show": [sent.pk],
        "referrals:packet": [sent.pk],
        "referrals:send": [draft.pk],
        "referrals:move": [sent.pk, "report_urgent_change"],
    }
    for name, values in pages.items():
        answer = window.get(reverse(name, args=values))
        assert answer.status_code == 200, name
        text = " ".join(answer.content.decode().split())
        assert "Emergency access: Avery Stone opened this client for Willa Chen" in text, name
        assert "The client is at the hospital’s desk." in text, name
        assert "It lasts until" in text, name
    assert window.get(reverse("screenings:show", args=[begun.pk])).url.endswith("/answers/")
    read = entries(visitor, by=visitor.pk, client=client.pk)
    assert {entry.codes.get("emergency") for entry in read} == {str(access.pk)}
    assert len(read) >= len(pages)
    found = signed_in(visitor).post(reverse("clients:find"), {"exact": client_name(scene, client)})
    assert found.url == reverse("clients:show", args=[client.pk])
    assert entries(visitor, action="client.found")[-1].codes["emergency"] == [str(access.pk)]
    # Who looks after the client reads it without.
    signed_in(scene.therapist).get(reverse("clients:show", args=[client.pk]))
    own = entries(visitor, by=scene.therapist.pk, client=client.pk, action="client.read")
    assert "emergency" not in own[-1].codes


def client_name(scene: referrals.Scene, client: Client) -> str:
    with context.enter(scene.practice.pk):
        return f"{client.first_name} {client.last_name}"


def test_it_is_for_reading_and_for_what_is_urgent(scene: referrals.Scene, visitor: User) -> None:
    """What they may write: an acknowledgement and an urgent change. All else stays with who looks after."""
    draft = referrals.ready(scene)
    with context.enter(scene.practice.pk):
        client, done = draft.client, draft.screening
    sent = referrals.at(Status.IN_REVIEW, scene, screening=referrals.screening_of(scene, client))
    begun = scene.by(scene.therapist, actions.start_screening, client=client, version=scene.version)
    scene.by(
        scene.therapist,
        actions.save_answers,
        screening=begun,
        section="safety",
        answers={"danger": {"value": True}},
    )
    open_for(scene, client, visitor)
    window = signed_in(visitor)
    refused = {
        ("clients:change", client.pk): 404,
        ("clients:add_colleague", client.pk): 404,
        ("clients:remove_colleague", client.pk): 404,
        ("clients:start_screening", client.pk, scene.version.pk): 404,
        ("screenings:section", begun.pk, "safety"): 404,
        ("screenings:autosave", begun.pk, "safety"): 404,
        ("screenings:complete", begun.pk): 404,
        ("screenings:judge", done.pk, "low"): 404,
        ("screenings:confirm_safety", done.pk): 404,
        ("screenings:amend", done.pk): 404,
        ("screenings:entered_in_error", done.pk): 404,
        ("referrals:choose", done.pk): 404,
        ("referrals:choose_again", draft.pk): 404,
        ("referrals:consent", draft.pk): 404,
        ("referrals:preview", draft.pk): 404,
        ("referrals:send", draft.pk): 404,
        ("referrals:revoke", sent.pk): 404,
        ("referrals:message", sent.pk): 404,
        ("referrals:course", sent.pk): 404,
        ("referrals:move", sent.pk, "withdraw"): 403,
        ("referrals:move", sent.pk, "recall"): 403,
        ("referrals:move", sent.pk, "assign"): 403,
    }
    for (name, *values), code in refused.items():
        assert window.post(reverse(name, args=values), {"user": str(visitor.pk)}).status_code == code, name
    told = {"done": "Stayed on the phone.", "told": ["nobody"], "happened_at": _moment()}
    urgent = window.post(reverse("screenings:urgent", args=[begun.pk, "danger_now"]), told)
    assert urgent.status_code == 302, urgent.context["form"].errors
    move = reverse("referrals:move", args=[sent.pk, "report_urgent_change"])
    reported = window.post(move, {"note": "Is at the hospital.", "form_key": str(uuid4())})
    assert reported.status_code == 302
    with context.enter(scene.practice.pk):
        assert [event.move for event in sent.events.order_by("number")] == [
            "send",
            "open",
            "report_urgent_change",
        ]
        assert begun.acknowledgements.get().acknowledged_by_id == visitor.pk


def _moment() -> str:
    return timezone.localtime(timezone.now() - timedelta(days=1)).strftime("%m/%d/%Y %H:%M")


def test_actions_refuse_what_pages_do_not_offer(scene: referrals.Scene, visitor: User) -> None:
    sent = referrals.at(Status.IN_REVIEW, scene)
    with context.enter(scene.practice.pk):
        client, done = sent.client, sent.screening
    open_for(scene, client, visitor)
    for action, values in (
        (actions.start_screening, {"client": client, "version": scene.version}),
        (actions.record_judgment, {"screening": done, "indication": "low", "view": "agree"}),
        (actions.add_to_care_team, {"client": client, "user": visitor}),
        (referral_actions.withdraw, {"referral": sent, "reason": "client_wish"}),
        (referral_actions.send_message, {"referral": sent, "text": "Hello."}),
        (referral_actions.revoke_consent, {"referral": sent}),
    ):
        with pytest.raises(PermissionDenied), context.enter(scene.practice.pk):
            action(by=visitor, **values)


def test_it_stands_on_home_and_on_the_clients_page_until_it_is_noted(
    rowan: User, willa: User, lead: User, client_record: Client
) -> None:
    access = opened(lead, client_record, willa, at=timezone.now() - HOURS - timedelta(minutes=1))
    window = signed_in(rowan)
    for address in (reverse("desk:home"), reverse("clients:show", args=[client_record.pk])):
        text = " ".join(window.get(address).content.decode().split())
        assert "Avery Stone opened this client for Willa Chen on" in text
        assert "The client is at the hospital’s desk." in text
    note = reverse("clients:note_emergency_access", args=[access.pk])
    assert window.post(note).status_code == window.post(note).status_code == 302
    for address in (reverse("desk:home"), reverse("clients:show", args=[client_record.pk])):
        assert "Avery Stone opened" not in window.get(address).content.decode()
    assert len(entries(rowan, action="emergency.noted", by=rowan.pk)) == 1
    timeline = window.get(reverse("desk:timeline", args=[client_record.pk]))
    words = [happening.words for happening in timeline.context["page"]]
    assert "Avery Stone opened the client for Willa Chen by emergency access." in words


def test_it_is_on_nobodys_list_of_work(rowan: User, willa: User, lead: User, client_record: Client) -> None:
    screenings.started(rowan, client_record)
    opened(lead, client_record, willa)
    window = signed_in(willa)
    assert list(window.get(reverse("clients:list")).context["page"]) == []
    home = window.get(reverse("desk:home"))
    assert (home.context["lists"].turn.total, len(home.context["told"])) == (0, 1)


def test_once_on_the_care_team_it_is_an_emergency_no_more(
    rowan: User, willa: User, lead: User, client_record: Client
) -> None:
    opened(lead, client_record, willa)
    with context.enter(rowan.organization_id):
        actions.add_to_care_team(by=rowan, client=client_record, user=willa)
    answer = signed_in(willa).get(reverse("clients:show", args=[client_record.pk]))
    assert "You can read everything, acknowledge" not in answer.content.decode()
    assert "emergency" not in entries(rowan, by=willa.pk, action="client.read")[-1].codes


@pytest.mark.usefixtures("committed")
def test_the_database_refuses_the_rest(as_owner: Any) -> None:
    """The database ends it after eight hours and lets nothing of it be rewritten: CHECKS 3."""
    lead = accounts.therapist(duties=["lead"])
    practice = lead.organization
    rowan = accounts.therapist(organization=practice)
    stranger = accounts.therapist()
    client = screenings.client_of(rowan)
    access = opened(lead, client, lead)
    for changes in (
        "ends_at = ends_at + interval '1 hour'",
        "at = at + interval '1 hour', ends_at = ends_at + interval '1 hour'",
        "user_id = %(other)s",
        "by_id = %(other)s",
        "reason = reason || 'x'::bytea",
        "ended_at = ends_at + interval '1 second', ended_by_id = %(other)s",
        "ended_at = ends_at",
    ):
        change = sql.SQL("UPDATE screening_emergencyaccess SET {}").format(sql.SQL(changes))
        refused(practice, change, other=rowan.pk)
    refused(practice, "UPDATE screening_emergencynotice SET user_id = %(other)s", other=rowan.pk)
    refused(practice, "DELETE FROM screening_emergencynotice")
    refused(practice, "DELETE FROM screening_emergencyaccess")
    for values in (
        {"ends_at": access.at + HOURS + timedelta(seconds=1)},
        {"user": stranger},
        {"by": stranger},
        {"client_id": screenings.client_of(stranger).pk},
    ):
        made = {
            "organization": practice,
            "client": client,
            "user": rowan,
            "by": lead,
            "at": access.at,
            "ends_at": access.ends_at,
            "reason": "Words.",
        }
        with pytest.raises(IntegrityError), context.enter(practice.pk), transaction.atomic():
            EmergencyAccess.objects.create(**{**made, **values})
    for table in ("screening_emergencyaccess", "screening_emergencynotice"):
        assert _count(table, practice.pk) > 0
        assert [_count(table, each) for each in (None, stranger.organization_id)] == [0, 0]
    # The owner is refused too, and the reason is sealed.
    with as_owner.transaction(), pytest.raises(Exception, match="only ends"):
        as_owner.execute("SELECT set_config('app.organization', %s, true)", [str(practice.pk)])
        as_owner.execute("UPDATE screening_emergencyaccess SET at = at - interval '1 hour'")
    with context.enter(practice.pk), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM screening_emergencyaccess t")
        assert "hospital" not in cursor.fetchone()[0]


def _count(table: str, organization: Any) -> int:
    with context.enter(organization), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return int(cursor.fetchone()[0])


def refused(organization: Organization, statement: Any, **values: Any) -> None:
    with pytest.raises(DatabaseError), context.enter(organization.pk), connection.cursor() as cursor:
        cursor.execute(statement, values)
