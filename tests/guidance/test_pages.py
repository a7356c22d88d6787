"""The guidance pages: for everybody signed in, with sources from the published questionnaire."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from guidance import evidence
from tests.factories import accounts

PAGES = ["/guidance/", "/guidance/handout/", "/guidance/primer/", "/guidance/evidence/"]
LAW = date(2026, 12, 31)


def get(person: User, path: str):
    browser = Client()
    browser.force_login(person)
    return browser.get(path)


@pytest.mark.parametrize("path", PAGES)
def test_signed_out_leads_to_sign_in(client, db, path):
    assert client.get(path).headers["Location"] == f"/account/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_everybody_who_is_signed_in_may_read_it(db, path):
    people = [accounts.therapist(), accounts.provider(), accounts.admin()]
    assert [get(person, path).status_code for person in people] == [200, 200, 200]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_changed_by_a_post(db, path):
    browser = Client()
    browser.force_login(accounts.therapist())
    assert browser.post(path).status_code == 405


def test_until_a_version_is_published_the_shipped_sources_are_shown(db):
    page = get(accounts.therapist(), "/guidance/evidence/").content.decode()
    assert "No version is published yet." in page
    assert "Kroenke K, Spitzer RL, Williams JBW." in page


def test_a_published_version_gives_the_sources(db):
    from privacy import context
    from screening import actions

    author, owner = accounts.admin(), accounts.admin(duties=["clinical_owner"])
    text = evidence.SHIPPED.read_text(encoding="utf-8").replace("Validation study", "A study of validity")
    with context.enter(author.organization_id):
        draft = actions.create_draft(by=author, document=text)
        actions.submit_for_review(by=author, version=draft)
        actions.approve_and_publish(by=owner, version=draft)
    page = get(accounts.therapist(), "/guidance/evidence/").content.decode()
    assert "sources of version 1 of the questionnaire" in page
    assert "A study of validity" in page
    assert "Validation study" not in page


def test_every_paragraph_of_what_is_known_names_a_source():
    known = evidence.shipped_library(LAW).known()
    assert {name: len(sources) > 0 for name, sources in known.items()} == dict.fromkeys(evidence.KNOWN, True)


def test_a_source_is_out_of_date_on_the_day_after_its_review_day():
    on_the_day, after = evidence.shipped_library(LAW), evidence.shipped_library(LAW + timedelta(days=1))
    assert [held.source.key for held in on_the_day.out_of_date] == []
    assert [held.source.key for held in after.out_of_date] == ["dea_flexibilities"]


@pytest.mark.parametrize("path", ["/guidance/primer/", "/guidance/evidence/"])
def test_what_is_out_of_date_is_marked_where_it_is_read(db, path, monkeypatch):
    after = LAW + timedelta(days=1)
    monkeypatch.setattr("guidance.views.timezone.localdate", lambda: after)
    page = get(accounts.therapist(), path).content.decode()
    assert "Out of date since December\u00a031,\u00a02026" in page


def test_the_guideline_against_ketamine_for_ptsd_stands_out(db):
    [ptsd] = [found for found in evidence.shipped_library(LAW).indications if found.key == "ptsd"]
    adverse = [line for line in ptsd.lines if line.is_adverse]
    assert [line.text.startswith("VA/DoD 2023 suggests against ketamine for PTSD") for line in adverse] == [
        True
    ]
    page = get(accounts.therapist(), "/guidance/handout/").content.decode()
    assert "<b>A US guideline suggests against ketamine for PTSD.</b>" in page


@pytest.mark.parametrize("path", ["/guidance/handout/", "/guidance/primer/"])
def test_whom_to_call_is_said(db, path):
    page = get(accounts.therapist(), path).content.decode()
    assert "988" in page
    assert "911" in page


def test_the_handout_says_that_it_is_not_about_the_reader(db):
    page = get(accounts.therapist(), "/guidance/handout/").content.decode()
    assert "A provider will decide; this sheet is not advice about you." in page
