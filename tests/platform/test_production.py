"""The settings as production has them: what they insist on, and what Django's own deployment check says."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from config import environment, role
from tests import databases

ENVIRONMENT = {
    "SECRET_KEY": "Vb3xT0qk2Zr8Yw5Nn7Lm1Jd4Gh6Fs9Pc" * 2,
    "MASTER_KEYS": "first:" + "A" * 43 + "=",
    "DATABASE_URL": "postgresql://warm_handoff_app@127.0.0.1:1/warm_handoff",
    "ALLOWED_HOSTS": "handoff.example",
    "SECURITY_CONTACT": "mailto:security@handoff.example",
}


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with this environment and nothing else of ours."""
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *words],
        cwd=databases.ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_deployment_check_finds_nothing() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **ENVIRONMENT)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "MASTER_KEYS", "DATABASE_URL"])
@pytest.mark.parametrize("blank", [True, False])
def test_what_production_must_set_is_missed_in_a_sentence(name: str, blank: bool) -> None:
    environment = ENVIRONMENT | {name: "  "} if blank else {k: v for k, v in ENVIRONMENT.items() if k != name}
    checked = manage("check", **environment)
    assert checked.returncode != 0
    last = checked.stderr.strip().splitlines()[-1]
    assert last.endswith(f"Set the environment variable {name}: it has no default.")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL takes a postgresql:// address"),
        ("DATABASE_URL", "postgresql://a@b/", "DATABASE_URL names no database."),
        ("OWNER_DATABASE_URL", "nonsense", "OWNER_DATABASE_URL takes a postgresql:// address"),
        ("WARM_HANDOFF_DEMO", "perhaps", "WARM_HANDOFF_DEMO takes yes or no."),
        ("SECURE_HSTS_SECONDS", "long", "SECURE_HSTS_SECONDS takes a whole number."),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, text: str, sentence: str) -> None:
    checked = manage("check", **ENVIRONMENT | {name: text})
    assert checked.returncode != 0
    assert sentence in checked.stderr.strip().splitlines()[-1]


def test_migrating_without_the_owner_is_refused_in_a_sentence() -> None:
    migrated = manage("migrate", **ENVIRONMENT)
    assert migrated.returncode != 0
    assert "Set OWNER_DATABASE_URL: only the owner's role may migrate." in migrated.stderr


def test_an_address_may_name_a_socket_and_a_password_with_signs() -> None:
    found = environment.database_at("postgresql://a%40b:p%2Fw%3A@%2Frun%2Fpg:5433/n%20n", "DATABASE_URL")
    chosen = {name: found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert chosen == {"USER": "a@b", "PASSWORD": "p/w:", "HOST": "/run/pg", "PORT": "5433", "NAME": "n n"}


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_the_app_role_is_fit_to_serve() -> None:
    assert role.problem() == ""


@pytest.mark.parametrize("start", ["config.wsgi", "config.role; config.role.refuse_a_mighty_one()"])
def test_a_server_does_not_start_as_the_owner(start: str, committed: databases.Clone) -> None:
    as_owner = databases.with_database(committed.server.owner, committed.name)
    code = f"import django; django.setup(); import {start}"
    environment = ENVIRONMENT | {"DATABASE_URL": as_owner, "DJANGO_SETTINGS_MODULE": "config.settings"}
    started = subprocess.run(
        [sys.executable, "-c", code],
        cwd=databases.ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "DATABASE_URL names the role that owns the tables." in started.stderr


def test_a_server_starts_without_a_database_and_says_that_it_is_not_ready() -> None:
    code = (
        "import config.wsgi; from django.test import Client; c = Client();"
        "print(c.get('/healthz/live').status_code, c.get('/healthz/ready').status_code)"
    )
    started = subprocess.run(
        [sys.executable, "-c", code],
        cwd=databases.ROOT,
        env={"PATH": os.environ["PATH"]} | ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.stdout == "200 503\n", started.stderr
