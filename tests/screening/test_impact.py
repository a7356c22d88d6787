"""What a draft would change: counted over all practices, small counts hidden, no record shown."""

import json
from collections import Counter

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import context, keys
from privacy.models import DataKey, Entry
from screening import actions
from screening.actions.counting import MOST_A_DAY
from screening.impact import Tally, shown
from screening.models import OutcomeCount, VerificationState
from tests.factories import accounts
from tests.factories import screening as factories
from tests.jobs import run_jobs, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return accounts.admin()


def changed_document():
    """The shipped questionnaire, whose first indication nothing meets any more, nor fails to."""
    document = json.loads(factories.document())
    criterion = document["indications"][0]["criteria"][0]
    criterion["when"] = {"all": [criterion["when"], {"not": criterion["when"]}]}
    criterion.pop("if_not_met", None)
    return document


def draft(admin, document):
    with context.enter(admin.organization_id):
        return actions.create_draft(by=admin, document=json.dumps(document))


def ask(admin, version, days=90, **values):
    with context.enter(admin.organization_id):
        return actions.request_outcome_count(by=admin, version=version, days=days, **values)


def many(how_many):
    therapist = accounts.therapist()
    for _ in range(how_many):
        factories.completed(therapist)
    return therapist


def counted(admin, version, days=90):
    count = ask(admin, version, days)
    assert "screening.count_outcomes" in run_jobs()
    count.refresh_from_db()
    assert count.state == VerificationState.FINISHED
    return count


def test_outcomes_are_counted_over_all_practices_and_none_is_named(admin):
    first, second = many(3), many(3)
    document = changed_document()
    count = counted(admin, draft(admin, document))
    key = document["indications"][0]["key"]
    moves = count.counts["indications"][key]
    assert count.counts["total"] == 6
    assert sum(moves.values()) == 6
    assert "same" not in moves
    assert all(set(each) == {"same"} for name, each in count.counts["indications"].items() if name != key)
    assert count.counts["changed"] == 6
    kept = json.dumps(count.counts)
    assert str(first.organization_id) not in kept
    assert str(second.organization_id) not in kept


def test_the_same_document_changes_nothing(admin):
    many(5)
    count = counted(admin, draft(admin, json.loads(factories.document())))
    assert (count.counts["total"], count.counts["changed"]) == (5, 0)
    assert {name for each in count.counts["indications"].values() for name in each} == {"same"}
    assert {name for each in count.counts["considerations"].values() for name in each} == {"same"}


def test_fewer_than_five_screenings_show_nothing(admin):
    many(4)
    count = counted(admin, draft(admin, changed_document()))
    assert count.counts == {
        "total": None,
        "changed": None,
        "indications": {},
        "considerations": {},
        "skipped": 0,
    }


def test_each_practice_whose_screenings_were_counted_finds_it_in_its_log(admin):
    practices = [many(3).organization_id, many(2).organization_id]
    untouched = accounts.therapist().organization_id
    counted(admin, draft(admin, changed_document()))
    told = []
    for practice in [*practices, untouched]:
        with context.enter(practice):
            entries = Entry.objects.filter(action="screening.outcomes_counted", owner=practice)
            told.append([(entry.by, entry.client, entry.codes) for entry in entries])
    assert told == [
        [(admin.pk, None, {"screenings": 3})],
        [(admin.pk, None, {"screenings": 2})],
        [],
    ]


def test_nothing_of_a_client_stands_in_arguments_rows_or_logs(admin, caplog):
    therapist = accounts.therapist()
    for number in range(5):
        client = factories.client_of(therapist, last_name=f"Seeded-Surname-{number}")
        factories.completed(therapist, client)
    ask(admin, draft(admin, changed_document()))
    arguments = json.dumps(waiting())
    run_jobs()
    rows = json.dumps(list(OutcomeCount.objects.values_list("counts", flat=True)))
    for seeded in ("Seeded-Surname", "Marisol", "HC-"):
        assert seeded not in arguments
        assert seeded not in rows
        assert seeded not in caplog.text


def test_a_practice_whose_key_is_destroyed_is_left_out_and_said(admin):
    many(5)
    gone = many(5).organization_id
    DataKey.objects.filter(organization_id=gone).update(erased_at=timezone.now(), master_key="", wrapped=b"")
    keys.forget()
    count = counted(admin, draft(admin, changed_document()))
    assert (count.counts["total"], count.counts["skipped"]) == (5, 1)


def test_a_draft_that_was_changed_meanwhile_is_not_counted_and_older_counts_are_said_to_be_stale(
    admin, client
):
    many(5)
    version = draft(admin, changed_document())
    counted(admin, version)
    client.force_login(admin)
    address = reverse("questionnaires:impact", args=[version.pk])
    assert "The draft was changed since" not in client.get(address).content.decode()
    waits = ask(admin, version, days=30)
    with context.enter(admin.organization_id):
        actions.replace_draft_document(by=admin, version=version, document=factories.document())
    run_jobs()
    waits.refresh_from_db()
    assert waits.state == VerificationState.ENDED_EARLY
    assert "The draft was changed since" in client.get(address).content.decode()


def test_the_page_tells_the_counts_in_words(admin, client):
    many(6)
    version = draft(admin, changed_document())
    client.force_login(admin)
    address = reverse("questionnaires:impact", args=[version.pk])
    assert client.post(address, {"days": "31"}).status_code == 422
    answer = client.post(address, {"days": "365"})
    assert (answer.status_code, answer.url) == (302, address)
    page = client.get(address).content.decode()
    assert f'hx-get="{address}"' in page
    run_jobs()
    page = client.get(address).content.decode()
    assert "An outcome would change in 6 of 6 screenings." in page
    assert "to indicators not present" in page or "to not enough information" in page
    assert "hx-get" not in page
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_asking_twice_counts_once_and_too_often_is_refused(admin):
    version = draft(admin, changed_document())
    assert ask(admin, version) == ask(admin, version)
    assert len(waiting()) == 1
    run_jobs()
    for _ in range(MOST_A_DAY - 1):
        ask(admin, version)
        run_jobs()
    with pytest.raises(actions.NotPossible, match="Count again tomorrow"):
        ask(admin, version)


def test_only_admins_have_outcomes_counted(client, admin):
    version = draft(admin, changed_document())
    client.force_login(accounts.therapist())
    address = reverse("questionnaires:impact", args=[version.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, {"days": "30"}).status_code == 403
    assert OutcomeCount.objects.count() == 0


def test_how_many_changed_in_all_is_hidden_where_it_would_give_a_hidden_count_away():
    """Nine changed in all, five of them in one indication: that would tell the four of the other."""
    tally = Tally(
        total=212,
        changed=9,
        indications={
            "one": Counter({"same": 207, "not_enough_information>indicators_present": 5}),
            "other": Counter({"same": 208, "not_enough_information>indicators_present": 4}),
        },
    )
    counts = shown(tally, 0)
    assert counts["changed"] is None
    assert counts["indications"]["other"] == {"same": None, "not_enough_information>indicators_present": None}
    assert counts["indications"]["one"] == {"same": 207, "not_enough_information>indicators_present": 5}
