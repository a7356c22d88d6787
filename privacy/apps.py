"""Names the package to Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The `privacy` package."""

    name = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
