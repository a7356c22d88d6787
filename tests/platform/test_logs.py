"""A line of the log holds what happened and where in the code, and nothing that somebody sent: CHECKS 37."""

import logging
import subprocess
import sys
import warnings
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from config import gunicorn, logs
from tests import databases

NAME = "Marisol Vega"


def record(message: str, *args: object, name: str = "some.logger", **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, None)
    vars(made).update(extra)
    return made


def line(made: logging.LogRecord) -> str:
    """Return the line without its time of day."""
    return logs.Line().format(made).split(" ", 2)[2]


@pytest.mark.parametrize(
    "end",
    ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[2K\r", "\x85", "\u2028", "\u2029", "\u202e", "\0", "\ud800"],
)
def test_a_line_cannot_be_forged(end: str) -> None:
    """CHECKS 37."""
    forged = line(record("code %s", f"x{end}2026-11-24 20:00:00,000 INFO privacy.heads chain"))
    assert len(forged.splitlines()) == 1
    assert end not in forged
    assert forged.startswith("ERROR some.logger code x\\")
    forged.encode()


def test_ordinary_words_stay_as_they_are() -> None:
    assert line(record("Zoë’s 张伟 %d", 7)) == "ERROR some.logger Zoë’s 张伟 7"


def test_of_a_request_the_log_knows_the_name_of_its_address_alone() -> None:
    """CHECKS 37: whatever somebody typed into the address stays out."""
    request = RequestFactory().get(f"/clients/{NAME}/\n2026 INFO forged", {"q": NAME})
    found = line(
        record("Not Found: %s", request.path, name="django.request", request=request, status_code=404)
    )
    assert found == "ERROR some.logger request - to no known address was answered 404".replace(
        "some.logger", "django.request"
    )


def test_an_exception_is_told_by_its_kind_and_its_places() -> None:
    """CHECKS 37: a message may quote a value, and so may the message of what caused it."""
    try:
        try:
            raise ValueError(NAME)
        except ValueError as cause:
            raise RuntimeError(f"while saving {NAME}") from cause
    except RuntimeError:
        made = record("it broke", exc_info=sys.exc_info())
    told = line(made)
    assert NAME not in told
    first, *places = told.split("\n")
    assert first == "ERROR some.logger it broke"
    assert [each.strip() for each in places if ":" not in each] == ["RuntimeError", "ValueError"]
    assert sum("test_logs.py" in each for each in places) == 2


def test_causes_that_lead_in_a_circle_end() -> None:
    one, two = ValueError("a"), ValueError("b")
    one.__cause__, two.__cause__ = two, one
    assert list(logs.trace(one)) == ["  ValueError"] * logs.MOST_CAUSES


def test_a_sentence_of_ours_is_told() -> None:
    assert list(logs.trace(ImproperlyConfigured("Set SECRET_KEY."))) == [
        "  ImproperlyConfigured: Set SECRET_KEY."
    ]


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_by_its_code() -> None:
    """CHECKS 37: PostgreSQL's own words hold the row."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE held (name text CHECK (name = ''))")
            cursor.execute("INSERT INTO held VALUES (%s)", [NAME])
    except IntegrityError as refused:
        assert NAME in str(refused)
        told = line(record("refused", exc_info=(type(refused), refused, refused.__traceback__)))
    assert NAME not in told
    assert "CheckViolation 23514" in told


def test_a_warning_is_told_by_its_kind_and_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """CHECKS 37."""
    text = warnings.formatwarning(
        f"received a naive datetime ({NAME})", RuntimeWarning, "fields.py", 7, "code()"
    )
    assert line(record("%s", text, name="py.warnings")) == "ERROR py.warnings fields.py:7: RuntimeWarning"


def test_the_product_and_gunicorn_write_such_lines() -> None:
    """CHECKS 37: every formatter of both is ours, and nothing is mailed."""
    for configured in (settings.LOGGING, gunicorn.logconfig_dict):
        assert {each["()"] for each in configured["formatters"].values()} == {"config.logs.Line"}
    assert settings.LOGGING["loggers"]["django"] == {"handlers": [], "propagate": True}
    assert gunicorn.accesslog is None


def test_a_request_that_breaks_leaves_no_value(caplog: pytest.LogCaptureFixture) -> None:
    """CHECKS 37: through Django's own way of logging an answer."""
    request = RequestFactory().post("/clients/find/", {"exact": NAME})
    answer = HttpResponse(status=500)
    log_response("Broken: %s", NAME, response=answer, request=request, exception=ValueError(NAME))
    told = [logs.Line().format(each) for each in caplog.records if each.name == "django.request"]
    assert len(told) == 1
    assert NAME not in told[0]


def test_a_command_that_breaks_tells_no_value() -> None:
    """CHECKS 37: what a scheduler keeps of a command is a log too."""
    code = f"from config import logs; logs.begin(); raise ValueError({NAME!r})"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=databases.ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert NAME not in ended.stderr
    assert ended.stderr.startswith("  ValueError\n")


@pytest.mark.django_db
def test_an_address_that_nobody_knows_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """CHECKS 37."""
    Client().get("/clients/Marisol%20Vega%0aINFO%20forged/")
    told = [logs.Line().format(each) for each in caplog.records if each.name == "django.request"]
    assert len(told) == 1
    assert "Marisol" not in told[0]
    assert told[0].endswith("to no known address was answered 404")


def test_the_configuration_can_be_used() -> None:
    dictConfig(settings.LOGGING | {"disable_existing_loggers": False})
