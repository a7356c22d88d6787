"""Writing a prescriber organization's directory entry."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from privacy import audit
from referrals.models import Listing
from referrals.states import STATES
from screening.actions import ChangedMeanwhile, NotPossible
from screening.reading import day_in


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What an organization says of itself; the fields are the entry's."""

    contact: User | None = None
    takes_referrals: bool = True
    about: str = ""
    city: str = ""
    state: str = ""
    phone: str = ""
    licensed_in: tuple[str, ...] = ()
    evaluates: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    languages: str = ""
    telehealth: str = "not_known"
    works_with_therapist: str = "not_known"
    step_free: str = "not_known"
    says_what_to_work_on: str = "not_known"
    wait_weeks: int | None = None


LISTS = frozenset({"licensed_in", "evaluates", "forms", "payers"})


@transaction.atomic
def write_listing(
    *,
    by: User,
    facts: ListingFacts,
    is_published: bool,
    revision: int = 0,
    at: datetime | None = None,
) -> Listing:
    """Write one's own organization's entry; `revision` is the one that was shown, 0 for a first entry."""
    if not by.is_provider:
        raise PermissionDenied
    now = at or timezone.now()
    # The organization's row stands in for an entry that doesn't exist yet, so that two can't be made.
    Organization.objects.select_for_update().get(pk=by.organization_id)
    listing = Listing.objects.select_for_update().filter(organization_id=by.organization_id).first()
    if listing is not None and _same(listing, facts, is_published):
        return listing
    _check(by, facts, listing, revision)
    listing = listing or Listing(organization_id=by.organization_id, revision=0)
    if facts.wait_weeks is None:
        listing.wait_said_on = None
    elif listing.wait_weeks != facts.wait_weeks:
        listing.wait_said_on = day_in(by.organization, now)
    for field in fields(facts):
        value = getattr(facts, field.name)
        setattr(listing, field.name, list(value) if field.name in LISTS else value)
    listing.is_published, listing.revision = is_published, listing.revision + 1
    listing.changed_by, listing.changed_at = by, now
    listing.save()
    audit.record("listing.written", by=by, of=listing, published=is_published)
    return listing


def _same(listing: Listing, facts: ListingFacts, is_published: bool) -> bool:
    """Return whether the entry says all this already: a form that was sent twice changes nothing."""
    stands = {field.name: getattr(listing, field.name) for field in fields(facts)}
    said = {
        field.name: list(getattr(facts, field.name)) if field.name in LISTS else getattr(facts, field.name)
        for field in fields(facts)
    }
    return stands == said and listing.is_published == is_published


def _check(by: User, facts: ListingFacts, listing: Listing | None, revision: int) -> None:
    if facts.contact is not None and (
        facts.contact.organization_id != by.organization_id or not facts.contact.is_active
    ):
        raise NotPossible(_("The contact is a colleague of your own organization."))
    if not set(facts.licensed_in) | ({facts.state} - {""}) <= set(STATES):
        raise NotPossible(_("Choose states from the list."))
    if (listing.revision if listing else 0) != revision:
        raise ChangedMeanwhile(_("Somebody else has changed this entry meanwhile. Look at it again."))
