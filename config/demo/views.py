"""Signing in with one click as one of the demonstration's people."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import second_factor
from accounts.models import Kind, User


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one kind of organization, under its heading."""

    heading: str | Promise
    people: tuple[User, ...]


HEADINGS = {Kind.PRACTICE: _("Therapists"), Kind.PRESCRIBER: _("Providers"), Kind.NETWORK: _("Admins")}


def people() -> tuple[Group, ...]:
    """Return everyone who can be signed in as, in the order of the sign-in page."""
    active = list(User.objects.active().select_related("organization").order_by("organization__name", "name"))
    return tuple(
        Group(heading, tuple(person for person in active if person.organization.kind == kind))
        for kind, heading in HEADINGS.items()
    )


@require_POST
def sign_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign in as this person, as if with both factors. The address exists under `manage.py demo` alone."""
    person = get_object_or_404(User.objects.active(), pk=pk)
    get_adapter().login(request, person)
    second_factor.prove(request.session, person, second_factor.Proof.DEMONSTRATION)
    return redirect("desk:home")
