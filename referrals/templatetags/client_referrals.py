"""A client's referrals, for the client's own page: where each stands, the live ones with the bar."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.utils.translation import gettext as _

from accounts.models import User
from referrals import history, worklists
from referrals.models import Referral
from referrals.rows import Row
from referrals.workflow import Status
from screening.models import Client

register = template.Library()


@dataclass(frozen=True, slots=True)
class Live:
    """A referral that waits for somebody, and its draft's page or its own."""

    referral: Referral
    holding: history.Holding
    row: Row


@register.inclusion_tag("referrals/_of_client.html", takes_context=True)
def client_referrals(context: dict[str, Any], client: Client) -> dict[str, Any]:
    """Show the client's referrals that the reader may see."""
    user: User = context["user"]
    visible = Referral.objects.visible_to(user).select_related("client").filter(client=client)
    found = visible.with_people().order_by("-turn_since", "pk")
    live = found.exclude(turn="")
    ended = found.filter(turn="").exclude(status=Status.DISCARDED)
    rows = worklists.therapist_rows(live)
    if getattr(context["request"], "emergency", None):
        # Whose turn it is, others are who takes it.
        rows = [replace(row, action=_("Read the referral")) for row in rows]
    return {
        "live": [
            Live(referral, history.holding(referral, user), row)
            for referral, row in zip(live, rows, strict=True)
        ],
        "ended": worklists.therapist_rows(ended),
    }
