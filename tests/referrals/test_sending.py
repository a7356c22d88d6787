"""From a completed screening to a sealed packet: what must hold, and that it is sent once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context
from referrals import actions
from referrals.models import Consent, Packet, Referral
from referrals.packet import read
from referrals.reading import reading_of, sealed_now
from referrals.sending import requirements
from referrals.workflow import Status
from screening import actions as screening_actions
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make.scene(now=timezone.now() - timedelta(hours=6))


def _open_requirements(scene, referral, at=None):
    with context.enter(scene.practice.pk):
        row = Referral.objects.with_people().get(pk=referral.pk)
        reading = reading_of(row, at or scene.now)
        consent = row.consents.standing().first()
        sealed = sealed_now(row, consent, reading) if consent and row.prescriber_id else None
        return [each.code for each in requirements(row, consent, reading, sealed) if not each.holds]


def test_all_that_must_hold_is_said_with_the_time_it_became_true(scene):
    referral = make.ready(scene)
    with context.enter(scene.practice.pk):
        row = Referral.objects.with_people().get(pk=referral.pk)
        reading = reading_of(row, scene.now)
        consent = row.consents.standing().get()
        found = requirements(row, consent, reading, sealed_now(row, consent, reading))
    assert [(each.code, each.holds) for each in found] == [
        ("recipient", True),
        ("completed", True),
        ("scope", True),
        ("wanted", True),
        ("considerations", True),
        ("urgent", True),
        ("safety", True),
        ("request", True),
        ("consent", True),
        ("previewed", True),
    ]
    times = {each.code: each.since for each in found}
    assert times["completed"] == reading.screening.completed_at
    assert times["consent"] == consent.recorded_at
    assert times["previewed"] == row.previewed_at
    assert times["wanted"] is not None
    assert times["safety"] is not None


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"about": {"client_wants_referral": {"value": False}}}, "client_does_not_want_it"),
        ({"about": {"client_wants_referral": {"unknown": "declined"}}}, "client_does_not_want_it"),
        ({"safety": {"danger": {"value": True}}}, "urgent_due"),
        ({"safety": {"pressure": {}}}, "safety_incomplete"),
    ],
)
def test_what_blocks_sending_blocks_it(scene, answers, code):
    referral = make.ready(scene, screening=make.screening_of(scene, answers=answers))
    assert code in _open_requirements(scene, referral)
    with pytest.raises(actions.NotReady):
        make.send(scene, referral)
    assert scene.reload(referral).state is Status.DRAFT


def test_a_child_is_outside_the_scope(scene):
    from datetime import date

    client = make.client_of(scene, birth_date=date(2015, 1, 1))
    referral = make.ready(scene, screening=make.screening_of(scene, client))
    assert _open_requirements(scene, referral) == ["outside_scope"]


def test_an_urgent_consideration_is_acknowledged_first(scene):
    screening = make.screening_of(scene, answers={"safety": {"danger": {"value": True}}})
    scene.by(
        scene.therapist,
        screening_actions.acknowledge_urgent,
        screening=screening,
        consideration="danger_now",
        done="Called 988 together.",
        told=["Supervisor"],
    )
    referral = make.ready(scene, screening=screening)
    assert _open_requirements(scene, referral) == []
    make.send(scene, referral)
    assert scene.reload(referral).state is Status.SENT


def test_safety_answers_older_than_a_week_are_confirmed_first(scene):
    referral = make.ready(scene)
    scene.now += timedelta(days=7, hours=1)
    scene.by(scene.therapist, actions.preview_packet, referral=referral)
    assert _open_requirements(scene, referral) == ["safety_old"]
    scene.by(scene.therapist, screening_actions.confirm_safety, screening=referral.screening)
    assert _open_requirements(scene, referral) == []


def test_a_practice_that_requires_signatures_waits_for_the_supervisor():
    supervised = make.scene(now=timezone.now() - timedelta(hours=6), requires_signature=True)
    supervisor = accounts.therapist(organization=supervised.practice, duties=["supervisor"])
    from accounts import actions as people

    with context.enter(None):
        people.set_supervisor(by=accounts.admin(), user=supervised.therapist, supervisor=supervisor)
    supervised.therapist.refresh_from_db()
    referral = make.ready(supervised)
    assert _open_requirements(supervised, referral) == ["unsigned"]
    supervised.by(supervisor, screening_actions.sign_screening, screening=referral.screening)
    supervised.by(supervised.therapist, actions.preview_packet, referral=referral)
    assert _open_requirements(supervised, referral) == []


def test_no_consent_no_packet(scene):
    referral = make.draft_of(scene)
    assert set(_open_requirements(scene, referral)) == {"consent", "previewed"}
    with pytest.raises(actions.NotPossible, match="Record the consent first"):
        scene.by(scene.therapist, actions.preview_packet, referral=referral)


def test_consent_names_its_recipient(scene):
    referral = make.ready(scene)
    other = make.listing_of(accounts.provider())
    scene.by(scene.therapist, actions.choose_recipient, referral=referral, listing=other)
    assert set(_open_requirements(scene, referral)) == {"consent", "previewed"}


def test_a_revoked_consent_sends_nothing(scene):
    referral = make.ready(scene)
    scene.by(scene.therapist, actions.revoke_consent, referral=referral)
    assert "consent" in _open_requirements(scene, referral)
    assert scene.reload(referral).state is Status.DRAFT


def test_what_is_sealed_is_what_was_previewed(scene):
    referral = make.ready(scene)
    sealed = scene.by(scene.therapist, actions.preview_packet, referral=referral)
    make.send(scene, referral)
    with context.enter(scene.practice.pk):
        kept = Packet.objects.get(referral=referral)
        assert (kept.sealed, kept.digest) == (sealed.body, sealed.hash)
        assert read(kept.sealed).recipient == scene.prescriber.name


def test_a_packet_that_changed_since_the_preview_is_shown_again(client, scene):
    referral = make.ready(scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:send", args=[referral.pk])
    shown = client.get(url)
    first = shown.context["form"]["previewed"].value()
    # Now something that the packet holds changes.
    scene.by(
        scene.therapist,
        screening_actions.record_judgment,
        screening=referral.screening,
        indication="low",
        view="differ",
        words="Grief explains it.",
    )
    data = {"form_key": str(uuid4()), "previewed": first, "note": "Kept."}
    refused = client.post(url, data)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "The packet has changed since you previewed it" in page
    assert "Grief explains it." in page
    assert "Kept." in page
    second = refused.context["form"]["previewed"].value()
    assert second != first
    assert client.post(url, data | {"previewed": second}).status_code == 302
    assert scene.reload(referral).state is Status.SENT


def test_the_same_form_sends_once(client, scene):
    """CHECKS 42."""
    referral = make.ready(scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:send", args=[referral.pk])
    previewed = client.get(url).context["form"]["previewed"].value()
    data = {"form_key": str(uuid4()), "previewed": previewed, "note": "Once."}
    codes = [client.post(url, data).status_code for _ in range(3)]
    # The back button brings the page with another key: it is sent already.
    codes.append(client.post(url, data | {"form_key": str(uuid4())}).status_code)
    assert codes == [302, 302, 302, 302]
    assert [event.move for event in make.events_of(scene, referral)] == ["send"]
    with context.enter(scene.practice.pk):
        assert Packet.objects.filter(referral=referral).count() == 1


def test_starting_twice_is_one_draft_and_a_second_referral_is_refused(client, scene):
    """CHECKS 42."""
    screening = make.screening_of(scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:choose", args=[screening.pk])
    assert client.get(url).status_code == 200
    data = {"form_key": str(uuid4()), "listing": str(scene.listing.pk)}
    answers = [client.post(url, data), client.post(url, data | {"form_key": str(uuid4())})]
    with context.enter(scene.practice.pk):
        draft = Referral.objects.get(screening=screening)
    assert {answer["Location"] for answer in answers} == {reverse("referrals:consent", args=[draft.pk])}
    make.consented(
        scene, scene.by(scene.therapist, actions.write_request, referral=draft, reason="x", role="none")
    )
    make.send(scene, draft)
    again = client.post(url, data | {"form_key": str(uuid4())})
    assert again["Location"] == reverse("referrals:show", args=[draft.pk])


def test_a_referral_starts_from_a_completed_screening_of_ones_own(client, scene):
    open_one = scene.by(
        scene.therapist,
        screening_actions.start_screening,
        client=make.client_of(scene),
        version=scene.version,
    )
    client.force_login(scene.therapist)
    data = {"form_key": str(uuid4()), "listing": str(scene.listing.pk)}
    refused = client.post(reverse("referrals:choose", args=[open_one.pk]), data)
    assert (refused.status_code, "completed screening" in refused.content.decode()) == (422, True)
    client.force_login(accounts.therapist(organization=scene.practice))
    assert client.get(reverse("referrals:choose", args=[open_one.pk])).status_code == 404
    client.force_login(scene.provider)
    assert client.get(reverse("referrals:choose", args=[open_one.pk])).status_code == 403


def test_a_provider_who_takes_no_referrals_cannot_be_chosen(client, scene):
    closed = make.listing_of(accounts.provider(), takes_referrals=False)
    client.force_login(scene.therapist)
    screening = make.screening_of(scene)
    data = {"form_key": str(uuid4()), "listing": str(closed.pk)}
    answer = client.post(reverse("referrals:choose", args=[screening.pk]), data)
    assert answer.status_code == 422
    assert "listing" in answer.context["form"].errors


def _consent_form(**changes):
    expires = (timezone.localdate() + timedelta(days=200)).strftime("%m/%d/%Y")
    return {
        "form_key": str(uuid4()),
        "reason": "Two medicines did not help.",
        "question": "Is it an option?",
        "meets": "Weekly",
        "role": "integrates",
        "sections": ["mood"],
        "part2_substances": "not_known",
        "share_substances": "no",
        "how": "on_screen",
        "expires_on": expires,
    } | changes


def test_consent_is_recorded_by_section_and_leads_to_the_preview(client, scene):
    referral = make.draft_of(scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:consent", args=[referral.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, _consent_form())
    assert answer["Location"] == reverse("referrals:send", args=[referral.pk])
    with context.enter(scene.practice.pk):
        consent = Consent.objects.get(referral=referral)
        assert (consent.sections, consent.recipient_id) == (["about", "mood", "safety"], scene.prescriber.pk)
        assert scene.reload(referral).request.question == "Is it an option?"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert [each.key for each in page.context["packet"].not_shared_sections] == ["substances"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "a\x00"}, "reason"),
        ({"role": "leads"}, "role"),
        ({"sections": ["nonsense"]}, "sections"),
        ({"sections": ["substances"]}, "sections"),
        ({"share_substances": "yes"}, "share_substances"),
        ({"share_substances": "yes", "part2_substances": "yes"}, "share_substances"),
        ({"how": "by mail"}, "how"),
        ({"how": "verbal"}, "witness"),
        ({"expires_on": "13/45/2026"}, "expires_on"),
        ({"expires_on": "01/01/2020"}, "expires_on"),
        ({"expires_on": "01/01/2099"}, "expires_on"),
    ],
)
def test_a_bad_consent_is_said_beside_its_field(client, scene, changes, field):
    referral = make.draft_of(scene)
    client.force_login(scene.therapist)
    answer = client.post(reverse("referrals:consent", args=[referral.pk]), _consent_form(**changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with context.enter(scene.practice.pk):
        assert not Consent.objects.filter(referral=referral).exists()


@pytest.mark.parametrize(
    ("part2", "share", "notice"),
    [("no", "yes", False), ("not_known", "part2", True), ("yes", "part2", True)],
)
def test_substance_use_leaves_under_a_consent_of_its_own_with_the_notice(client, scene, part2, share, notice):
    referral = make.draft_of(scene)
    client.force_login(scene.therapist)
    data = _consent_form(part2_substances=part2, share_substances=share)
    page = client.post(reverse("referrals:consent", args=[referral.pk]), data, follow=True)
    packet = page.context["packet"]
    assert "substances" in [each.key for each in packet.shared_sections]
    assert bool(packet.redisclosure_notice) is notice


def test_a_part_2_program_cannot_say_that_its_records_are_none(client):
    scene = make.scene(now=timezone.now() - timedelta(hours=6), part2_program=True)
    referral = make.draft_of(scene)
    client.force_login(scene.therapist)
    url = reverse("referrals:consent", args=[referral.pk])
    refused = client.post(url, _consent_form(part2_substances="no", share_substances="yes"))
    assert "share_substances" in refused.context["form"].errors
    page = client.post(url, _consent_form(part2_substances="no", share_substances="part2"), follow=True)
    assert page.context["packet"].redisclosure_notice


def test_a_section_that_turned_out_to_be_a_part_2_record_is_not_sent(scene):
    referral = make.ready(scene, sections=["mood", "substances"])
    scene.by(
        scene.therapist,
        screening_actions.set_part2,
        screening=referral.screening,
        section="substances",
        part2="yes",
    )
    scene.by(scene.therapist, actions.preview_packet, referral=referral)
    assert _open_requirements(scene, referral) == ["part2"]


def test_a_sensitive_section_without_answers_holds_nothing_to_ask_about(client, scene):
    screening = make.screening_of(scene, leave_out=("substances",))
    referral = make.draft_of(scene, screening)
    client.force_login(scene.therapist)
    url = reverse("referrals:consent", args=[referral.pk])
    page = client.post(url, _consent_form(part2_substances="no", share_substances="yes"), follow=True)
    assert page.status_code == 200
    assert "substances" in [each.key for each in page.context["packet"].shared_sections]


def test_recording_consent_again_replaces_it_and_the_same_again_does_not(scene):
    referral = make.ready(scene)
    make.consented(scene, referral, expires_on=(scene.now + timedelta(days=30)).date())
    make.consented(scene, referral, expires_on=(scene.now + timedelta(days=30)).date())
    with context.enter(scene.practice.pk):
        rows = Consent.objects.filter(referral=referral).order_by("recorded_at")
        assert [row.replaced_at is None for row in rows] == [False, True]


def test_nothing_about_the_client_stands_in_titles_and_addresses(client, scene):
    """CHECKS 26."""
    import re

    referral = make.ready(scene)
    client.force_login(scene.therapist)
    for name in ("consent", "send"):
        url = reverse(f"referrals:{name}", args=[referral.pk])
        page = client.get(url).content.decode()
        title = re.search("<title>(.*?)</title>", page, re.S).group(1)
        assert "Vega" in page
        assert "Vega" not in title + url
