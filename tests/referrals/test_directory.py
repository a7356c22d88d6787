"""The directory: what is shown to whom, how it is narrowed, and writing one's own entry."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions as people
from privacy import context
from referrals import actions
from referrals.actions import ListingFacts
from referrals.models import Listing
from tests.factories import accounts
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


def _typed(**changes):
    values = {
        "is_published": "on",
        "takes_referrals": "on",
        "contact": "",
        "about": "We evaluate and explain.",
        "city": "Portland",
        "state": "or",
        "phone": "503 555 0100",
        "evaluates": ["trd", "ptsd"],
        "forms": ["iv"],
        "payers": ["medicare"],
        "licensed_in": ["or", "wa"],
        "telehealth": "evaluation_only",
        "languages": "English, Spanish",
        "works_with_therapist": "yes",
        "says_what_to_work_on": "not_known",
        "step_free": "no",
        "wait_weeks": "3",
        "revision": "0",
    }
    return values | changes


@pytest.mark.parametrize("who", [accounts.therapist, accounts.provider, accounts.admin])
def test_everybody_who_signed_in_reads_the_published_entries(client, who):
    shown = make.listing_of(accounts.provider(name="Ines Calder"))
    hidden = accounts.provider()
    with context.enter(hidden.organization_id):
        draft = actions.write_listing(by=hidden, facts=ListingFacts(), is_published=False)
    client.force_login(who())
    page = client.get(reverse("directory:list"))
    assert [listing.pk for listing in page.context["page"]] == [shown.pk]
    assert client.get(reverse("directory:show", args=[shown.pk])).status_code == 200
    expected = 200 if who is accounts.admin else 404
    assert client.get(reverse("directory:show", args=[draft.pk])).status_code == expected


def test_nobody_reads_it_signed_out(client):
    listing = make.listing_of(accounts.provider())
    for url in (reverse("directory:list"), reverse("directory:show", args=[listing.pk])):
        assert client.get(url).status_code == 302


def test_a_disabled_organization_is_not_listed(client):
    listing = make.listing_of(accounts.provider())
    with context.enter(None):
        people.disable_organization(by=accounts.admin(), organization=listing.organization)
    client.force_login(accounts.therapist())
    assert list(client.get(reverse("directory:list")).context["page"]) == []


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, {"a", "b"}),
        ({"evaluates": "ptsd"}, {"a"}),
        ({"licensed_in": "wa"}, {"b"}),
        ({"telehealth": "yes"}, {"b"}),
        ({"payer": "medicare"}, {"a"}),
        ({"form": "iv"}, {"b"}),
        ({"form": "iv", "evaluates": "ptsd"}, set()),
        ({"evaluates": "' OR 1=1 --"}, {"a", "b"}),
        ({"order": "password", "page": "\x00"}, {"a", "b"}),
    ],
)
def test_it_is_narrowed_by_fixed_choices_only(client, narrowed, found):
    """CHECKS 31."""
    first, second = accounts.provider(), accounts.provider()
    entries = {"a": ListingFacts(evaluates=("trd", "ptsd"), licensed_in=("or",), payers=("medicare",))}
    entries["b"] = ListingFacts(evaluates=("trd",), licensed_in=("or", "wa"), telehealth="yes", forms=("iv",))
    names = {}
    for name, person in (("a", first), ("b", second)):
        with context.enter(person.organization_id):
            row = actions.write_listing(by=person, facts=entries[name], is_published=True)
        names[row.pk] = name
    client.force_login(accounts.therapist())
    page = client.get(reverse("directory:list"), narrowed)
    assert page.status_code == 200
    assert {names[listing.pk] for listing in page.context["page"]} == found


def test_a_prescribers_people_write_their_own_entry(client):
    provider = accounts.provider()
    client.force_login(provider)
    url = reverse("directory:edit")
    assert client.get(url).status_code == 200
    # A double click is one change.
    answers = [client.post(url, _typed(contact=str(provider.pk))) for _ in range(2)]
    listing = Listing.objects.get(organization=provider.organization)
    assert [answer["Location"] for answer in answers] == [reverse("directory:show", args=[listing.pk])] * 2
    assert (listing.city, listing.licensed_in, listing.wait_weeks, listing.revision) == (
        "Portland",
        ["or", "wa"],
        3,
        1,
    )
    assert listing.wait_said_on is not None


@pytest.mark.parametrize("who", [accounts.therapist, accounts.admin])
def test_nobody_else_writes_an_entry(client, who):
    client.force_login(who())
    assert client.post(reverse("directory:edit"), _typed()).status_code == 403
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"city": "a\x00b"}, "city"),
        ({"about": "x" * 3000}, "about"),
        ({"state": "atlantis"}, "state"),
        ({"licensed_in": ["or", "zz"]}, "licensed_in"),
        ({"evaluates": ["everything"]}, "evaluates"),
        ({"telehealth": ""}, "telehealth"),
        ({"wait_weeks": "-1"}, "wait_weeks"),
        ({"wait_weeks": "1e9"}, "wait_weeks"),
        ({"wait_weeks": "105"}, "wait_weeks"),
        ({"contact": "5"}, "contact"),
        ({"revision": "x"}, "revision"),
    ],
)
def test_a_bad_entry_is_said_beside_its_field_and_kept(client, changes, field):
    """CHECKS 30."""
    client.force_login(accounts.provider())
    answer = client.post(reverse("directory:edit"), _typed(**changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Listing.objects.exists()
    assert "English, Spanish" in answer.content.decode()


def test_a_colleague_of_somewhere_else_is_no_contact(client):
    client.force_login(accounts.provider())
    answer = client.post(reverse("directory:edit"), _typed(contact=str(accounts.provider().pk)))
    assert "contact" in answer.context["form"].errors


def test_two_people_on_one_entry_both_see_both_values(client):
    """CHECKS 43."""
    provider = accounts.provider()
    colleague = accounts.provider(organization=provider.organization)
    client.force_login(provider)
    url = reverse("directory:edit")
    client.post(url, _typed())
    with context.enter(provider.organization_id):
        facts = ListingFacts(city="Salem", telehealth="not_known")
        actions.write_listing(by=colleague, facts=facts, is_published=True, revision=1)
    refused = client.post(url, _typed(city="Eugene", revision="1"))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Stands: Salem" in page
    assert "You typed: Eugene" in page
    assert Listing.objects.get().city == "Salem"
    assert client.post(url, _typed(city="Eugene", revision="2")).status_code == 302
    assert Listing.objects.get().city == "Eugene"


def test_an_action_refuses_a_state_that_is_none():
    provider = accounts.provider()
    with pytest.raises(actions.NotPossible), context.enter(provider.organization_id):
        actions.write_listing(by=provider, facts=ListingFacts(licensed_in=("OR",)), is_published=True)


def test_the_list_takes_the_same_queries_for_one_entry_and_for_three(client):
    make.listing_of(accounts.provider())
    client.force_login(accounts.therapist())
    client.get(reverse("directory:list"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("directory:list"))
        own = ("SAVEPOINT", "RELEASE")
        return len([each for each in captured if not each["sql"].startswith(own)])

    one = queries()
    make.listing_of(accounts.provider())
    make.listing_of(accounts.provider())
    assert (one, queries()) == (5, 5)
