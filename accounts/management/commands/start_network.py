"""The command that makes the network operator and its first admin, once, on a new installation."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import Kind, Organization, User
from privacy import context


class Command(BaseCommand):
    """Make the network operator and its first admin; everybody else is invited."""

    help = "Make the network operator and its first admin. The password is asked for, never an argument."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names, the e-mail and the time zone."""
        parser.add_argument("--name", required=True, help="the operator's name")
        parser.add_argument("--time-zone", required=True, help="its time zone, such as America/New_York")
        parser.add_argument("--admin", required=True, help="the first admin's name")
        parser.add_argument("--email", required=True, help="the first admin's e-mail, used to sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make both, or neither and say why."""
        if Organization.objects.filter(kind=Kind.NETWORK).exists():
            raise CommandError("There is a network operator already: its admins invite everybody else.")
        password = getpass("Password of the first admin: ")
        try:
            validate_password(password, User(email=options["email"], name=options["admin"]))
            with context.enter(None):
                self._make(options, password)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write("Ready. Sign in, add organizations and invite their people.")

    def _make(self, options: dict[str, Any], password: str) -> None:
        network = actions.create_organization(
            by=None, kind=Kind.NETWORK, name=options["name"], time_zone=options["time_zone"]
        )
        actions.create_user(
            by=None, organization=network, email=options["email"], name=options["admin"], password=password
        )
