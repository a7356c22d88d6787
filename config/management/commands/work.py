"""The command that runs a worker: what was deferred, and what needs a clock."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from config import role
from privacy import worker


class Command(BaseCommand):
    """Run a worker until it is asked to end."""

    help = "Do what was deferred, and by the clock: notices each minute, tidying daily. SIGTERM ends it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a role that looks past row security, then work."""
        role.refuse_a_mighty_one()
        asyncio.run(worker.run())
