"""Fills a demonstration's empty database with invented people, clients and referrals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from config.demo import mark, network


class Command(BaseCommand):
    """Load the invented network; only a marked database is touched."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it as of now."""
        with connection.cursor() as cursor:
            if not mark.is_marked(mark.comment_of(cursor)):
                raise CommandError("This database isn't marked as a demonstration's.")
        network.load(now=timezone.now())
