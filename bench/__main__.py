"""`make bench`: starts a PostgreSQL, fills it, measures in turns, and says where a limit is passed."""

import argparse
import base64
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import local_postgres
from tests import databases

OUT = databases.ROOT / "build" / "bench"
ENTRIES, FEW_ENTRIES = 1_000_000, 100_000
ROUNDS, FEW_ROUNDS = 60, 15


def main(words: list[str]) -> int:
    """Measure; 0 where every limit holds, 1 where one doesn't."""
    options = _options(words)
    OUT.mkdir(parents=True, exist_ok=True)
    with _database() as clone:
        _settle(clone)
        # Only now: it reads the settings, and the application the collected files.
        from bench import run

        rounds, entries = (FEW_ROUNDS, FEW_ENTRIES) if options.quick else (ROUNDS, ENTRIES)
        return run.everything(clone, run.Amount(rounds, entries, options.peer))


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and a tenth of the audit entries")
    parser.add_argument("--peer", type=Path, help="the Python of an environment with another product")
    return parser.parse_args(words)


@contextmanager
def _database() -> Iterator[databases.Clone]:
    """Lend a migrated database of our own, on the server that tests use; it is dropped at the end."""
    with local_postgres.borrowed(databases.ROOT / "build" / "test-postgres") as started:
        server = databases.Server(
            app=started.address(local_postgres.APP), owner=started.address(local_postgres.OWNER)
        )
        os.environ.update(_environment() | {"DATABASE_URL": server.app})
        databases.drop_leftovers(server)
        clone = databases.clone(server, "bench")
        try:
            yield clone
        finally:
            _let_go()
            clone.drop()


def _environment() -> dict[str, str]:
    """Return what the product reads: everything on, as where it serves."""
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "MASTER_KEYS": "bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "WARM_HANDOFF_DEMO": "no",
        "ALLOWED_HOSTS": "bench.example",
        "STATIC_ROOT": str(OUT / "static"),
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "LOG_LEVEL": "INFO",
    }


def _settle(clone: databases.Clone) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    # The settings were read for the clone's own name already; no connection has been opened yet.
    settings.DATABASES["default"]["NAME"] = clone.name
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def _let_go() -> None:
    """Close our own connections, so that the database can be dropped."""
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
