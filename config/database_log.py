"""What PostgreSQL writes into a log of its own: no statement, no parameter, no row it refused."""

import logging

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

# An error's own words and its detail quote values, so errors aren't logged at all: the product logs each
# with its code (config/logs.py). Starts, stops and lost connections still are.
QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# Other values that say no more than these do.
ALSO_QUIET = {
    "log_min_messages": {"fatal", "panic"},
    "log_min_error_statement": {"log", "fatal"},
    "log_statement": {"ddl"},
}
SETTINGS = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name"


def too_telling() -> list[str]:
    """Return the settings of the server by which its log could hold a client's data, as they should be."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, [list(QUIET)])
        found = dict(cursor.fetchall())
    return [
        f"{name}={QUIET[name]}"
        for name, setting in found.items()
        if setting != QUIET[name] and setting not in ALSO_QUIET.get(name, ())
    ]


def warn_where_it_tells() -> None:
    """Say at the start of a server what to set; whoever operates PostgreSQL decides."""
    try:
        found = too_telling()
    except OperationalError:
        # config/role.py has said that the database can't be reached.
        return
    finally:
        connection.close()
    if found:
        logger.warning("The log of PostgreSQL could hold a client's data. Set there: %s", ", ".join(found))
