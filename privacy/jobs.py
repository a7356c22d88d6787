"""Work outside a request: declared here, deferred with the change that asks for it, done by a worker.

    @jobs.job("screening.verify", one_for="verification")
    def verify(*, by: jobs.Person | None, verification: UUID) -> None: ...

    verify.defer(by=person, verification=row.pk)     # inside an action: no commit, no job

A job's arguments are ids and whole numbers: they stand in a table that no row security guards.
"""

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from traceback import extract_tb
from typing import Any, get_type_hints
from uuid import UUID

import procrastinate
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job as QueuedJob
from procrastinate.tasks import Task

from privacy import audit, context

logger = logging.getLogger("privacy.jobs")

# A database that is away, or a worker that ends, is no fault of the job: it begins again this often.
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)
# What every job carries beside its own ids: whose rows it may see, and who asked for it.
ORGANIZATION, BY = "organization", "by"

Id = UUID | int


class Again(Exception):
    """The job couldn't be finished now and starts again later; nothing of it was kept."""


class Broken(Exception):
    """The job went wrong: it carries the place in the code, never the message, which may quote a client."""


class NotAnId(TypeError):
    """An argument of a job is something else than an id or a whole number."""


@dataclass(slots=True)
class Person:
    """Who asked for a job, as the audit log names them."""

    pk: UUID
    organization_id: UUID


@dataclass(slots=True)
class _Running:
    """The job that runs in this thread: its organization, and whether its worker is about to end."""

    organization: UUID | None
    is_stopping: Callable[[], bool]


_running: ContextVar[_Running | None] = ContextVar("privacy_jobs_running", default=None)


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job."""

    name: str
    body: Callable[..., None]
    takes: frozenset[str]
    one_for: str | None
    in_pieces: bool
    task: Task[..., None, ...]

    def defer(self, *, by: audit.Person | None, organization: UUID | None = None, **ids: Id) -> bool:
        """Queue the job with the running transaction; False where the same one already waits.

        It enters `organization`, or else the one of whoever asks.
        """
        if frozenset(ids) != self.takes:
            raise NotAnId(f"{self.name} takes {', '.join(sorted(self.takes)) or 'nothing'}.")
        whose = organization if organization is not None else getattr(by, "organization_id", None)
        arguments: dict[str, Any] = {name: _written(name, value) for name, value in ids.items()}
        arguments |= {ORGANIZATION: _written(ORGANIZATION, whose) if whose is not None else None}
        if by is not None:
            arguments |= {BY: [_written(BY, by.pk), _written(BY, by.organization_id)]}
        lock = f"{self.name}:{arguments[self.one_for]}" if self.one_for is not None else None
        try:
            with transaction.atomic(using=DEFAULT_DB_ALIAS):
                self.task.configure(lock=lock, queueing_lock=lock).defer(**arguments)
        except AlreadyEnqueued:
            return False
        return True

    def run(self, arguments: dict[str, Any], is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Do the job: in its organization, in one transaction, with its audit entries (or `in_pieces`)."""
        ids = {name: _read(arguments[name]) for name in self.takes}
        asked = arguments.get(BY)
        by = Person(UUID(asked[0]), UUID(asked[1])) if asked else None
        whose = arguments.get(ORGANIZATION)
        running = _Running(UUID(whose) if whose else None, is_stopping)
        token = _running.set(running)
        try:
            if self.in_pieces:
                self.body(by=by, **ids)
            else:
                with context.enter(running.organization):
                    self.body(by=by, **ids)
        finally:
            _running.reset(token)


DECLARED: dict[str, Job] = {}


def job(
    name: str, *, one_for: str | None = None, in_pieces: bool = False
) -> Callable[[Callable[..., None]], Job]:
    """Declare a job; its parameters are `by` and, keyword-only, ids (UUID) or whole numbers (int).

    `one_for` names the id for which one such job at most waits and one at most runs. A long job says
    `in_pieces`: nothing is open around it, and it enters its organization by `entered()` for each piece.
    """

    def declare(body: Callable[..., None]) -> Job:
        takes = _ids_of(name, body)

        def run(work: procrastinate.JobContext, /, **arguments: Any) -> None:
            _run_guarded(DECLARED[name], arguments, work.should_abort)

        task = app.task(name=name, pass_context=True, retry=_Retry())(run)
        declared = Job(name, body, takes, one_for, in_pieces, task)
        DECLARED[name] = declared
        return declared

    return declare


def every(cron: str, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare what a worker does by the clock (`* * * * *`, UTC); one at a time, whatever was missed.

    It sees no client's rows: what has to look at some defers a job for each organization.
    """

    def declare(body: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:
            with _only_places(name):
                body()

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run))
        return body

    return declare


@contextmanager
def entered() -> Iterator[None]:
    """Enter the running job's organization for one short transaction of a job `in_pieces`."""
    running = _running.get()
    if running is None:
        raise RuntimeError("Only a job that runs has an organization to enter.")
    with context.enter(running.organization):
        yield


def stop_if_asked() -> None:
    """Give the job back to the queue where its worker is about to end; a long job calls this often."""
    running = _running.get()
    if running is not None and running.is_stopping():
        raise Again


class _Retry(procrastinate.BaseRetryStrategy):
    """Again, ever later, for what was no fault of the job; never for what was."""

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> procrastinate.RetryDecision | None:
        """Return when to begin again, or None."""
        if not isinstance(exception, Again) or job.attempts + 1 >= MOST_ATTEMPTS:
            return None
        wait = FIRST_WAIT * 3**job.attempts
        return procrastinate.RetryDecision(retry_at=datetime.now(UTC) + wait)


def _run_guarded(declared: Job, arguments: dict[str, Any], is_stopping: Callable[[], bool]) -> None:
    with _only_places(declared.name):
        declared.run(arguments, is_stopping)


@contextmanager
def _only_places(name: str) -> Iterator[None]:
    """Let no message of an exception out: the library logs whatever a job raises."""
    try:
        yield
    except Again:
        raise
    except (OperationalError, InterfaceError) as problem:
        logger.warning("job %s will begin again: %s", name, type(problem).__name__)
        raise Again from None
    except Exception as problem:
        frames = extract_tb(problem.__traceback__)
        place = f"{type(problem).__name__} at {frames[-1].filename}:{frames[-1].lineno}"
        logger.error("job %s broke: %s", name, place)
        raise Broken(place) from None


def _ids_of(name: str, body: Callable[..., None]) -> frozenset[str]:
    """Return the names of a body's ids; refuse what could take a text."""
    hints = get_type_hints(body)
    names = [each for each in inspect.signature(body).parameters if each != BY]
    wrong = [each for each in names if hints.get(each) not in {UUID, int} or each == ORGANIZATION]
    if wrong or BY not in hints:
        raise NotAnId(f"{name} takes `by`, and beside it only ids and whole numbers; not: {wrong}")
    return frozenset(names)


def _written(name: str, value: object) -> str | int:
    match value:
        case bool():
            raise NotAnId(f"{name} is neither an id nor a whole number.")
        case int():
            return value
        case UUID():
            return str(value)
        case _:
            raise NotAnId(f"{name} is neither an id nor a whole number.")


def _read(value: object) -> Id:
    return value if isinstance(value, int) else UUID(str(value))
