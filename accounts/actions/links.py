"""Who a provider's subject is: found by a verified e-mail the first time, by the subject ever after."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.backend import may_sign_in
from accounts.identity_providers import IdentityProvider
from accounts.models import User
from privacy import audit


def person_signed_in_by(provider: IdentityProvider, claims: dict[str, Any]) -> User | None:
    """Return the person whom these verified claims speak of, if they may sign in; nobody is ever made.

    A provider speaks for the people of its own organization alone.
    """
    links = SocialAccount.objects.select_related("user__organization")
    linked = links.filter(provider=provider.key, uid=claims["sub"]).first()
    person = linked.user if linked is not None else _person_of_email(provider, claims)
    if person is None or person.organization_id != provider.organization or not may_sign_in(person):
        return None
    if linked is None:
        _link(provider, person, claims["sub"])
    return person


def _person_of_email(provider: IdentityProvider, claims: dict[str, Any]) -> User | None:
    email = claims.get("email")
    # The word true and nothing like it: some providers let people write any e-mail.
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    people = User.objects.select_related("organization").filter(organization_id=provider.organization)
    person = people.filter(email=email.strip().lower()).first()
    # A second subject with a known e-mail is somebody else: e-mails are given out anew.
    taken = person is not None and SocialAccount.objects.filter(provider=provider.key, user=person).exists()
    return None if taken else person


def _link(provider: IdentityProvider, person: User, subject: str) -> None:
    with transaction.atomic():
        SocialAccount.objects.create(provider=provider.key, uid=subject, user=person, extra_data={})
        audit.record("sign_on.link", by=person, of=person, provider=provider.key)


def unlink_sign_on(*, by: User | None, user: User) -> int:
    """Forget which subjects of providers a person is: the next sign-in goes by the e-mail again."""
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        count: int = SocialAccount.objects.filter(user=person).delete()[0]
        audit.record("sign_on.unlink", by=by, of=person, owner=person.organization_id, count=count)
    return count
