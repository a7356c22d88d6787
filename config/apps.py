"""Names the package to Django."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The `config` package."""

    name = "config"
    default_auto_field = "django.db.models.BigAutoField"
