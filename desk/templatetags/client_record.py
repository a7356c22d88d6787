"""What was asked about a client's record, for the client's own page, and the way to who looked at it."""

from typing import Any

from django import template

from accounts.models import User
from screening.models import Amendment, Client, RecordsRequest

register = template.Library()


@register.inclusion_tag("records/_on_client.html", takes_context=True)
def client_record(context: dict[str, Any], client: Client) -> dict[str, Any]:
    """Show the links, what waits, and every statement of disagreement: it goes with the record."""
    user: User = context["user"]
    amendments = list(
        Amendment.objects.visible_to(user).with_steps().filter(client=client).order_by("-received_on", "pk")
    )
    return {
        "client": client,
        "waiting": RecordsRequest.objects.visible_to(user).open().filter(client=client).count(),
        "undecided": sum(each.decision is None for each in amendments),
        "statements": [each for each in amendments if each.goes_with_the_record],
    }
