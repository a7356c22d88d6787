"""Signing in with one click as one of the demonstration's people."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Kind, User
from privacy import audit


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one kind of organization, under its heading."""

    heading: str | Promise
    people: tuple[User, ...]


HEADINGS = {Kind.PRACTICE: _("Therapists"), Kind.PRESCRIBER: _("Providers"), Kind.NETWORK: _("Admins")}


def people() -> Iterator[Group]:
    """Yield everyone who can be signed in as, in the order of the sign-in page."""
    active = list(User.objects.active().select_related("organization").order_by("organization__name", "name"))
    for kind, heading in HEADINGS.items():
        yield Group(heading, tuple(person for person in active if person.organization.kind == kind))


@require_POST
def sign_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign in as this person. The address exists under `manage.py demo` alone."""
    person = get_object_or_404(User.objects.active(), pk=pk)
    login(request, person, backend="accounts.backend.People")
    audit.record("session.sign_in", by=person, of=person, way="demonstration")
    return redirect("desk:home")
