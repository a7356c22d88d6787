"""A provider's home is the inbox; an admin's counts versions, sources and organizations, never a client."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from desk import network
from privacy import context
from referrals.workflow import Status
from screening import actions as screening_actions
from tests.factories import accounts, referrals, small_questionnaire
from tests.factories.proofs import prove


def test_a_provider_is_led_to_the_inbox(browser, scene):
    assert browser(scene.provider).get("/").headers["Location"] == "/inbox/"


@pytest.fixture
def owner(db: None):
    return accounts.admin(name="Owner", duties=["clinical_owner"])


def home(browser, person):
    response = browser(person).get("/")
    assert response.status_code == 200
    return response


def submit(author):
    with context.enter(author.organization_id):
        draft = screening_actions.create_draft(by=author, document=small_questionnaire.TEXT)
        return screening_actions.submit_for_review(by=author, version=draft)


def test_a_version_in_review_waits_for_a_second_person_with_the_duty(browser, owner):
    author = accounts.admin(name="Author", duties=["clinical_owner"])
    submit(author)
    assert [row.action for row in home(browser, owner).context["turn"].rows] == [
        "Approve and publish, or send back"
    ]
    assert [row.cells[0].strong for row in home(browser, author).context["waiting"].rows] == [
        "A clinical owner"
    ]
    assert home(browser, author).context["turn"].rows == ()


def test_an_admin_without_the_duty_decides_nothing(browser, owner):
    submit(owner)
    plain = accounts.admin(name="Plain", duties=[])
    assert home(browser, plain).context["turn"].rows == ()
    assert home(browser, plain).context["waiting"].total == 1


def test_a_draft_waits_for_whoever_edited_it(browser, owner):
    with context.enter(owner.organization_id):
        screening_actions.create_draft(by=owner, document=small_questionnaire.TEXT)
    assert [row.action for row in home(browser, owner).context["turn"].rows] == ["Finish the draft"]


def test_sources_past_their_review_day_are_counted(scene):
    admin = accounts.admin()
    day = date.fromisoformat(small_questionnaire.SOURCE["review_by"])
    [on_the_day] = network.sources(admin, day)
    [after] = network.sources(admin, date.fromordinal(day.toordinal() + 1))
    assert (on_the_day.out_of_date, on_the_day.due_soon) == (0, 1)
    assert (after.out_of_date, after.due_soon) == (1, 0)


def test_counts_are_of_organizations_and_people(scene):
    counts = network.counts(accounts.admin())
    assert counts.practices == Organization.objects.filter(kind="practice", is_active=True).count()
    assert counts.providers == 1


def test_an_admin_never_sees_a_client(browser, scene):
    referrals.at(Status.SENT, scene)
    assert "Vega" in home(browser, scene.therapist).content.decode()
    page = home(browser, accounts.admin()).content.decode()
    assert "Vega" not in page
    assert "Marisol" not in page


def test_an_approved_version_waits_for_its_day_or_for_somebody_to_publish_it(browser, owner):
    author = accounts.admin(name="Author", duties=["clinical_owner"])
    version = submit(author)
    prove(version)
    with context.enter(owner.organization_id):
        screening_actions.approve(by=owner, version=version)
    (row,) = home(browser, owner).context["turn"].rows
    assert (row.action, row.go) == ("Publish it, or set its day", "Publish")
    with context.enter(owner.organization_id):
        when = timezone.now() + timedelta(days=9)
        screening_actions.set_publishing_day(by=owner, version=version, when=when)
    assert home(browser, owner).context["turn"].rows == ()
    (row,) = home(browser, owner).context["waiting"].rows
    assert row.cells[0].strong == "By itself"
