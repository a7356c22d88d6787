"""The worker: takes jobs from our own database by asking again and again, and those of a worker that died."""

import asyncio
import logging
import signal
from contextlib import suppress
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections
from procrastinate import exceptions
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from privacy import jobs

logger = logging.getLogger("privacy.worker")

# No LISTEN: a transaction pooler would lose it without a word. A job waits for this long at most.
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_HEARTBEATS = 10.0
# Three heartbeats missed: whoever ran the job is gone.
SECONDS_UNTIL_GIVEN_UP = 30.0
# How long a job may go on after the worker was asked to end; long ones give themselves back sooner.
SECONDS_TO_END = 20.0
SECONDS_BEFORE_NEXT_TRY = 5.0
AT_ONCE = 3
DAYS_BROKEN_JOBS_STAY = 30


def options(**changes: Any) -> dict[str, Any]:
    """Return how a worker runs; a test changes some of it."""
    return {
        "concurrency": AT_ONCE,
        "listen_notify": False,
        "fetch_job_polling_interval": SECONDS_BETWEEN_LOOKS,
        "update_heartbeat_interval": SECONDS_BETWEEN_HEARTBEATS,
        "stalled_worker_timeout": SECONDS_UNTIL_GIVEN_UP,
        "shutdown_graceful_timeout": SECONDS_TO_END,
        # What is done leaves no row; what broke stays a while, ids and all, to be looked at.
        "delete_jobs": "successful",
        "install_signal_handlers": False,
    } | changes


def connector() -> PsycopgConnector:
    """Return the worker's own small pool, as the app's role, without prepared statements."""
    kwargs = connector_params() | {"prepare_threshold": None}
    return PsycopgConnector(kwargs=kwargs, min_size=1, max_size=AT_ONCE + 1, timeout=10)


async def run(**changes: Any) -> None:
    """Work until SIGTERM or SIGINT; begin again where the database was away."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, stop.set)
    asked_to_stop = asyncio.create_task(stop.wait())
    while not stop.is_set():
        working = asyncio.create_task(_work(**changes))
        await asyncio.wait({working, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            working.cancel()
        with suppress(asyncio.CancelledError):
            await _ended(working)
        if changes.get("wait") is False:
            break
        if not stop.is_set():
            await asyncio.wait({asked_to_stop}, timeout=SECONDS_BEFORE_NEXT_TRY)
    asked_to_stop.cancel()


async def _ended(working: "asyncio.Task[None]") -> None:
    """Say why the work ended, unless it was asked to."""
    try:
        await working
    except asyncio.CancelledError:
        raise
    except Exception as problem:
        logger.error("the worker stopped and begins again: %s", type(problem).__name__)


async def _work(**changes: Any) -> None:
    # The clock's jobs are deferred on Django's connection of one thread: it may have died with the database.
    await sync_to_async(_forget_dead_connections)()
    ours = DjangoApp(connector=connector())
    ours.tasks, ours.periodic_registry = app.tasks, app.periodic_registry
    async with ours.open_async():
        await pick_up(ours)
        looking = asyncio.create_task(_keep_picking_up(ours))
        try:
            await ours.run_worker_async(**options(**changes))
        finally:
            looking.cancel()


def _forget_dead_connections() -> None:
    close_old_connections()
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()


async def _keep_picking_up(ours: DjangoApp) -> None:
    while True:
        await asyncio.sleep(SECONDS_UNTIL_GIVEN_UP / 2)
        try:
            await pick_up(ours)
        except exceptions.ProcrastinateException as problem:
            logger.warning("could not look for jobs of dead workers: %s", type(problem).__name__)


async def pick_up(ours: DjangoApp) -> int:
    """Give jobs of workers that died back to the queue, and return how many.

    Not itself a job: that one could be lost with a worker too, and then nobody would look any more.
    """
    await ours.job_manager.prune_stalled_workers(SECONDS_UNTIL_GIVEN_UP)
    lost = list(await ours.job_manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_UNTIL_GIVEN_UP))
    for job in lost:
        await _give_back(ours, job)
    return len(lost)


async def _give_back(ours: DjangoApp, job: QueuedJob) -> None:
    """Queue a lost job again; end it where the same one already waits or it has killed too many workers."""
    logger.warning("job %s was lost with its worker", job.task_name)
    try:
        if job.attempts + 1 < jobs.MOST_ATTEMPTS:
            await ours.job_manager.retry_job(job)
            return
    except exceptions.ConnectorException:
        # Another one waits under the same lock: it does the same work.
        logger.info("another %s waits already", job.task_name)
    with suppress(exceptions.ConnectorException):
        await ours.job_manager.finish_job(job, Status.FAILED, delete_job=False)
