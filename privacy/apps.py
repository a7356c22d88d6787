"""Names the package to Django, and refuses to start with master keys that can't be read."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The `privacy` package."""

    name = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read the master keys now: a bad one is a sentence at start, not an error at the first client."""
        from privacy.keys import master_keys

        master_keys()
