"""Names the package to Django."""

from django.apps import AppConfig
from django.core import checks


class ConfigConfig(AppConfig):
    """The `config` package."""

    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have `check --deploy` look for a contact too."""
        from config.public import whom_to_tell

        checks.register(whom_to_tell, checks.Tags.security, deploy=True)
