"""Names the package to Django."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """The `referrals` package."""

    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"
