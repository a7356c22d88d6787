"""A caseload handed over: for good or until a moment, all of it or nothing, and never past somebody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone
from psycopg import sql

from accounts.actions import set_supervisor
from privacy import context
from privacy.models import Entry, Notice
from referrals import actions
from referrals.actions import Assigned
from referrals.caseloads import Held, caseload, held_by, held_by_each
from referrals.models import HandOver, HandOverPart, Referral, Role
from referrals.workflow import Status
from screening import actions as screening_actions
from screening.models import CareTeamMember, Client, Screening, SigningCover
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

REASON = "Parental leave from Monday."


@pytest.fixture
def scene(db):
    return make.scene(now=timezone.now() - timedelta(days=20))


@pytest.fixture
def lead(scene):
    return accounts.therapist(organization=scene.practice, name="Avery Stone", duties=["lead"])


@pytest.fixture
def colleague(scene):
    return accounts.therapist(organization=scene.practice, name="Willa Chen", duties=["supervisor"])


@pytest.fixture
def clinic_lead(scene):
    return accounts.provider(organization=scene.prescriber, name="Ines Calder", duties=["lead"])


@pytest.fixture
def dana(scene):
    return accounts.provider(organization=scene.prescriber, name="Dana Osei")


def inside(person, function, *args, **values):
    with context.enter(person.organization_id):
        return function(*args, **values)


def units(lead, person):
    return inside(lead, caseload, lead, person)


def given(lead, person, to, kind="leaving", until=None, **values):
    """Hand over a person's whole caseload, or `what`."""
    what = values.pop("what", None) or units(lead, person)
    assigned = values.pop("assigned", None) or [Assigned(each.role, each.record, to) for each in what]
    with context.enter(lead.organization_id):
        return actions.hand_over(
            by=lead,
            person=person,
            kind=kind,
            reason=values.pop("reason", REASON),
            assigned=assigned,
            until=until,
            **values,
        )


def soon(**values):
    return timezone.now() + timedelta(**(values or {"days": 5}))


def sees(person, client):
    return inside(person, Client.objects.in_care_of(person).filter(pk=client).exists)


def entries(person, **values):
    return inside(person, lambda: list(Entry.objects.filter(**values).order_by("number")))


def test_who_leaves_hands_over_clients_and_referrals_for_good(scene, lead, colleague):
    draft = make.ready(scene)
    sent = make.at(Status.IN_REVIEW, scene)
    course = make.at(Status.CLOSED, scene)
    over = make.at(Status.WITHDRAWN, scene)
    Notice.objects.all().delete()
    made = given(lead, scene.therapist, colleague)
    with context.enter(scene.practice.pk):
        rows = {row.pk: row for row in Referral.objects.all()}
        for referral in (draft, sent, course):
            assert rows[referral.pk].therapist_id == colleague.pk
        assert rows[over.pk].therapist_id == scene.therapist.pk
        assert set(Client.objects.values_list("therapist_id", flat=True)) == {colleague.pk}
        assert {part.role for part in made.parts.all()} == {Role.THERAPIST}
        assert made.parts.count() == 4
        assert made.reason == REASON
    assert [event.move for event in make.events_of(scene, sent)] == ["send", "open", "assign"]
    assert make.events_of(scene, sent)[-1].by_id == lead.pk
    for client in (draft.client_id, sent.client_id, over.client_id):
        assert (sees(scene.therapist, client), sees(colleague, client)) == (False, True)
    assert inside(lead, held_by, scene.therapist) == Held()
    handed = entries(lead, action="client.handed_over")
    assert sorted(entry.client for entry in handed) == sorted(
        each.client_id for each in (draft, sent, course, over)
    )
    assert handed[0].codes == {
        "hand_over": str(made.pk),
        "kind_of": "leaving",
        "person": str(scene.therapist.pk),
        "role": "therapist",
        "to": str(colleague.pk),
    }
    assert len(entries(lead, action="caseload.handed_over")) == 1
    told = set(Notice.objects.filter(kind="caseload.handed_over").values_list("recipient", "path"))
    assert told == {(scene.therapist.pk, "/"), (colleague.pk, "/")}
    # The clinic learns of the new person through the thread.
    assert Notice.objects.filter(kind="referral.assign", path=f"/inbox/{sent.pk}/").exists()


