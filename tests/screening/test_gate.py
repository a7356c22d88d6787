"""What stands between a version and its publication: checks, coverage, words, the proof of its rules."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import QuestionnaireVersion, Verification
from screening.verification import State
from screening.verifications import verification_of
from tests.factories.proofs import prove
from tests.factories.small_questionnaire import DOCUMENT
from tests.jobs import run_jobs
from tests.screening.conftest import signed_in
from tests.screening.versions import address, words

Document = dict[str, Any]


@pytest.fixture(autouse=True)
def inside_the_network(author: User) -> Iterator[None]:
    with context.enter(author.organization_id):
        yield


def changed(edit: Any = lambda document: None) -> str:
    document = json.loads(json.dumps(DOCUMENT))
    edit(document)
    return json.dumps(document)


def submitted(author: User, text: str) -> QuestionnaireVersion:
    version = actions.create_draft(by=author, document=text)
    return actions.submit_for_review(by=author, version=version)


def never_raised(document: Document) -> None:
    """Ask for an answer that is hidden whenever the rest of the rule holds: no check of one fact sees it."""
    use = next(each for each in document["considerations"] if each["key"] == "use")
    use["when"] = {"all": [{"fact": "low_after_use", "is": True}, {"fact": "uses", "is": False}]}


def without_coverage(document: Document) -> None:
    document["vignettes"].pop()


def in_words_that_decide(document: Document) -> None:
    document["sections"][0]["help"] = "Says whether the client is eligible."


@pytest.mark.parametrize("edit", [without_coverage, in_words_that_decide])
def test_what_the_checks_object_to_goes_to_no_review(author: User, edit: Any) -> None:
    version = actions.create_draft(by=author, document=changed(edit))
    with pytest.raises(actions.NotReady, match="What the checks and vignettes show needs work first"):
        actions.submit_for_review(by=author, version=version)


def test_rules_that_nobody_verified_are_not_approved(author: User, owner: User) -> None:
    version = submitted(author, changed())
    for act in (actions.approve, actions.approve_and_publish):
        with pytest.raises(actions.NotReady, match="Its rules have to be verified first"):
            act(by=owner, version=version)


def test_sending_to_review_has_the_rules_verified(author: User, owner: User) -> None:
    version = submitted(author, changed())
    assert run_jobs() == ["screening.verify"]
    approved = actions.approve(by=owner, version=version)
    assert (approved.approved_rules, approved.unproved_seen) == (verification_of(version).rules, [])
    assert actions.publish(by=owner, version=version).state == "published"


def test_what_does_not_hold_refuses_the_approval_and_the_page_says_so(author: User, owner: User) -> None:
    version = submitted(author, changed(never_raised))
    prove(version)
    with pytest.raises(actions.NotReady, match="found 1 thing that does not hold"):
        actions.approve(by=owner, version=version)
    pages = signed_in(owner)
    shown = words(pages.get(address("version", version)))
    assert "1 thing asked of its rules does not hold" in shown
    assert "Something asked of its rules does not hold. Send it back to draft." in shown
    answer = pages.post(address("approve", version), {"seen": version.hash, "when": "now"})
    assert (answer.status_code, "found 1 thing that does not hold" in words(answer)) == (422, True)
    version.refresh_from_db()
    assert version.is_approved is False


def half_proved(author: User) -> QuestionnaireVersion:
    """Return a version of which one thing is not proved, as where the time ran out."""
    version = submitted(author, changed())
    prove(version)
    run = Verification.objects.get(version=version, state="finished")
    report = verification_of(version).report
    first, *rest = report.results
    left = replace(report, results=(replace(first, state=State.NOT_PROVED, witness=None), *rest))
    run.report = left.to_json()
    run.save(update_fields=["report"])
    return version


def test_what_is_not_proved_is_seen_by_whoever_approves_and_recorded(author: User, owner: User) -> None:
    version = half_proved(author)
    with pytest.raises(actions.NotReady, match="Say first that you saw what is not proved"):
        actions.approve(by=owner, version=version)
    pages = signed_in(owner)
    assert "but this is not proved:" in words(pages.get(address("approve", version)))
    sent = {"seen": version.hash, "when": "later"}
    refused = pages.post(address("approve", version), sent)
    assert (refused.status_code, words(refused).count("Say that you saw what is not proved.")) == (422, 2)
    done = pages.post(address("approve", version), {**sent, "saw_unproved": "on"}, follow=True)
    assert "Approved. It waits to be published." in words(done)
    version.refresh_from_db()
    assert version.unproved_seen == ["question_shown:age"]


def test_less_proved_than_at_the_approval_is_approved_anew(author: User, owner: User) -> None:
    version = half_proved(author)
    actions.approve(by=owner, version=version, unproved=["question_shown:age"])
    QuestionnaireVersion.objects.filter(pk=version.pk).update(unproved_seen=[])
    with pytest.raises(actions.NotReady, match="Less is proved of its rules than when it was approved"):
        actions.publish(by=owner, version=version)


def test_on_its_day_a_version_without_its_proof_is_not_published(author: User, owner: User) -> None:
    version = submitted(author, changed())
    prove(version)
    now = timezone.now()
    when = now + timedelta(days=1)
    actions.approve(by=owner, version=version, at=now)
    actions.set_publishing_day(by=owner, version=version, when=when, at=now)
    Verification.objects.all().delete()
    assert actions.publish_due(at=when) == []
    version.refresh_from_db()
    assert version.not_published_because == "Its rules have to be verified first."
