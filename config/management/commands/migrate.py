"""Django's migrate, as the owner's role, followed by what the app's role may do."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from privacy import grants


class Command(migrate.Command):
    """Migrate as the owner; the app's role never may."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant the app's role what it needs and no more."""
        if "owner" not in settings.DATABASES:
            raise CommandError("Set OWNER_DATABASE_URL: only the owner's role may migrate.")
        options["database"] = "owner"
        super().handle(*args, **options)
        grants.grant_to_app(connections["owner"], str(settings.DATABASES["default"]["USER"]))