def test_what_is_not_picked_stays(scene, lead, colleague):
    picked, left = make.at(Status.SENT, scene), make.at(Status.SENT, scene)
    one = [unit for unit in units(lead, scene.therapist) if unit.record == picked.client_id]
    given(lead, scene.therapist, colleague, what=one)
    assert (sees(colleague, picked.client_id), sees(colleague, left.client_id)) == (True, False)
    assert [unit.record for unit in units(lead, scene.therapist)] == [left.client_id]


def test_who_is_away_keeps_all_and_the_cover_ends_by_itself(scene, lead, colleague):
    sent = make.at(Status.IN_REVIEW, scene)
    given(lead, scene.therapist, colleague, kind="away", until=soon())
    with context.enter(scene.practice.pk):
        sent.refresh_from_db()
        client = Client.objects.get(pk=sent.client_id)
        assert (client.therapist_id, sent.therapist_id) == (scene.therapist.pk, scene.therapist.pk)
        assert sent.therapist_cover_id == colleague.pk
    assert (sees(scene.therapist, client.pk), sees(colleague, client.pk)) == (True, True)
    Notice.objects.all().delete()
    scene.by(scene.provider, actions.ask, referral=sent, questions=["Blood pressure?"])
    assert set(Notice.objects.values_list("recipient", flat=True)) == {scene.therapist.pk, colleague.pk}
    # The cover does the work of the day.
    scene.by(colleague, actions.reply, referral=sent, answers=[{"text": "132 / 84"}])
    # Once the moment is past, nothing of it is left, and no job had to run.
    with context.enter(scene.practice.pk):
        CareTeamMember.objects.update(until=timezone.now())
        Referral.objects.update(therapist_cover_until=timezone.now())
    assert (sees(scene.therapist, client.pk), sees(colleague, client.pk)) == (True, False)
    Notice.objects.all().delete()
    scene.by(scene.provider, actions.ask, referral=sent, questions=["And today?"])
    assert set(Notice.objects.values_list("recipient", flat=True)) == {scene.therapist.pk}


def test_a_cover_is_ended_early_by_a_lead_or_by_who_is_back(scene, lead, colleague):
    sent = make.at(Status.IN_REVIEW, scene)
    for person in (lead, scene.therapist):
        made = given(lead, scene.therapist, colleague, kind="away", until=soon())
        assert sees(colleague, sent.client_id)
        with pytest.raises(PermissionDenied):
            inside(colleague, actions.end_cover, by=colleague, hand_over=made)
        for _twice in range(2):
            inside(person, actions.end_cover, by=person, hand_over=made)
        assert not sees(colleague, sent.client_id)
        with context.enter(scene.practice.pk):
            sent.refresh_from_db()
            assert (sent.therapist_cover, sent.therapist_cover_until) == (None, None)
    assert len(entries(lead, action="client.cover_ended", client=sent.client_id)) == 2
    gone = given(lead, scene.therapist, colleague)
    with pytest.raises(actions.NotPossible, match="another hand-over"):
        inside(lead, actions.end_cover, by=lead, hand_over=gone)


def test_who_covers_for_two_stays_until_the_later_one_is_back(scene, lead, colleague):
    sent = make.at(Status.SENT, scene)
    other = accounts.therapist(organization=scene.practice)
    with context.enter(scene.practice.pk):
        client = Client.objects.get(pk=sent.client_id)
        screening_actions.add_to_care_team(by=scene.therapist, client=client, user=other)
    longer = given(lead, scene.therapist, colleague, kind="away", until=soon(days=9))
    shorter = given(lead, other, colleague, kind="away", until=soon(days=2))
    inside(lead, actions.end_cover, by=lead, hand_over=longer)
    assert sees(colleague, client.pk)
    with context.enter(scene.practice.pk):
        assert CareTeamMember.objects.get(user=colleague).until == shorter.until
    inside(lead, actions.end_cover, by=lead, hand_over=shorter)
    assert not sees(colleague, client.pk)


