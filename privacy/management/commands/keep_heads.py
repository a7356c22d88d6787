"""The command that notes where every audit chain ends, in a file outside the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import heads


class Command(BaseCommand):
    """Add a line for each chain that has grown; run it every few minutes, onto storage that only grows."""

    help = "Add where every audit chain ends to a file, for verify_audit --heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="the file to add to; what stands in it is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the lines, and return once the disk has them."""
        try:
            added = heads.keep(options["file"])
        except OSError as problem:
            raise CommandError(f"{options['file']} can't be written: {problem.strerror}.") from None
        self.stdout.write(f"{added} noted.")
