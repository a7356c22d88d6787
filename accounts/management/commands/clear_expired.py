"""The command that deletes what signing in has left behind; run it daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import throttling
from accounts.models import Device, Session


class Command(BaseCommand):
    """Delete sessions that are over, counts and codes that mean nothing any more, and unused browsers."""

    help = "Delete sessions that are over, expired counts of wrong tries and forgotten browsers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many of each."""
        now = timezone.now()
        sessions, _ = Session.objects.over_at(now).delete()
        browsers, _ = Device.objects.filter(expires_at__lte=now).delete()
        counts = throttling.clear_expired(now)
        self.stdout.write(f"{sessions} sessions, {counts} counts and codes, {browsers} browsers deleted.")
