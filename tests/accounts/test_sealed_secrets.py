"""Seeds and recovery codes in a raw dump: none in clear, wherever it may wait."""

import base64
import re
import zlib

import pytest
from psycopg import sql

from tests import databases
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

APP, CODES = "/account/second-factor/app/", "/account/recovery-codes/"


def test_a_raw_dump_holds_no_seed_and_no_code(as_owner: databases.Connection, committed: object) -> None:
    """CHECKS 20: neither of a factor in use, nor of one that is being set up, nor of codes still shown."""
    person = people.therapist()
    seed, made = factors.app_of(person)
    newcomer = factors.with_password(people.therapist())
    newcomer.post(APP)
    page = newcomer.get(APP).content.decode()
    waiting = page.split('aria-describedby="key-label">')[1].split("<")[0].replace(" ", "")
    newcomer.post(APP, {"code": factors.shown(waiting), "name": "My phone"})
    shown = re.findall(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", newcomer.get(CODES).content.decode())
    secrets = {seed, waiting, *made, *shown, *(code.replace("-", "") for code in made + shown)}
    dump = dumped(as_owner)
    assert (len(secrets), person.email in dump) == (42, True)
    assert {secret for secret in secrets if secret in dump or secret.lower() in dump} == set()


def dumped(owner: databases.Connection) -> str:
    """Return every row as text, what is base64 or hexadecimal in it decoded too."""
    tables = owner.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    rows: list[str] = []
    for (table,) in tables.fetchall():
        query = sql.SQL("SELECT row_to_json(t)::text FROM {} t").format(sql.Identifier(table))
        rows += [row for (row,) in owner.execute(query).fetchall()]
    text = "\n".join(rows)
    encoded = re.findall(r"[A-Za-z0-9+/_-]{16,}", text)
    decoded = [base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)) for word in map(_urlsafe, encoded)]
    inflated = [_inflated(data) for data in decoded]
    return text + "".join(data.decode("latin-1") for data in decoded + inflated)


def _urlsafe(word: str) -> str:
    return word.replace("+", "-").replace("/", "_")[: len(word) - (len(word) % 4 == 1)]


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""
