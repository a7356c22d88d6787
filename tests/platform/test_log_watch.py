"""What watches the log of a whole run hears what it should: CHECKS 37."""

import logging
from uuid import uuid4

import pytest

from tests import log_watch
from tests.factories import accounts, screening

pytestmark = pytest.mark.django_db


def test_a_name_in_a_log_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """CHECKS 37: as it stands, and in what surrounds it."""
    # A logger of its own: whoever watches the whole run must not hear this.
    logger = logging.getLogger("some.logger")
    monkeypatch.setattr(logger, "propagate", False)
    with log_watch.listening(logger) as heard:
        client = screening.client_of(accounts.therapist(), last_name="Ibarguengoitia")
        logger.warning("could not save %s, %s", uuid4(), client.last_name)
    assert len(heard.leaks()) == 1
    assert heard.leaks()[0].startswith("'Ibarguengoitia' in ")


def test_texts_inside_documents_are_heard() -> None:
    heard = log_watch.Heard()
    heard.keep(b'{"phone": "503 555 0142", "safe": "not_known", "list": [{"value": "Sertraline, 50 mg"}]}')
    assert heard.sealed == {"503 555 0142", "Sertraline, 50 mg"}


def test_what_is_no_secret_is_not() -> None:
    heard = log_watch.Heard()
    for nothing in (b"not_known", b"short", b"", b"in_progress", b"2026-11-23"):
        heard.keep(nothing)
    heard.emit(logging.makeLogRecord({"msg": "not_known"}))
    assert heard.leaks() == []
