"""Draws docs/referral-states.md from the table of moves, or checks that it is current."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from referrals import drawing


class Command(BaseCommand):
    """`draw_workflow` writes the document; `draw_workflow --check` fails where it is out of date."""

    help = "Draw the states of a referral into docs/referral-states.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing, and stop if it is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        path = settings.BASE_DIR / "docs" / "referral-states.md"
        drawn = drawing.document()
        if not options["check"]:
            path.write_text(drawn, encoding="utf-8")
            self.stdout.write(f"Drew {path.name}.")
        elif not path.exists() or path.read_text(encoding="utf-8") != drawn:
            raise CommandError(f"docs/{path.name} is out of date: run manage.py draw_workflow.")
