"""The export of a client's record holds everything that is held, and nothing of anybody else."""

import json
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.records.document import FORMAT, SCHEMA
from desk.records.gathering import LEFT_OUT, TOLD_IN, account, gather
from privacy import context
from referrals.workflow import Status
from screening.models import Client
from tests.factories import referrals, requests, whole_record

TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def whole(scene):
    return whole_record.build(scene)


@pytest.fixture
def record(whole):
    with context.enter(whole.scene.practice.pk):
        client = Client.objects.select_related("therapist").get(pk=whole.client.pk)
        return gather(client, by=whole.lead, at=whole.scene.now, with_looks=True)


def about_clients() -> Iterator[type[models.Model]]:
    """Yield every model of ours from whose rows keys lead to a client, over however many others."""
    found = {Client}
    packages = ("screening", "referrals", "guidance", "desk")
    ours = [each for label in packages for each in apps.get_app_config(label).get_models()]
    grown = True
    while grown:
        more = {
            model
            for model in ours
            for field in model._meta.get_fields()
            if field.many_to_one and field.related_model in found and model not in found
        }
        found, grown = found | more, bool(more)
    yield from found


def test_every_model_about_a_client_is_told_or_left_out_for_a_reason():
    labels = {model._meta.label for model in about_clients()}
    assert len(labels) >= 20
    assert labels - set(TOLD_IN) - set(LEFT_OUT) == set()
    assert set(TOLD_IN) & set(LEFT_OUT) == set()
    assert set(TOLD_IN) | set(LEFT_OUT) <= labels


def test_the_export_reads_every_table_that_it_tells_of_and_each_has_a_row_to_tell(whole):
    with context.enter(whole.scene.practice.pk), CaptureQueriesContext(connection) as captured:
        client = Client.objects.select_related("therapist").get(pk=whole.client.pk)
        gather(client, by=whole.lead, at=whole.scene.now)
    read = " ".join(query["sql"] for query in captured.captured_queries)
    with context.enter(whole.scene.practice.pk):
        tables = {label: apps.get_model(label) for label in TOLD_IN}
        assert [label for label, model in tables.items() if not model.objects.exists()] == []
    assert [label for label, model in tables.items() if f'FROM "{model._meta.db_table}"' not in read] == []


def test_every_section_that_a_model_is_told_in_is_there_and_says_something(record):
    sections = {section.key: section for section in record.sections}
    assert set(TOLD_IN.values()) - set(sections) == set()
    assert [key for key, section in sections.items() if not section.items] == []


def test_every_word_that_was_written_is_in_the_file_and_on_the_page(browser, whole, record):
    file = record.as_json().decode()
    assert len(whole.words) > 25
    assert [word for word in whole.words if word not in file] == []
    asked = requests.asked(whole.scene, whole.client)
    page = browser(whole.lead).get(reverse("desk:records_document", args=[asked.pk]))
    assert page.status_code == 200
    assert [word for word in whole.words if word not in page.content.decode()] == []


def test_every_answer_is_there_with_those_that_are_missing(record):
    screenings = next(section for section in record.sections if section.key == "screenings")
    [first, wrong] = screenings.items
    facts = [fact for item in first.items if item.kind == "answers" for fact in item.facts]
    answers = {fact.key: (fact.text, fact.missing) for fact in facts}
    assert answers["low_mood"] == ("Yes", "")
    assert answers["low_after_use"] == ("", "declined")
    assert answers["plan"] == ("", "not_answered")
    assert [item.kind for item in first.items] == [
        *["answers"] * 4,
        *["indication"] * 2,
        "scores",
        "considerations",
        "acknowledgement",
        "judgment",
    ]
    assert [fact.text for fact in wrong.facts if fact.key == "state"] == ["Entered in error"]


def test_an_answer_that_no_longer_counts_is_told_too(scene):
    client = referrals.client_of(scene)
    changed = {"uses": {"value": False}, "uses_daily": {"value": True}}
    referrals.screening_of(scene, client, {"substances": changed})
    with context.enter(scene.practice.pk):
        found = gather(client, by=scene.therapist, at=scene.now)
    screenings = next(section for section in found.sections if section.key == "screenings")
    [hidden] = [item for item in screenings.items[0].items if item.kind == "not_asked"]
    assert {fact.key for fact in hidden.facts} == {"uses_daily", "low_after_use"}


def test_the_file_says_what_it_is_and_holds_answers_findings_and_the_packet_as_they_are_stored(record):
    file = json.loads(record.as_json())
    assert (file["format"], file["schema"]) == (FORMAT, SCHEMA) == ("warm-handoff/client-record", 1)
    sections = {section["key"]: section for section in file["sections"]}
    stored = sections["screenings"]["items"][0]["stored"]
    assert stored["answers"]["mood"]["answers"]["low_after_use"]["answer"] == {"unknown": "declined"}
    assert stored["findings"]["indications"]["low"]["outcome"] == stored["outcomes"]["low"]
    [packet] = [item for item in sections["referrals"]["items"][0]["items"] if item["kind"] == "packet"]
    assert packet["stored"]["recipient"] == packet["facts"][0]["text"]


