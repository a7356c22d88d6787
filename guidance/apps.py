"""Names the package to Django."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """The `guidance` package."""

    name = "guidance"
    default_auto_field = "django.db.models.BigAutoField"
