"""Fetching a referral through access: a stranger's is not there, and one opened in an emergency says so."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.access import PersonRequest
from referrals.models import Referral
from screening import emergency


def visible(request: PersonRequest, pk: UUID) -> Referral:
    """Return a referral that the person may read, with the names its page shows."""
    rows = Referral.objects.visible_to(request.user).with_emergency(request.user)
    referral = get_object_or_404(rows.with_people(), pk=pk)
    emergency.note(request, referral)
    return referral


def own(request: PersonRequest, pk: UUID) -> Referral:
    """Return a referral that the person may act on: of a client they look after, or of their clinic."""
    return get_object_or_404(Referral.objects.in_care_of(request.user).with_people(), pk=pk)
