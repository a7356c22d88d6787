"""Verifying a version's rules: asked for once, done by a job, kept by the rules, and shown in words."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context, jobs
from screening import actions
from screening.jobs.verifying import verify
from screening.models import Verification, VerificationState
from screening.verifications import page_of, verification_of
from tests.factories import accounts
from tests.factories.small_questionnaire import DOCUMENT, TEXT
from tests.jobs import run_jobs, waiting


@pytest.fixture
def admin(db):
    return accounts.admin()


def draft(admin, document=None):
    with context.enter(admin.organization_id):
        return actions.create_draft(by=admin, document=document or TEXT)


def ask(admin, version, **values):
    with context.enter(admin.organization_id):
        return actions.request_verification(by=admin, version=version, **values)


def reworded(document):
    changed = json.loads(json.dumps(document))
    changed["sections"][0]["questions"][0]["text"] += " (in other words)"
    return changed


def contradictory():
    """The small questionnaire with a criterion that nothing can meet."""
    document = json.loads(TEXT)
    criterion = document["indications"][0]["criteria"][0]
    criterion["when"] = {"all": [criterion["when"], {"not": criterion["when"]}]}
    return document


def test_a_verification_is_done_by_a_job_and_its_report_stands(admin):
    version = draft(admin)
    assert verification_of(version).report is None
    run = ask(admin, version)
    assert run.state == VerificationState.QUEUED
    assert run_jobs() == ["screening.verify"]
    run.refresh_from_db()
    assert (run.state, run.steps_done) == (VerificationState.FINISHED, run.steps_of)
    assert run.steps_of > 5
    standing = verification_of(version)
    assert standing.report.rules == run.rules
    assert standing.run == run


def test_asking_again_begins_nothing_while_it_waits_and_nothing_once_it_is_done(admin):
    version = draft(admin)
    first = ask(admin, version)
    assert ask(admin, version) == first
    assert len(waiting()) == 1
    run_jobs()
    assert ask(admin, version).state == VerificationState.FINISHED
    assert waiting() == []
    assert Verification.objects.count() == 1


def test_another_word_needs_no_new_run_and_another_rule_does(admin):
    ask(admin, draft(admin))
    run_jobs()
    assert verification_of(draft(admin, json.dumps(reworded(DOCUMENT)))).report is not None
    assert verification_of(draft(admin, json.dumps(contradictory()))).report is None


def test_what_does_not_hold_is_told_with_its_title(admin):
    version = draft(admin, json.dumps(contradictory()))
    ask(admin, version)
    run_jobs()
    standing = verification_of(version)
    assert not standing.is_proved
    told = [(line.subject, line.words) for line in page_of(version).proved.wrong]
    statement = DOCUMENT["indications"][0]["criteria"][0]["statement"]
    assert any(statement in subject and words == "No answers meet it." for subject, words in told)


def test_a_run_that_went_silent_has_ended_and_can_be_started_again(admin):
    version = draft(admin)
    run = ask(admin, version)
    long_ago = timezone.now() - timedelta(minutes=5)
    Verification.objects.filter(pk=run.pk).update(state=VerificationState.RUNNING, moved_at=long_ago)
    page = page_of(version)
    assert (page.has_ended_early, page.is_waited_for, page.can_be_asked) == (True, False, True)
    again = ask(admin, version)
    assert again != run
    run.refresh_from_db()
    assert run.state == VerificationState.ENDED_EARLY
    run_jobs()
    again.refresh_from_db()
    assert again.state == VerificationState.FINISHED


def test_a_run_whose_worker_is_about_to_end_is_queued_again(admin):
    run = ask(admin, draft(admin))
    [(_, arguments)] = waiting()
    with pytest.raises(jobs.Again):
        verify.run(arguments, lambda: True)
    run.refresh_from_db()
    assert (run.state, run.steps_done) == (VerificationState.QUEUED, 0)
    run_jobs()
    run.refresh_from_db()
    assert run.state == VerificationState.FINISHED


def test_a_draft_that_was_changed_meanwhile_is_not_proved_by_the_run(admin):
    version = draft(admin)
    run = ask(admin, version)
    with context.enter(admin.organization_id):
        actions.replace_draft_document(by=admin, version=version, document=json.dumps(contradictory()))
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.report) == (VerificationState.ENDED_EARLY, None)


def test_a_later_version_is_compared_with_the_one_in_use(admin):
    owner = accounts.admin(duties=["clinical_owner"])
    first = draft(admin)
    ask(admin, first)
    run_jobs()
    with context.enter(admin.organization_id):
        actions.submit_for_review(by=admin, version=first)
        actions.approve_and_publish(by=owner, version=first)
    second = draft(admin, json.dumps(contradictory()))
    run = ask(admin, second)
    assert run.compared_with == first
    run_jobs()
    page = page_of(second)
    assert page.standing.is_compared
    assert page.proved.differs


def test_the_page_says_how_far_it_is_and_asks_again_without_counting_as_input(client, admin):
    version = draft(admin)
    client.force_login(admin)
    address = reverse("questionnaires:verification", args=[version.pk])
    assert "Nobody has had these rules verified yet" in client.get(address).content.decode()
    answer = client.post(reverse("questionnaires:verify", args=[version.pk]))
    assert (answer.status_code, answer.url) == (302, address)
    run = Verification.objects.get()
    Verification.objects.filter(pk=run.pk).update(state="running", steps_done=3, steps_of=12)
    page = client.get(address).content.decode()
    assert "3 of 12 questions about the rules are answered." in page
    assert f'hx-get="{address}"' in page
    assert "&quot;X-Input&quot;" in page or '"X-Input": "no"' in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    assert "<html" not in part
    run_jobs()
    done = client.get(address).content.decode()
    assert "hx-get" not in done
    assert "Criteria that can come out each way" in done


def test_only_admins_ask(client, db, admin):
    therapist = accounts.therapist()
    version = draft(admin)
    client.force_login(therapist)
    assert client.post(reverse("questionnaires:verify", args=[version.pk])).status_code == 403
    assert client.get(reverse("questionnaires:verification", args=[version.pk])).status_code == 403
    assert Verification.objects.count() == 0
