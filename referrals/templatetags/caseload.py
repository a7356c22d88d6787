"""How much a person holds, in numbers: an admin who disables them learns whether a lead is needed first."""

from django import template

from accounts.models import Duty, User
from privacy import audit, context
from referrals.caseloads import Held
from referrals.caseloads import held_by as count

register = template.Library()


@register.simple_tag
def held_by(person: User, reader: User) -> Held:
    """Count in the context of the person's own organization: the reader's has no right to a client's row.

    Nothing but the numbers comes out of it.
    """
    with context.enter(person.organization_id):
        held = count(person)
    audit.record("caseload.counted", by=reader, owner=person.organization_id, person=person.pk)
    return held


@register.simple_tag
def leads_of(person: User) -> list[User]:
    """Return who can hand the person's caseload over."""
    colleagues = User.objects.active().filter(organization_id=person.organization_id)
    return list(colleagues.filter(duties__contains=[Duty.LEAD]).exclude(pk=person.pk).order_by("name", "pk"))
