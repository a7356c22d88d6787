"""How somebody proves who they are to a command: both factors, typed where nobody else reads them."""

import sys
from collections.abc import Callable
from getpass import getpass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import proving
from accounts.attempts import TooMany
from accounts.backend import may_sign_in
from accounts.models import User
from accounts.second_factor import Proof
from privacy import context


def admin_who_proves(email: str) -> User | None:
    """Ask for the password and a code of an active admin of the network; None where anything is not right.

    Neither is ever an argument, which other accounts of the computer could read. Wrong ones count like those
    at sign-in and are audited; which of them was wrong isn't said. Raises `TooMany`.
    """
    password = _ask(_("Password: "))
    code = _ask(_("Code from your app, or a recovery code: "))
    person = User.objects.select_related("organization").filter(email=email.strip().casefold()).first()
    if person is None or not person.is_admin or not may_sign_in(person):
        return None
    # Two transactions that are kept whatever comes of them: a wrong try stays counted.
    right = _is_right(proving.by_password, person, password)
    return person if _is_right(proving.by_code, person, code) and right else None


def _is_right(check: Callable[[HttpRequest, User, str], Proof | None], person: User, typed: str) -> bool:
    with context.enter(person.organization_id):
        try:
            found: Proof | TooMany | None = check(HttpRequest(), person, typed)
        except TooMany as refused:
            found = refused
    if isinstance(found, TooMany):
        raise found
    return found is not None


def _ask(words: str) -> str:
    """Read a line without showing it; from standard input where that is no terminal."""
    return getpass(words) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
