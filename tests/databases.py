"""Databases for tests: one migrated template for each state of the migrations, a clone of it for each run."""

import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import allauth
import django
import procrastinate
import psycopg
from django.conf import settings
from psycopg import sql

from config import environment

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "warm_handoff_test"
# Any number will do, as long as every run on a server takes the same one.
LOCK = 7_140_331
TEMPLATES_KEPT = 3

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server's addresses for its two roles; a database's name in them is ignored."""

    app: str
    owner: str

    def connect(self, name: str) -> Connection:
        """Connect to the named database as the owner."""
        return psycopg.connect(with_database(self.owner, name), autocommit=True)

    def app_settings(self, name: str) -> dict[str, Any]:
        """Return Django's settings for the named database, as the app's role."""
        return environment.database_at(with_database(self.app, name), "DATABASE_URL")


def with_database(address: str, name: str) -> str:
    """Return the same address with another database's name."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, "/" + quote(name), parts.query, ""))


def state_of_migrations() -> str:
    """Return a digest of whatever decides what a migrated database looks like."""
    # Libraries have migrations of their own: which ones count, and in which version.
    versions = (django.__version__, allauth.__version__, procrastinate.__version__)
    digest = hashlib.sha256(f"{' '.join(versions)} {settings.INSTALLED_APPS}".encode())
    files = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("privacy/*.py"),
        ROOT / "config/management/commands/migrate.py",
    ]
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def one_at_a_time(server: Server) -> Iterator[Connection]:
    """Hold the lock that every run on this server takes before it makes or drops a database."""
    with server.connect("postgres") as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield connection


def clone(server: Server, kind: str = "run", template: str | None = None) -> "Clone":
    """Return a database of our own: migrated and empty, or a copy of the named one."""
    state = state_of_migrations()
    name = f"{PREFIX}_{kind}_{os.getpid()}_{secrets.token_hex(4)}"
    with one_at_a_time(server) as connection:
        source = template or _template(server, connection, state)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, source)))
        )
        # Connected before the lock is given up: a run's database without a connection is a leftover.
        return Clone(server, name, server.connect(name))


@dataclass(slots=True)
class Clone:
    """A run's own database, with the owner's connection that marks it as in use."""

    server: Server
    name: str
    owner: Connection

    def drop(self) -> None:
        """Drop the database, together with whoever of ours is still connected."""
        self.owner.close()
        drop(self.server, self.name)


def drop(server: Server, name: str) -> None:
    """Drop the named database."""
    with one_at_a_time(server) as connection:
        _drop(connection, name)


def drop_leftovers(server: Server) -> None:
    """Drop what killed runs left behind, and all but the newest templates."""
    with one_at_a_time(server) as connection:
        in_use = {row[0] for row in connection.execute("SELECT DISTINCT datname FROM pg_stat_activity")}
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [PREFIX]
        )
        names = [row[0] for row in found.fetchall()]
        templates = [name for name in names if name.startswith(f"{PREFIX}_template_")]
        keep = {f"{PREFIX}_template_{state_of_migrations()}", *templates[:TEMPLATES_KEPT]}
        for name in names:
            if name not in in_use and name not in keep and not _is_loaded_by_the_living(name):
                _drop(connection, name)


def _is_loaded_by_the_living(name: str) -> bool:
    """Return whether a living run keeps this database to clone it, which no connection may stand in."""
    if not name.startswith(f"{PREFIX}_loaded_"):
        return False
    try:
        os.kill(int(name.removeprefix(f"{PREFIX}_loaded_").partition("_")[0]), 0)
    except ProcessLookupError:
        return False
    return True


def _template(server: Server, connection: Connection, state: str) -> str:
    """Return the name of the template for this state of the migrations; make it where it is missing."""
    name = f"{PREFIX}_template_{state}"
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    unfinished = f"{PREFIX}_unfinished_{secrets.token_hex(4)}"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    try:
        _migrate(server, unfinished)
    except BaseException:
        _drop(connection, unfinished)
        raise
    # Renamed last, so that a template with the final name is always a whole one.
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (unfinished, name)))
    )
    return name


def _migrate(server: Server, name: str) -> None:
    """Migrate the named database with the product's own command, as its owner."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": with_database(server.app, name),
            "OWNER_DATABASE_URL": with_database(server.owner, name),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The template database could not be migrated:\n{done.stdout}{done.stderr}")


def _drop(connection: Connection, name: str) -> None:
    try:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        # A server that a test started is still letting go of it: the next run drops it as a leftover.
        return
