"""Runs what was deferred, as a worker would, on the test's own connection."""

import json

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

from privacy import jobs


def run_jobs() -> list[str]:
    """Do every job that waits, those deferred meanwhile too, and return their names in the order done.

    A job that goes wrong raises here what the worker would only have logged.
    """
    done = []
    while (job := _next()) is not None:
        jobs.DECLARED[job.task_name].run(_arguments(job))
        async_to_sync(app.job_manager.finish_job)(job, Status.SUCCEEDED, delete_job=True)
        done.append(job.task_name)
    return done


def waiting() -> list[tuple[str, dict[str, object]]]:
    """Return the name and arguments of every job that waits, oldest first."""
    found = async_to_sync(app.job_manager.list_jobs_async)(status="todo")
    return [(job.task_name, _arguments(job)) for job in found]


def _arguments(job: QueuedJob) -> dict[str, object]:
    """Return the arguments; Django's connection, unlike the worker's, hands out JSON as it is written."""
    return json.loads(str(job.task_kwargs))


def _next() -> QueuedJob | None:
    return async_to_sync(app.job_manager.fetch_job)(queues=None, worker_id=None)
