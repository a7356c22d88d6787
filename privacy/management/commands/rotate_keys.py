"""The command that wraps every data key by the current master key, while the product serves."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from privacy import keys, rotation

STILL_WAITING = 1


class Command(BaseCommand):
    """Rewrap organization by organization, each by itself: a run that was stopped goes on where it was."""

    help = (
        "Wrap every organization's data key by the first key of MASTER_KEYS. Every running process must know "
        "that key before. Exit 0: no other key is needed any more; 1: some organization still needs one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to change anything."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrap what another key wraps, and say which keys are still needed."""
        current, waiting = keys.master_keys().current, rotation.waiting()
        if options["dry_run"]:
            self.stdout.write(f"{len(waiting)} data keys would be wrapped anew by {current}.")
        else:
            done = sum(self._rewrap(organization_id) for organization_id in waiting)
            self.stdout.write(f"{done} data keys wrapped anew by {current}.")
        needed = rotation.wrapped_by()
        for name, count in needed.items():
            self.stdout.write(f"Key {name} wraps {count}.")
        for name in keys.master_keys().by_id:
            if name not in needed:
                self.stdout.write(f"Key {name} is needed by none.")
        if set(needed) - {current}:
            sys.exit(STILL_WAITING)

    def _rewrap(self, organization_id: Any) -> bool:
        try:
            rotation.rewrap(organization_id)
        except keys.KeyMissing as problem:
            self.stderr.write(f"Organization {organization_id}: {problem} Its key stays as it is.")
            return False
        return True
