"""Keys: read from the settings or refused with a sentence, stored wrapped, rewrapped on rotation."""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from config import environment
from privacy import context, keys, rotation
from privacy.models import DataKey
from tests.privacy.test_encryption import WORDS, raw, read, write

Owner = psycopg.Connection[tuple[Any, ...]]

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
OTHER_OLD = "old:" + base64.b64encode(b"x" * 32).decode()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "names no key"),
        (" , ", "names no key"),
        ("justakey", "takes pairs of id:base64"),
        (":" + OLD[4:], "takes pairs of id:base64"),
        ("one:not base64!", "one in MASTER_KEYS is not base64"),
        ("one:AAAA", "has 3 bytes, not 32"),
        (f"{OLD},{OTHER_OLD}", "names the key old twice"),
    ],
)
def test_a_setting_that_cannot_be_read_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        keys.parse_master_keys(text)


def test_no_part_of_a_bad_key_is_repeated() -> None:
    with pytest.raises(ImproperlyConfigured) as problem:
        keys.parse_master_keys("one:c2VjcmV0LXNlY3JldA==")
    assert "c2Vjc" not in str(problem.value)


def test_the_first_key_is_the_current_one() -> None:
    found = keys.parse_master_keys(f" {NEW} ,\n{OLD}\n")
    assert (found.current, list(found.by_id)) == ("new", ["new", "old"])


def test_the_keys_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys"
    monkeypatch.setenv("MASTER_KEYS_FILE", str(file))
    monkeypatch.delenv("MASTER_KEYS", raising=False)
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEYS_FILE can't be read: FileNotFoundError"):
        environment.secret("MASTER_KEYS")
    file.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEYS_FILE names is empty"):
        environment.secret("MASTER_KEYS")
    file.write_text(f"{NEW}\n{OLD}\n")
    assert keys.parse_master_keys(environment.secret("MASTER_KEYS")).current == "new"
    monkeypatch.setenv("MASTER_KEYS", OLD)
    assert environment.secret("MASTER_KEYS") == OLD
    monkeypatch.delenv("MASTER_KEYS")
    monkeypatch.delenv("MASTER_KEYS_FILE")
    with pytest.raises(ImproperlyConfigured, match="Set the environment variable MASTER_KEYS"):
        environment.secret("MASTER_KEYS")


@pytest.mark.django_db
def test_a_data_key_is_stored_wrapped(ours: UUID) -> None:
    with context.enter(None):
        row = DataKey.objects.get(organization_id=ours)
    assert (row.master_key, len(row.wrapped)) == ("tests", 12 + 32 + 16)
    assert keys.unwrap(row) not in bytes(row.wrapped)


@pytest.mark.django_db
def test_the_master_key_changes_without_touching_a_row(ours: UUID, as_owner: Owner, settings: Any) -> None:
    """CHECKS 34: add a key, rewrap, drop the old one."""
    original = settings.MASTER_KEYS
    letter = write(ours)
    before = raw(as_owner, letter)
    with override_settings(MASTER_KEYS=f"{NEW},{original}"):
        rotation.rewrap(ours)
    keys.forget()
    with override_settings(MASTER_KEYS=NEW):
        assert read(letter).subject == WORDS
    assert raw(as_owner, letter) == before
    keys.forget()
    with pytest.raises(keys.KeyMissing, match="has no key new"):
        _ = read(letter).subject


@pytest.mark.django_db
def test_a_wrong_master_key_raises(ours: UUID) -> None:
    """CHECKS 33."""
    letter = write(ours)
    keys.forget()
    wrong = "tests:" + base64.b64encode(b"w" * 32).decode()
    with override_settings(MASTER_KEYS=wrong), pytest.raises(keys.KeyMissing, match="does not open"):
        _ = read(letter).subject


@pytest.mark.django_db
def test_a_wrapped_key_moved_to_another_organization_does_not_open(ours: UUID, theirs: UUID) -> None:
    with context.enter(None):
        stolen = DataKey.objects.get(organization_id=theirs).wrapped
        DataKey.objects.filter(organization_id=ours).update(wrapped=stolen)
    keys.forget()
    with pytest.raises(keys.KeyMissing, match="does not open"), context.enter(None):
        keys.of(ours)