def test_a_member_of_the_care_team_for_good_stays_one(scene, lead, colleague):
    sent = make.at(Status.SENT, scene)
    with context.enter(scene.practice.pk):
        client = Client.objects.get(pk=sent.client_id)
        screening_actions.add_to_care_team(by=scene.therapist, client=client, user=colleague)
    made = given(lead, scene.therapist, colleague, kind="away", until=soon())
    inside(lead, actions.end_cover, by=lead, hand_over=made)
    assert sees(colleague, client.pk)


def test_a_care_team_member_who_leaves_is_followed_and_the_therapist_stays(scene, lead, colleague):
    leaver = accounts.therapist(organization=scene.practice)
    sent = make.at(Status.SENT, scene)
    with context.enter(scene.practice.pk):
        client = Client.objects.get(pk=sent.client_id)
        screening_actions.add_to_care_team(by=scene.therapist, client=client, user=leaver)
    inside(scene.therapist, actions.assign, by=scene.therapist, referral=sent, to=leaver)
    assert [unit.role for unit in units(lead, leaver)] == [Role.CARE_TEAM]
    given(lead, leaver, colleague)
    with context.enter(scene.practice.pk):
        sent.refresh_from_db()
        client.refresh_from_db()
    assert (client.therapist_id, sent.therapist_id) == (scene.therapist.pk, colleague.pk)
    assert (sees(scene.therapist, client.pk), sees(leaver, client.pk)) == (True, False)


def test_a_screening_in_progress_goes_on_with_who_takes_the_client(scene, lead, colleague):
    client = make.client_of(scene)
    begun = scene.by(scene.therapist, screening_actions.start_screening, client=client, version=scene.version)
    given(lead, scene.therapist, colleague)
    values = {"screening": begun, "section": "safety", "answers": {"danger": {"value": False}}}
    saved = inside(colleague, screening_actions.save_answers, by=colleague, **values)
    assert saved.is_whole
    with pytest.raises(PermissionDenied):
        inside(scene.therapist, screening_actions.save_answers, by=scene.therapist, **values)


def signed_by(person, screening):
    return inside(person, Screening.objects.signable_by(person).filter(pk=screening.pk).exists)


def test_a_supervisors_signing_is_covered_or_taken_over(scene, lead, colleague):
    nadia = accounts.therapist(organization=scene.practice, duties=["supervisor"])
    with context.enter(scene.practice.pk):
        set_supervisor(by=lead, user=scene.therapist, supervisor=nadia)
    done = make.screening_of(scene)
    [unit] = units(lead, nadia)
    assert (unit.role, unit.record) == (Role.SUPERVISOR, None)
    assert unit.lines == ("1 screening waits unsigned.",)
    made = given(lead, nadia, colleague, kind="away", until=soon())
    assert (signed_by(nadia, done), signed_by(colleague, done)) == (True, True)
    inside(lead, actions.end_cover, by=lead, hand_over=made)
    assert (signed_by(nadia, done), signed_by(colleague, done)) == (True, False)
    given(lead, nadia, colleague)
    scene.therapist.refresh_from_db()
    assert scene.therapist.needs_signature_from_id == colleague.pk
    assert (signed_by(nadia, done), signed_by(colleague, done)) == (False, True)
    with pytest.raises(actions.NotPossible, match="supervisor"):
        given(lead, colleague, scene.therapist, assigned=[Assigned(Role.SUPERVISOR, None, lead)])


def test_a_providers_referrals_are_handed_over_within_the_clinic(scene, clinic_lead, dana):
    accepted = make.at(Status.ACCEPTED, scene)
    assert [unit.role for unit in units(clinic_lead, scene.provider)] == [Role.PROVIDER]
    assert units(clinic_lead, scene.provider)[0].name.startswith("Marisol Vega")
    made = given(clinic_lead, scene.provider, dana, kind="away", until=soon())
    Notice.objects.all().delete()
    scene.by(scene.therapist, actions.send_message, referral=accepted, text="Hello.")
    assert set(Notice.objects.values_list("recipient", flat=True)) == {scene.provider.pk, dana.pk}
    with context.enter(scene.prescriber.pk):
        assert Referral.objects.answered_by(dana).count() == 1
    inside(clinic_lead, actions.end_cover, by=clinic_lead, hand_over=made)
    with context.enter(scene.prescriber.pk):
        assert Referral.objects.answered_by(dana).count() == 0
    given(clinic_lead, scene.provider, dana)
    with context.enter(scene.practice.pk):
        accepted.refresh_from_db()
    assert accepted.provider_id == dana.pk
    [entry] = entries(clinic_lead, action="client.handed_over", organization=scene.prescriber.pk)[1:]
    assert (entry.owner, entry.client, entry.codes["role"]) == (
        scene.practice.pk,
        accepted.client_id,
        "provider",
    )


