"""How people prove that it is them: factors, recovery codes, and a new e-mail that waits for its proof."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class ResetReason(models.TextChoices):
    """Why somebody's second factors were taken out of use."""

    LOST = "lost", _("The device is lost or broken")
    REPLACED = "replaced", _("The device was replaced and the factor didn't come along")
    SUSPECTED = "suspected", _("Somebody else may be using it")
    LOCKED_OUT = "locked_out", _("Factors and recovery codes are out of reach")


class FactorQuerySet(models.QuerySet["Factor"]):
    """Ways to choose second factors."""

    def visible_to(self, user: User) -> Self:
        """Return one's own, the oldest first, with what allauth keeps of them."""
        rows = self.filter(authenticator__user_id=user.pk).select_related("authenticator")
        return rows.order_by("authenticator__created_at", "id")


class Factor(models.Model):
    """An authenticator app or a passkey: what we keep beside allauth's row of it."""

    APP: ClassVar = "totp"
    PASSKEY: ClassVar = "webauthn"

    # In addresses, where allauth's own number would say how many there are.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    authenticator = models.OneToOneField("mfa.Authenticator", on_delete=models.CASCADE, related_name="factor")
    name = models.CharField(max_length=60)
    # Of an app: the half minute whose code was used last. That one and earlier ones are spent.
    last_step = models.BigIntegerField(null=True)

    objects = FactorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="a_factor_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_app(self) -> bool:
        """Whether this is an app that shows codes."""
        return bool(self.authenticator.type == self.APP)


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    """Ways to choose recovery codes."""

    def visible_to(self, user: User) -> Self:
        """Return one's own."""
        return self.filter(user_id=user.pk)


class RecoveryCode(models.Model):
    """A code for whoever lost their factors: a keyed hash of it, which works once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="a_person_has_a_recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    """Ways to choose changes of e-mail."""

    def visible_to(self, user: User) -> Self:
        """Return one's own."""
        return self.filter(user_id=user.pk)

    def open_at(self, moment: datetime) -> Self:
        """Return those that can still be confirmed."""
        return self.filter(closed_at__isnull=True, expires_at__gt=moment)


class EmailChange(models.Model):
    """An e-mail somebody wants to sign in with: it counts once the link sent to it was followed, in time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # Confirmed, or taken back by a later one.
    closed_at = models.DateTimeField(null=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(closed_at__isnull=True),
                name="one_change_of_email_at_a_time_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("asked_at")),
                name="a_change_of_email_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
