"""Checks that the database role we serve with is bound by row security."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

ROLE = """
    SELECT rolsuper, rolbypassrls,
           EXISTS (
               SELECT FROM pg_class
               WHERE relowner = pg_roles.oid AND relnamespace = 'public'::regnamespace
           )
    FROM pg_roles WHERE rolname = current_user
"""


def problem() -> str:
    """Return what is wrong with the role in a sentence, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        superuser, past_row_security, owns = cursor.fetchone()
    if superuser or past_row_security:
        return "DATABASE_URL names a role that may look past row security. Serve with one that may not."
    if owns:
        return (
            "DATABASE_URL names the role that owns the tables. Serve with the app's role, which owns nothing."
        )
    return ""


def refuse_a_mighty_one() -> None:
    """Stop the start of a server whose role could see every organization's rows.

    Without a database yet the server starts and says that it isn't ready (config/health.py asks again).
    """
    try:
        found = problem()
    except OperationalError:
        logger.warning("The database can't be reached yet.")
        return
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(found)
