"""A PostgreSQL of our own where the machine offers none: found, set up, started and stopped without set-up.

It needs the standard library only, because it runs before anything is installed.
"""

from config.local_postgres.problem import Problem
from config.local_postgres.server import APP, DATABASE, OWNER, Server, running
from config.local_postgres.shared import borrowed

__all__ = ["APP", "DATABASE", "OWNER", "Problem", "Server", "borrowed", "running"]
