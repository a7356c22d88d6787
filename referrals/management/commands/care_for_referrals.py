"""Does the daily work: ends consents that ran out, warns of those that will, follows providers who left."""

from typing import Any

from django.core.management.base import BaseCommand

from referrals import actions


class Command(BaseCommand):
    """Run it once a day; a second run on the same day does nothing more."""

    help = "Do the daily work of referrals, practice by practice."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work, and say how much was done, in counts only."""
        done = actions.daily_work()
        for what in ("withdrawn", "declined", "expired", "warned"):
            self.stdout.write(f"{what}: {done[what]}")