def test_nobody_else_hands_over_and_nobody_elses(scene, lead, colleague, clinic_lead, dana):
    """CHECKS 2 and 4."""
    make.at(Status.ACCEPTED, scene)
    mine = units(lead, scene.therapist)
    theirs = units(clinic_lead, scene.provider)
    elsewhere = accounts.therapist(duties=["lead", "supervisor"])
    for by in (scene.therapist, colleague, scene.provider, clinic_lead, elsewhere, accounts.admin()):
        with pytest.raises(PermissionDenied):
            given(by, scene.therapist, colleague, what=mine)
    for to in (elsewhere, dana, accounts.therapist(organization=scene.practice, is_active=False)):
        with pytest.raises(PermissionDenied):
            given(lead, scene.therapist, to, what=mine)
    # A client or a referral of others is not in the person's hands, whatever role is claimed for it.
    strange = make.at(Status.ACCEPTED, make.scene(now=scene.now))
    for role, record in (
        (Role.THERAPIST, strange.client_id),
        (Role.CARE_TEAM, strange.client_id),
        (Role.PROVIDER, strange.pk),
        (Role.CARE_TEAM, mine[0].record),
        (Role.THERAPIST, theirs[0].record),
        (Role.THERAPIST, uuid4()),
    ):
        with pytest.raises(actions.ChangedMeanwhile):
            given(lead, scene.therapist, colleague, assigned=[Assigned(role, record, colleague)])
    with context.enter(scene.practice.pk):
        assert HandOver.objects.count() == 0


def test_what_makes_no_sense_is_refused_with_a_sentence(scene, lead, colleague):
    make.at(Status.SENT, scene)
    for words, values in (
        ("why", {"reason": " "}),
        ("at least one", {"assigned": [], "what": []}),
        ("no last day", {"until": soon()}),
        ("until when", {"kind": "away"}),
        ("until when", {"kind": "away", "until": soon(days=-1)}),
        ("until when", {"kind": "away", "until": soon(days=400)}),
        ("theirs already", {"to": scene.therapist}),
    ):
        to = values.pop("to", colleague)
        what = values.pop("what", None)
        if what == []:
            with pytest.raises(actions.NotPossible, match=words), context.enter(scene.practice.pk):
                actions.hand_over(by=lead, person=scene.therapist, kind="leaving", reason=REASON, assigned=[])
            continue
        with pytest.raises(actions.NotPossible, match=words):
            given(lead, scene.therapist, to, **values)
    with context.enter(scene.practice.pk):
        assert HandOver.objects.count() == 0


def test_all_of_it_or_nothing(scene, lead, colleague):
    first, second = make.at(Status.SENT, scene), make.at(Status.SENT, scene)
    shown = units(lead, scene.therapist)
    # Meanwhile one of the clients goes to somebody else.
    other = accounts.therapist(organization=scene.practice)
    given(lead, scene.therapist, other, what=[each for each in shown if each.record == second.client_id])
    with pytest.raises(actions.ChangedMeanwhile, match="has changed"):
        given(lead, scene.therapist, colleague, what=shown)
    assert (sees(scene.therapist, first.client_id), sees(colleague, first.client_id)) == (True, False)
    assert sees(other, second.client_id)


def test_the_same_form_hands_over_once(scene, lead, colleague):
    """CHECKS 42."""
    make.at(Status.SENT, scene)
    shown, key = units(lead, scene.therapist), uuid4()
    one = given(lead, scene.therapist, colleague, what=shown, form_key=key)
    two = given(lead, scene.therapist, colleague, what=shown, form_key=key)
    assert one.pk == two.pk
    assert len(entries(lead, action="caseload.handed_over")) == 1


