"""Sessions with stamps of the server's own clock, and the browsers in which people have signed in before."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User

# How the second factor was given, as its owner reads it (accounts.second_factor.Proof).
PROOFS = {
    "app": _("Authenticator app"),
    "passkey": _("Passkey"),
    "recovery_code": _("Recovery code"),
    "provider": _("Your organization’s provider"),
    "demonstration": _("One click"),
}


class SessionQuerySet(models.QuerySet["Session"]):
    """Ways to choose sessions."""

    def visible_to(self, user: User) -> Self:
        """Return one's own that are signed in with both factors and still run, the newest input first."""
        own = self.running_at(timezone.now()).filter(person_id=user.pk).exclude(proof="")
        return own.order_by("-last_input_at", "id")

    def running_at(self, moment: datetime) -> Self:
        """Return those that neither limit has ended."""
        return self.filter(
            last_input_at__gt=moment - settings.SESSION_IDLE, started_at__gt=moment - settings.SESSION_TOTAL
        )

    def over_at(self, moment: datetime) -> Self:
        """Return those that one of the two limits has ended."""
        return self.exclude(pk__in=self.running_at(moment).values("pk"))


class Session(models.Model):
    """One browser's session. The key is kept as a hash: whoever reads the table can't take a session over."""

    session_key = models.CharField("session key", max_length=40, primary_key=True)
    session_data = models.TextField("session data")
    expire_date = models.DateTimeField("expire date", db_index=True)
    # In addresses: a key opens the session.
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    # When the password, or the passkey, was right; before that, when the browser came.
    started_at = models.DateTimeField(default=timezone.now)
    # When the person last did something: written at most once a minute.
    last_input_at = models.DateTimeField(default=timezone.now, db_index=True)
    # "Firefox" on "Windows", from what the browser says of itself.
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    # How the second factor was given (accounts.second_factor.Proof); empty until then.
    proof = models.CharField(max_length=20, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_input_at__gte=models.F("started_at")),
                name="input_comes_after_the_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def browser_in_words(self) -> str:
        """The browser as its owner recognizes it: "Firefox on Windows"."""
        if self.browser and self.system:
            return gettext("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or gettext("A browser that does not say which")

    @property
    def proof_in_words(self) -> str:
        """How the second factor was given: "Authenticator app"."""
        return str(PROOFS.get(self.proof, self.proof))


class Device(models.Model):
    """A browser in which somebody has signed in with both factors; only a hash of its cookie is kept.

    It opens nothing. It gives the person a counter of wrong passwords that a stranger can't fill.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    known_since = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("known_since")),
                name="a_browser_is_known_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