def test_the_account_names_when_to_whom_what_and_why(whole, record):
    """45 CFR 164.528(b)(2)."""
    disclosures = next(section for section in record.sections if section.key == "disclosures")
    [sent, *later] = disclosures.items
    facts = {fact.key: fact.text for fact in sent.facts}
    assert facts["to"] == whole.scene.prescriber.name
    assert facts["what"] == "The referral packet"
    assert facts["purpose"] == "Treatment: evaluation by the recipient, with the client’s consent"
    assert facts["sections"] == "About the client; Mood; Safety; Substance use"
    assert facts["consent"].startswith("Verbally, with a witness, recorded ")
    assert [next(fact.text for fact in item.facts if fact.key == "what") for item in later] == [
        "Answers to the provider’s questions",
        "A message",
        "Course: Measure",
    ]


def test_a_packet_that_went_to_the_wrong_place_says_so_in_the_account(scene):
    referral = referrals.at(Status.RECALLED, scene)
    with context.enter(scene.practice.pk):
        found = account(referral.client, by=scene.therapist, at=scene.now)
    assert [section.key for section in found.sections] == ["client", "disclosures"]
    [recalled] = [fact for item in found.sections[1].items for fact in item.facts if fact.key == "recalled"]
    assert recalled.text.startswith("It went to the wrong provider")
    assert recalled.note.startswith("It had been opened")


def test_a_packet_tells_the_statement_that_went_with_it(scene):
    client = referrals.client_of(scene)
    screening = referrals.screening_of(scene, client)
    requests.amendment(scene, client, *requests.DISAGREED, sections=("mood",), words="One evening.")
    referrals.take(scene, referrals.ready(scene, screening=screening), "send")
    with context.enter(scene.practice.pk):
        found = gather(client, by=scene.therapist, at=scene.now)
    [told] = next(section for section in found.sections if section.key == "referrals").items
    [packet] = [item for item in told.items if item.kind == "packet"]
    [statement] = [item for item in packet.items if item.kind == "statement"]
    assert [fact.key for fact in statement.facts] == [
        "about",
        "request",
        "denial",
        "disagreement",
        "rebuttal",
    ]


def test_records_of_a_substance_use_program_carry_the_notice(scene, record):
    notice = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    assert record.redisclosure_notice == notice
    client = referrals.client_of(scene)
    with context.enter(scene.practice.pk):
        assert gather(client, by=scene.therapist, at=scene.now).redisclosure_notice == ""


def test_nobody_elses_words_are_in_it_nor_a_colleagues_own_affairs(whole, record):
    another = referrals.at(Status.IN_REVIEW, whole.scene)
    with context.enter(whole.scene.practice.pk):
        client = Client.objects.select_related("therapist").get(pk=whole.client.pk)
        again = gather(client, by=whole.lead, at=whole.scene.now, with_looks=True)
        names = (another.client.last_name, another.client.record_number)
    file = again.as_json().decode()
    assert [name for name in names if name in file] == []
    assert "own affair" not in file


def test_who_looked_is_in_it_only_where_that_was_asked_for(whole):
    with context.enter(whole.scene.practice.pk):
        client = Client.objects.select_related("therapist").get(pk=whole.client.pk)
        plain = gather(client, by=whole.lead, at=whole.scene.now)
        looked = gather(client, by=whole.lead, at=whole.scene.now, with_looks=True)
    assert "access" not in {section.key for section in plain.sections}
    [lines] = next(section for section in looked.sections if section.key == "access").items
    assert {fact.label for fact in lines.facts} >= {"Thea Rapist, LMFT", "Pro Vider, MD", "Lea Der"}


def test_an_empty_record_says_that_nothing_is_recorded(scene, browser):
    client = referrals.client_of(scene)
    with context.enter(scene.practice.pk):
        found = gather(client, by=scene.therapist, at=scene.now)
    empty = {section.key for section in found.sections if not section.items}
    assert empty == {
        "screenings",
        "referrals",
        "disclosures",
        "amendments",
        "records_requests",
        "emergency_access",
    }


def test_the_number_of_queries_does_not_depend_on_how_much_is_held(scene):
    def queries(client):
        with context.enter(scene.practice.pk):
            found = Client.objects.select_related("therapist").get(pk=client.pk)
            with CaptureQueriesContext(connection) as captured:
                gather(found, by=scene.therapist, at=scene.now, with_looks=True)
        return len([query for query in captured.captured_queries if query["sql"].startswith("SELECT")])

    one = referrals.at(Status.CLOSED, scene).client
    counts = [queries(one)]
    for _ in range(2):
        screening = referrals.screening_of(scene, one)
        referrals.take(scene, referrals.ready(scene, screening=screening), "send", "open", "decline", "close")
    counts.append(queries(one))
    assert counts == [33, 33]