@pytest.mark.usefixtures("committed")
def test_of_two_leads_at_once_one_is_told(scene, lead, colleague):
    """CHECKS 43: two real transactions; the second finds that the client has moved, and moves nothing."""
    sent = make.at(Status.SENT, scene)
    shown = units(lead, scene.therapist)
    second = accounts.therapist(organization=scene.practice, duties=["lead"])

    def hand(by):
        try:
            given(by, scene.therapist, by, what=shown)
        except actions.ChangedMeanwhile:
            return "told"
        finally:
            connections.close_all()
        return "handed over"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(hand, [lead, second]))
    assert said == ["handed over", "told"]
    assert len(make.events_of(scene, sent)) == 2


def test_a_lead_counts_what_each_holds(scene, lead, colleague):
    make.at(Status.SENT, scene)
    make.ready(scene)
    assert inside(lead, held_by, scene.therapist) == Held(clients=2, referrals=2)
    assert inside(lead, held_by_each, lead) == {scene.therapist.pk: Held(clients=2, referrals=2)}
    assert inside(lead, held_by, colleague).is_nothing


@pytest.mark.usefixtures("committed")
def test_the_database_keeps_hand_overs_apart_and_as_they_were(scene, lead, colleague, clinic_lead, dana):
    """CHECKS 3."""
    accepted = make.at(Status.ACCEPTED, scene)
    nadia = accounts.therapist(organization=scene.practice, duties=["supervisor"])
    with context.enter(scene.practice.pk):
        set_supervisor(by=lead, user=scene.therapist, supervisor=nadia)
    given(lead, scene.therapist, colleague, kind="away", until=soon())
    given(lead, nadia, colleague, kind="away", until=soon())
    given(clinic_lead, scene.provider, dana)
    elsewhere = accounts.practice()
    tables = ("referrals_handover", "referrals_handoverpart", "screening_signingcover")
    seen = {
        name: [count(table, organization) for table in tables]
        for name, organization in (
            ("practice", scene.practice.pk),
            ("clinic", scene.prescriber.pk),
            ("elsewhere", elsewhere.pk),
            ("network", accounts.network().pk),
            ("nobody", None),
        )
    }
    assert seen == {
        "practice": [2, 2, 1],
        "clinic": [1, 1, 0],
        "elsewhere": [0, 0, 0],
        "network": [0, 0, 0],
        "nobody": [0, 0, 0],
    }
    for changes in ("until = until + interval '1 day'", "reason = reason || 'x'::bytea", "by_id = person_id"):
        change = sql.SQL("UPDATE referrals_handover SET {}").format(sql.SQL(changes))
        refused(scene.practice, change)
    refused(scene.practice, "DELETE FROM referrals_handover")
    refused(scene.practice, "UPDATE referrals_handoverpart SET to_id = to_id")
    refused(scene.practice, "DELETE FROM referrals_handoverpart")
    with context.enter(scene.practice.pk):
        made = HandOver.objects.first()
    stranger = make.client_of(make.scene(now=scene.now))
    for values in (
        {"role": Role.THERAPIST, "client_id": stranger.pk},
        {"role": Role.PROVIDER, "referral": accepted},
        {"role": Role.THERAPIST},
        {"role": Role.SUPERVISOR, "client_id": accepted.client_id},
    ):
        with pytest.raises(IntegrityError), context.enter(scene.practice.pk), transaction.atomic():
            HandOverPart.objects.create(organization=scene.practice, hand_over=made, to=lead, **values)
    with pytest.raises(IntegrityError), context.enter(scene.practice.pk), transaction.atomic():
        SigningCover.objects.create(
            organization=scene.practice,
            supervisor=nadia,
            user=dana,
            until=soon(),
            added_by=lead,
            added_at=timezone.now(),
        )
    with context.enter(scene.practice.pk), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM referrals_handover t")
        assert "Parental" not in str(cursor.fetchall())


def count(table, organization):
    with context.enter(organization), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return cursor.fetchone()[0]


def refused(organization, statement):
    with pytest.raises(DatabaseError), context.enter(organization.pk), connection.cursor() as cursor:
        cursor.execute(statement)
