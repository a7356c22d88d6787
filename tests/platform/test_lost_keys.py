"""Master keys that are lost or wrong: no server starts, a sentence names them, nothing is overwritten."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import environment
from config.demo import mark
from tests import databases
from tests.factories import accounts as people
from tests.platform.test_demo import begin, free_port
from tests.platform.test_production import ENVIRONMENT, manage
from tests.settings import MASTER_KEYS

Owner = psycopg.Connection[tuple[Any, ...]]

OTHER = base64.b64encode(b"x" * 32).decode()
PUT_BACK = "Nothing was overwritten: put the right keys back and start again."
# Two practices, a clinic and the network.
MISSING = f"MASTER_KEYS has no key tests, which 4 organizations need. {PUT_BACK}"
WRONG = (
    "The master key tests is not the one that wrapped the keys of 4 organizations: its id is the same, "
    f"its bytes are not. {PUT_BACK}"
)
KEYS = {f"other:{OTHER}": MISSING, f"tests:{OTHER}": WRONG}


@pytest.fixture
def kept(db: None, committed: databases.Clone) -> dict[str, str]:
    """The environment of a server whose database holds four organizations' keys, but for MASTER_KEYS."""
    people.practice(), people.practice(), people.prescriber()
    return ENVIRONMENT | {
        "DATABASE_URL": databases.with_database(committed.server.app, committed.name),
        "OWNER_DATABASE_URL": databases.with_database(committed.server.owner, committed.name),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def start(environment: dict[str, str], code: str = "import config.wsgi") -> subprocess.CompletedProcess[str]:
    """Do what a worker of gunicorn does first."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=databases.ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def stored(owner: Owner) -> list[tuple[Any, ...]]:
    return owner.execute("SELECT xmin::text, k.* FROM privacy_datakey k ORDER BY 2").fetchall()


def test_a_server_starts_with_the_right_keys_whatever_stands_beside_them(kept: dict[str, str]) -> None:
    for keys in (MASTER_KEYS, f"newer:{OTHER},{MASTER_KEYS}"):
        started = start(kept | {"MASTER_KEYS": keys})
        assert (started.returncode, "key" in started.stderr) == (0, False), started.stderr


@pytest.mark.parametrize("keys", KEYS)
def test_a_server_without_the_right_keys_does_not_start(
    kept: dict[str, str], as_owner: Owner, keys: str
) -> None:
    before = stored(as_owner)
    started = start(kept | {"MASTER_KEYS": keys})
    assert started.returncode != 0
    assert started.stderr.strip().splitlines()[-1].endswith(KEYS[keys])
    assert OTHER not in started.stderr
    assert len(before) == 4
    assert stored(as_owner) == before


def test_a_server_that_finds_its_database_later_says_that_it_is_not_ready(kept: dict[str, str]) -> None:
    code = (
        "import config.wsgi; from django.test import Client; from config import lost_keys\n"
        "answer = Client().get('/healthz/ready'); print(answer.status_code, answer.content.decode())"
    )
    asked = start(kept | {"MASTER_KEYS": f"tests:{OTHER}"}, code.replace("import config.wsgi;", SET_UP))
    assert asked.stdout.strip() == "503 the master keys do not open the data"


SET_UP = "import django; django.setup();"


@pytest.mark.parametrize("keys", KEYS)
def test_commands_that_need_no_key_still_work(kept: dict[str, str], keys: str) -> None:
    environment = kept | {"MASTER_KEYS": keys}
    assert manage("check", **environment).returncode == 0
    assert manage("migrate", "--check", **environment).returncode == 0
    verified = manage("verify_audit", **environment)
    assert (verified.returncode, verified.stdout) == (0, "")


@pytest.mark.parametrize("keys", KEYS)
def test_the_demonstration_does_not_start_with_changed_keys(
    kept: dict[str, str], as_owner: Owner, tmp_path: Path, keys: str
) -> None:
    mark.set_comment(as_owner, mark.LOADED)
    before = stored(as_owner)
    secrets = json.dumps({"secret_key": "s" * 60, "master_keys": keys})
    (tmp_path / "secrets.json").write_text(secrets)
    addresses = {name: kept[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL")}
    process = begin(tmp_path, free_port(), **addresses)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert said.strip().splitlines()[-1] == (
        f"{KEYS[keys]} The demonstration's stand in secrets.json in its data folder."
    )
    assert stored(as_owner) == before
    assert (tmp_path / "secrets.json").read_text() == secrets


def test_the_demonstration_makes_no_new_keys_beside_old_data(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    process = begin(tmp_path, free_port())
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "secrets.json is missing, and with it the keys of the data beside it." in said
    assert [path.name for path in tmp_path.iterdir()] == ["cluster"]


def test_keys_that_everybody_can_read_are_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "keys"
    file.write_text(f"one:{OTHER}\n")
    monkeypatch.delenv("MASTER_KEYS", raising=False)
    monkeypatch.setenv("MASTER_KEYS_FILE", str(file))
    file.chmod(0o640)
    assert environment.secret("MASTER_KEYS") == f"one:{OTHER}"
    assert caplog.messages == []
    file.chmod(0o644)
    assert environment.secret("MASTER_KEYS") == f"one:{OTHER}"
    assert caplog.messages == [
        "Every account of this computer can read the file of MASTER_KEYS_FILE: chmod o= it."
    ]
