"""Every case of the bench runs and is answered as it should be, on a small database. No time is looked at."""

from typing import Any
from uuid import UUID

import pytest
from django.core.wsgi import get_wsgi_application

from accounts.models import User
from bench import browser, cases, entries, verifying, world
from bench.measuring import Plan, in_turns
from bench.signing_in import signed_in
from tests import databases

SMALL = world.Size(intakes=1, clients=60, inbox=5, referrals=45)


@pytest.fixture
def small(committed: databases.Clone, settings: Any) -> world.World:
    """The bench's database, much smaller, behind the bench's addresses."""
    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = [browser.HOST]
    return world.build(SMALL)


def people_of(therapist: User, provider: User) -> cases.People:
    application = get_wsgi_application()
    return cases.People(signed_in(application, therapist), signed_in(application, provider))


def test_every_case_is_answered_as_it_should_be(small: world.World):
    people = people_of(small.therapist, small.provider)
    measured = in_turns(cases.all_cases(small, people), Plan(warm_up=0, rounds=1, budget=60))
    assert set(measured) == {*cases.LIMITS, cases.BARE, cases.LOADS, cases.WITHOUT}


def test_the_bare_view_reads_a_row_and_answers_with_a_hundred_bytes(small: world.World):
    people = people_of(small.therapist, small.provider)
    bare = cases.all_cases(small, people)[0]
    answer = bare.prepare()()
    assert (bare.name, len(answer.body)) == (cases.BARE, 100)
    assert answer.text.startswith("Harbor Counseling")


def test_a_case_that_gets_another_answer_is_an_error_and_no_figure(small: world.World):
    stranger = people_of(small.provider, small.provider)
    page = next(
        case for case in cases.all_cases(small, stranger) if case.name == "section page, 12 questions"
    )
    with pytest.raises(cases.NotAnswered, match="403"):
        page.prepare()()


def test_the_long_log_is_linked_rightly_and_walled_again(committed: databases.Clone, small: world.World):
    before = verifying.timed().entries
    chains: list[UUID] = [small.therapist.organization_id, small.provider.organization_id]
    assert entries.add(committed.owner, chains, 400) == entries.Length(entries=400, chains=2)
    assert verifying.timed().entries == before + 400
    forced = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'privacy_entry'"
    assert committed.owner.execute(forced).fetchone() == (True, True)


def test_clients_names_differ_and_no_last_name_is_one_clients_alone():
    some = [name for name, _ in zip(world.names(), range(2_000), strict=False)]
    lasts = [last for _first, last in some]
    assert len(set(some)) == 2_000
    assert min(lasts.count(last) for last in set(lasts)) > 1
