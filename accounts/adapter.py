"""How allauth is bent to this product: nobody signs up, sign-ins are audited, e-mail can't break a page."""

from typing import Any, Never, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts import actions, attempts, second_factor
from accounts.backend import may_sign_in
from accounts.identity_providers import may_use_password
from accounts.models import User
from accounts.next_page import is_ours
from privacy import audit


class InvitedOnly(DefaultAccountAdapter):
    """People come by invitation only; every sign-in, failure and sign-out is an audit entry."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before anything is checked; one too many is refused."""
        self.attempt = attempts.begin(request, email=str(credentials.get("email", "")))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the person, if they may sign in; a disabled one's right password fails like a wrong one.

        Allauth hands out people whom its backend has refused, to show them a page of their own.
        """
        person = cast("User | None", super().authenticate(request, **credentials))
        if person is not None and not (may_sign_in(person) and may_use_password(person)):
            self.authentication_failed(request, **credentials)
            return None
        if person is not None:
            self.attempt.was_right()
        return person

    def _rollback_login_failed_rl_usage(self) -> None:
        """Leave the count alone: allauth calls this for a disabled person's right password too."""

    def get_login_stages(self) -> list[str]:
        """Leave no stage to allauth: our own wall stands behind every password, with a factor or without."""
        return []

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin a session that still lacks its second factor, and say so in the log."""
        super().login(request, user)
        second_factor.begin(request.session)
        audit.record("session.password", by=user, of=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign the person out, and say so in the log."""
        person = request.user if request.user.is_authenticated else None
        super().logout(request)
        vars(request)["signed_out"] = True
        audit.record("session.sign_out", by=person, of=person)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say in the log that somebody failed. What they typed may be a password: it isn't kept."""
        super().authentication_failed(request, **credentials)
        audit.record("session.sign_in_failed", by=None)

    def set_password(self, user: Any, password: str) -> None:
        """Set the password: every other session of the person ends.

        Whoever sets it has the old one, or the person's mail: wrong tries of others hold them up no longer,
        and this browser is theirs.
        """
        actions.set_password(user=user, password=password)
        attempts.forget(user.email)
        vars(context.request)["has_proved"] = user

    def is_safe_url(self, url: str | None) -> bool:
        """Go on to a page of ours alone; allauth's own look at an address breaks where that is malformed."""
        return is_ours(self.request, url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to how one signs in."""
        return reverse("security:show")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send after the commit: a mail server that is away is logged and changes no page."""
        message = self.render_mail(template_prefix, email, {"request": self.request, **context})

        def send() -> None:
            message.send()

        # A function with a name, not a partial: Django names it in the log when it fails.
        transaction.on_commit(send, robust=True)


class OwnFactors(DefaultMFAAdapter):
    """Allauth's factors in our name; their secrets are sealed by `accounts.seals` and by nothing else."""

    def get_totp_issuer(self) -> str:
        """Name the product in the authenticator app."""
        return "Warm Handoff"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the product where a device asks whether to make a passkey for it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Warm Handoff"}

    def encrypt(self, text: str) -> Never:
        """Refuse: a seed is sealed for its person, whom allauth doesn't name here."""
        raise NotImplementedError("Seeds are sealed by accounts.seals.")

    def decrypt(self, encrypted_text: str) -> Never:
        """Refuse likewise."""
        raise NotImplementedError("Seeds are opened by accounts.seals.")
