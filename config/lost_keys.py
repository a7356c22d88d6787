"""Checks at start that the master keys at hand open what is stored."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection

logger = logging.getLogger(__name__)


def problem() -> str:
    """Return which master keys are missing or wrong, and how many organizations need them, or nothing."""
    # Not above: the server's own start reads this file before Django is set up.
    from privacy import rotation

    found = rotation.unopenable()
    return str(found) if found else ""


def refuse_lost_keys() -> None:
    """Stop the start of a server that couldn't read some organization's data.

    It would go on writing what nobody can join to the rest. A database that is away or not migrated yet is
    no reason: config/health.py says that it isn't ready.
    """
    try:
        found = problem()
    except (OperationalError, ProgrammingError):
        logger.warning("The data keys can't be looked at yet.")
        return
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(found)
