"""Readers of environment variables that fail with a sentence instead of a traceback."""

import logging
import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import IsolationLevel

logger = logging.getLogger(__name__)

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
# A mode's bits for accounts that are neither the owner nor of its group.
FOR_OTHERS = stat.S_IRWXO
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text; without a default it has to be set."""
    value = os.environ.get(name)
    if value is not None and value.strip():
        return value.strip()
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}: it has no default.")
    return default


def secret(name: str, default: str | None = None) -> str:
    """Return a secret: the variable's text, or else what stands in the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if os.environ.get(name, "").strip() or not path:
        return text(name, default)
    try:
        found = Path(path).read_text(encoding="utf-8").strip()
        if Path(path).stat().st_mode & FOR_OTHERS:
            logger.warning("Every account of this computer can read the file of %s_FILE: chmod o= it.", name)
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f"{name}_FILE can't be read: {type(problem).__name__}.") from None
    if not found:
        raise ImproperlyConfigured(f"The file that {name}_FILE names is empty.")
    return found


def flag(name: str, default: bool = False) -> bool:
    """Return true or false; anything but a plain yes or no is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} takes yes or no.")


def names(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of the variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def whole_number(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    value = os.environ.get(name, str(default)).strip()
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} takes a whole number.") from None


def within(name: str, default: int, *, least: int, most: int) -> int:
    """Return the variable as a whole number between two others; beyond them the start is refused."""
    number = whole_number(name, default)
    if not least <= number <= most:
        raise ImproperlyConfigured(f"{name} takes a whole number from {least} to {most}.")
    return number


def readable_file(name: str) -> str:
    """Return the path that the variable names, or an empty text; one that can't be opened stops the start."""
    path = text(name, "")
    if path:
        try:
            Path(path).open("rb").close()
        except OSError as problem:
            raise ImproperlyConfigured(f"{name} can't be read: {type(problem).__name__}.") from None
    return path


def database_at(address: str, name: str) -> dict[str, Any]:
    """Return Django's settings for a `postgresql://user:password@host:port/name` address.

    `name` is the variable that an error should speak of.

    A percent-encoded folder as host (`postgresql://user@%2Frun%2Fpostgresql/name`) means a local socket.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} takes a postgresql:// address: only PostgreSQL is supported.")
    database_name = unquote(parts.path.lstrip("/"))
    if not database_name:
        raise ImproperlyConfigured(f"{name} names no database.")
    user, _, _ = parts.netloc.rpartition("@")
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(user.partition(":")[0]),
        "PASSWORD": unquote(user.partition(":")[2]),
        "HOST": unquote(host),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Said outright: under another level, whatever the server's default, the audit chain would fork.
        "OPTIONS": {"isolation_level": IsolationLevel.READ_COMMITTED},
    }
