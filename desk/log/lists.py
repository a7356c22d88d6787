"""Which entries a page of the log shows, and whom it offers to choose from."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from desk.log.rows import PAGE, LogPage, page_of
from privacy import entries
from privacy.entries import Choice
from referrals.models import Referral
from screening.models import Client, Screening


def about(client: Client, user: User, choice: Choice) -> LogPage:
    """Return a page of who did what with one client and their records, refusals too."""
    found = entries.about_client(user.organization_id, client.pk, _records_of(client), choice, PAGE + 1)
    return page_of(found, user)


def people_about(client: Client) -> Iterable[User]:
    """Return everybody whom the log names about a client, by name."""
    ids = entries.people_about(client.pk)
    return User.objects.filter(pk__in=ids).select_related("organization").order_by("name", "pk")


def of_organization(user: User, choice: Choice, *, only_by_others: bool) -> LogPage:
    """Return a page of all that concerns the reader's organization."""
    found = entries.concerning(user.organization_id, choice, PAGE + 1, only_by_others=only_by_others)
    return page_of(found, user)


def colleagues(user: User) -> Iterable[User]:
    """Return everybody of the reader's organization, by name, those who left too."""
    return User.objects.filter(organization_id=user.organization_id).order_by("name", "pk")


def _records_of(client: Client) -> list[UUID]:
    """Return the ids that an address can name of a client's records."""
    own = {"organization_id": client.organization_id, "client_id": client.pk}
    screenings = Screening.objects.filter(**own).values_list("pk", flat=True)
    return [*screenings, *Referral.objects.filter(**own).values_list("pk", flat=True)]
