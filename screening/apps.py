"""Names the package to Django."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """The `screening` package."""

    name = "screening"
    default_auto_field = "django.db.models.BigAutoField"
