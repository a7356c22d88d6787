"""The command that erases an organization's records by destroying its key: two people decide it."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import actions as accounts
from accounts.at_the_terminal import admin_who_proves
from accounts.models import Erasure, Organization, User
from privacy import context
from referrals import actions


class Command(BaseCommand):
    """One admin of the network asks, another confirms a day later; either may withdraw it until then."""

    help = (
        "Erase a disabled organization's records for ever. Password and code of the admin who acts are asked "
        "for, or read from standard input, a line each."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do, to which organization, and who does it."""
        parser.add_argument("step", choices=["ask", "confirm", "withdraw"])
        parser.add_argument("organization", type=UUID, help="the organization's id, from its page's address")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the e-mail of the admin who acts")
        parser.add_argument("--reason", default="", help="with ask: why; nothing about a client")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove who acts, do the step, and say what comes next."""
        organization = Organization.objects.filter(pk=options["organization"]).first()
        if organization is None:
            raise CommandError("There is no such organization.")
        try:
            by = admin_who_proves(options["by"])
            if by is None:
                raise CommandError("That is no active admin of the network with this password and code.")
            with context.enter(by.organization_id):
                said = _step(options, by, organization)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(said)


def _step(options: dict[str, Any], by: User, organization: Organization) -> str:
    if options["step"] == "ask":
        erasure = accounts.ask_for_erasure(by=by, organization=organization, reason=options["reason"])
        return (
            f"Asked for. Another admin confirms it from {erasure.opens_at:%Y-%m-%d %H:%M} "
            f"to {erasure.closes_at:%Y-%m-%d %H:%M} UTC."
        )
    erasure_or_none = Erasure.objects.waiting().filter(organization=organization).first()
    if erasure_or_none is None:
        raise CommandError("Nothing waits to be confirmed.")
    if options["step"] == "withdraw":
        accounts.withdraw_erasure(by=by, erasure=erasure_or_none)
        return "Withdrawn. Nothing was erased."
    actions.erase_organization(by=by, erasure=erasure_or_none)
    return (
        "Erased. Within five minutes no running process opens its records any more. Backups hold its wrapped "
        "key until they expire, or until the master key that opens it is rotated away and destroyed."
    )
