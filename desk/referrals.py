"""What waits in referrals, in the words of their own lists, and what ended lately."""

from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.dates import day
from desk.rows import FEW
from referrals import worklists
from referrals.rows import Row
from referrals.workflow import Party, Status


def turn(user: User) -> Iterator[Row]:
    """Yield the referrals that wait for the therapist; their words name the clinic already."""
    for row in worklists.therapist_rows(worklists.for_therapist(user).with_turn(Party.THERAPIST)):
        yield replace(row, cells=row.cells[-1:])


def waiting(user: User) -> list[Row]:
    """Return the referrals that wait for a prescriber organization."""
    return worklists.therapist_rows(worklists.for_therapist(user).with_turn(Party.PROVIDER))


def closed(user: User) -> list[Row]:
    """Return the referrals that ended last."""
    rows = worklists.for_therapist(user).filter(status=Status.CLOSED).order_by("-turn_since")
    return [
        Row(
            name=referral.client.name,
            client=str(referral.client_id),
            url=reverse("referrals:show", args=[referral.pk]),
            why=_("%(outcome)s, closed %(day)s")
            % {
                "outcome": worklists.outcome_words(referral) or _("Declined"),
                "day": day(referral.turn_since),
            },
            cells=(),
        )
        for referral in rows[:FEW]
    ]
