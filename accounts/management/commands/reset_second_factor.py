"""The operator's way back in for a network whose only admin lost their second factor."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import ResetReason, User
from privacy import context


class Command(BaseCommand):
    """Take a person's factors out of use; they enroll anew at their next sign-in, and are told."""

    help = "Reset a person's second factor: their sessions end, and they enroll anew when they sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the e-mail and the reason."""
        parser.add_argument("email", help="the e-mail they sign in with")
        parser.add_argument("--reason", choices=ResetReason.values, default=ResetReason.LOCKED_OUT)

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset, or say that nobody has this e-mail."""
        person = User.objects.filter(email=options["email"].casefold()).first()
        if person is None:
            raise CommandError("Nobody signs in with this e-mail.")
        with context.enter(None):
            actions.reset_second_factor(by=None, user=person, reason=options["reason"])
        self.stdout.write("Reset. Their sessions have ended; at the next sign-in they enroll a new factor.")
