"""Jobs: deferred with the change that asks for them, bound to one organization, ids only."""

from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app

from privacy import audit, context, jobs
from privacy.models import Entry
from tests.jobs import run_jobs, waiting

SEEN: list[object] = []


@jobs.job("tests.look", one_for="record")
def look(*, by: jobs.Person | None, record: UUID) -> None:
    SEEN.append((by, context.organization(), record))
    audit.record("tests.looked", by=by, records=1)


@jobs.job("tests.count", in_pieces=True)
def count(*, by: jobs.Person | None, record: UUID, days: int) -> None:
    SEEN.append((context.organization(), connection.in_atomic_block, days))
    with jobs.entered():
        SEEN.append(context.organization())
    jobs.stop_if_asked()


@jobs.job("tests.break")
def broken(*, by: jobs.Person | None, record: UUID) -> None:
    raise ValueError("Ada Lovelace, born 1815")


@jobs.job("tests.away")
def away(*, by: jobs.Person | None, record: UUID) -> None:
    raise OperationalError("Key (name)=(Ada Lovelace) already exists")


@pytest.fixture(autouse=True)
def nothing_seen():
    SEEN.clear()


@pytest.fixture
def person():
    return jobs.Person(uuid4(), uuid4())


def test_a_job_enters_the_organization_of_whoever_asks_and_writes_its_audit_entries(db, person):
    record = uuid4()
    with transaction.atomic():
        assert look.defer(by=person, record=record)
    assert run_jobs() == ["tests.look"]
    assert [(person, person.organization_id, record)] == SEEN
    with context.enter(person.organization_id):
        entry = Entry.objects.get(action="tests.looked")
    assert (entry.by, entry.organization, entry.chain) == (
        person.pk,
        person.organization_id,
        person.organization_id,
    )


def test_a_job_may_enter_another_organization_than_the_one_of_whoever_asks(db, person):
    practice = uuid4()
    look.defer(by=person, organization=practice, record=uuid4())
    run_jobs()
    assert SEEN[0][:2] == (person, practice)


def test_what_was_taken_back_leaves_no_job(db, person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        look.defer(by=person, record=uuid4())
        raise ZeroDivisionError
    assert waiting() == []


def test_the_same_job_waits_once(db, person):
    record = uuid4()
    assert [look.defer(by=person, record=each) for each in (record, record, uuid4())] == [True, False, True]
    assert len(waiting()) == 2


def test_a_long_job_runs_outside_any_organization_and_enters_its_own_by_pieces(db, person):
    count.defer(by=person, record=uuid4(), days=30)
    run_jobs()
    assert [(None, True, 30), person.organization_id] == SEEN


def test_a_long_job_gives_itself_back_where_its_worker_is_about_to_end(db, person):
    arguments = {"record": str(uuid4()), "days": 30, "organization": str(person.organization_id)}
    with pytest.raises(jobs.Again):
        count.run(arguments, lambda: True)


@pytest.mark.parametrize("value", ["Ada", "", 1.5, None, True, b"x", ["a"], {"name": "Ada"}])
def test_an_argument_that_is_no_id_and_no_whole_number_is_refused(db, person, value):
    with pytest.raises(jobs.NotAnId) as refused:
        look.defer(by=person, record=value)
    assert "Ada" not in str(refused.value)
    assert waiting() == []


def test_an_argument_too_many_or_too_few_is_refused(db, person):
    for arguments in ({}, {"record": uuid4(), "other": uuid4()}):
        with pytest.raises(jobs.NotAnId):
            look.defer(by=person, **arguments)
    assert waiting() == []


def _text(*, by: jobs.Person | None, name: str) -> None: ...


def _untyped(*, by: jobs.Person | None, record) -> None: ...


def _nobody(*, record: UUID) -> None: ...


@pytest.mark.parametrize("body", [_text, _untyped, _nobody], ids=["text", "untyped", "nobody"])
def test_a_job_that_could_take_a_text_cannot_be_declared(body):
    name = f"tests.{body.__name__}"
    with pytest.raises(jobs.NotAnId):
        jobs.job(name)(body)
    assert name not in app.tasks


def test_every_declared_job_of_the_product_takes_ids_only():
    assert {name for name in jobs.DECLARED if not name.startswith("tests.")} <= set(app.tasks)
    assert all(jobs._ids_of(each.name, each.body) == each.takes for each in jobs.DECLARED.values())


def test_an_exception_of_a_job_keeps_its_place_and_loses_its_words(db, person, caplog):
    with pytest.raises(jobs.Broken) as raised:
        jobs._run_guarded(broken, {"record": str(uuid4())}, lambda: False)
    said = f"{raised.value} {caplog.text}"
    assert "Ada" not in said
    assert "ValueError at" in said
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_database_that_is_away_is_tried_again_ever_later_and_not_for_ever(db, person, caplog):
    with pytest.raises(jobs.Again) as raised:
        jobs._run_guarded(away, {"record": str(uuid4())}, lambda: False)
    assert "Ada" not in caplog.text
    decisions = [
        app.tasks["tests.away"].retry_strategy.get_retry_decision(exception=raised.value, job=_tried(times))
        for times in range(jobs.MOST_ATTEMPTS)
    ]
    assert [each is not None for each in decisions] == [True] * (jobs.MOST_ATTEMPTS - 1) + [False]
    waits = [each.retry_at for each in decisions if each is not None]
    assert waits == sorted(waits)


def test_a_job_that_is_wrong_is_not_tried_again():
    strategy = app.tasks["tests.break"].retry_strategy
    assert strategy.get_retry_decision(exception=jobs.Broken("x"), job=_tried(0)) is None


def _tried(times):
    return app.tasks["tests.away"].configure().job.evolve(attempts=times)
