"""The command that forgets which subject of a provider somebody is: their e-mail counts again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.links import unlink_sign_on
from accounts.models import User
from privacy import context


class Command(BaseCommand):
    """For somebody whom the organization's provider knows under a new subject."""

    help = "Forget under which subject a person signs in through their organization's provider."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person."""
        parser.add_argument("email", help="the person's e-mail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget, and say how many there were."""
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError("Nobody has this e-mail.")
        with context.enter(person.organization_id):
            count = unlink_sign_on(by=None, user=person)
        self.stdout.write(f"{count} forgotten.")
