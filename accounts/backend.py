"""Who a session belongs to: the person with the organization in one query, unless either is disabled."""

from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


def may_sign_in(person: User) -> bool:
    """Say whether this person may sign in, and stay signed in."""
    return person.is_active and person.organization.is_active


class People(AuthenticationBackend):
    """E-mail and password, for people and organizations that are active."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the session's person; a disabled one, or one of a disabled organization, is nobody."""
        person = User.objects.select_related("organization").filter(pk=user_id).first()
        return person if person is not None and may_sign_in(person) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """Look for the e-mail among people alone: one query, whoever has it or nobody.

        Allauth looks into a table of its own first, where an e-mail of the past may still stand.
        """
        person = User.objects.select_related("organization").filter(email=email.lower()).first()
        return cast("User | None", self._check_password(person, password))

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether this person may sign in and stay signed in."""
        return may_sign_in(user)
