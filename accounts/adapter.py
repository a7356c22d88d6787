"""How allauth is bent to this product: nobody signs up, and sign-ins are audited."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User
from privacy import audit


class InvitedOnly(DefaultAccountAdapter):
    """People come by invitation only; every sign-in, failure and sign-out is an audit entry."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign the person in, and say so in the log."""
        super().login(request, user)
        audit.record("session.sign_in", by=cast("User", user), of=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign the person out, and say so in the log."""
        person = request.user if request.user.is_authenticated else None
        super().logout(request)
        audit.record("session.sign_out", by=person, of=person)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say in the log that somebody failed; the address they typed may be a password and isn't kept."""
        super().authentication_failed(request, **credentials)
        audit.record("session.sign_in_failed", by=None)
