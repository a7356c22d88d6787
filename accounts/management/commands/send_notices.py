"""The command that sends waiting notices; run it every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import notices


class Command(BaseCommand):
    """Send every waiting notice once."""

    help = "Send the notices that wait in the outbox. A mail server that is away leaves them there."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many left and how many still wait."""
        sent, waiting = notices.send_waiting()
        self.stdout.write(f"{sent} sent, {waiting} still waiting.")
