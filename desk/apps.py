"""Names the package to Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The `desk` package."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"
