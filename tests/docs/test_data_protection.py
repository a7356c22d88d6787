"""docs/data-protection.md puts every table into one kind of data, and says right which ones are sealed."""

import re
from pathlib import Path

from django.apps import apps

from privacy.encryption import EncryptedJSONField, EncryptedTextField

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "data-protection.md"
OURS = ("accounts", "desk", "guidance", "privacy", "referrals", "screening")


def test_every_table_stands_in_one_kind_of_data():
    named = [name for row in _kinds() for name in re.findall(r"\b[A-Z]\w+", row[1])]
    assert sorted(named) == sorted(model.__name__ for model in _models())


def test_whatever_is_sealed_is_called_a_clients_words():
    sealed = {model.__name__ for model in _models() if any(map(_is_sealed, model._meta.get_fields()))}
    clients_words = set(re.findall(r"\b[A-Z]\w+", _kinds()[0][1]))
    assert sealed - clients_words == set()
    assert clients_words - sealed == set()


def _models():
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def _is_sealed(field):
    return isinstance(field, EncryptedTextField | EncryptedJSONField)


def _kinds():
    """Return the cells of the first table: kind, tables, walls, readers, logs."""
    lines = PAGE.read_text(encoding="utf-8").split("## Keys")[0].splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| ")]
    return [[row[0], re.sub(r",? and plain columns of the above", "", row[1]), *row[2:]] for row in rows[1:]]
