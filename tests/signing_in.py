"""In tests `client.force_login(person)` means: signed in with both factors, a moment ago."""

from typing import Any

from django.test import Client

from accounts import second_factor

_login = Client._login


def _with_both_factors(self: Client, user: Any, backend: str | None = None) -> None:
    _login(self, user, backend)
    session = self.session
    second_factor.prove(session, user, second_factor.Proof.APP)
    session.save()


def install() -> None:
    """Make every test client sign people in with both factors; tests of sign-in itself post its forms."""
    Client._login = _with_both_factors
