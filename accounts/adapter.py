"""How allauth is bent to this product: nobody signs up, sign-ins are audited, e-mail can't break a page."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts import actions
from accounts.backend import may_sign_in
from accounts.models import User
from privacy import audit


class InvitedOnly(DefaultAccountAdapter):
    """People come by invitation only; every sign-in, failure and sign-out is an audit entry."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the person, if they may sign in; a disabled one's right password fails like a wrong one.

        Allauth hands out people whom its backend has refused, to show them a page of their own.
        """
        person = cast("User | None", super().authenticate(request, **credentials))
        if person is not None and not may_sign_in(person):
            self.authentication_failed(request, **credentials)
            return None
        return person

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign the person in, and say so in the log."""
        super().login(request, user)
        audit.record("session.sign_in", by=user, of=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign the person out, and say so in the log."""
        person = request.user if request.user.is_authenticated else None
        super().logout(request)
        audit.record("session.sign_out", by=person, of=person)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say in the log that somebody failed. What they typed may be a password: it isn't kept."""
        super().authentication_failed(request, **credentials)
        audit.record("session.sign_in_failed", by=None)

    def set_password(self, user: Any, password: str) -> None:
        """Set the password: every other session of the person ends."""
        actions.set_password(user=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to one's own details."""
        return reverse("profile:show")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send after the commit: a mail server that is away is logged and changes no page."""
        message = self.render_mail(template_prefix, email, {"request": self.request, **context})

        def send() -> None:
            message.send()

        # A function with a name, not a partial: Django names it in the log when it fails.
        transaction.on_commit(send, robust=True)
