"""Guidance: what to give a client, what a therapist may want to know, and the evidence behind both."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from guidance.evidence import library


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """Show what guidance there is, and how much of the evidence is out of date."""
    return render(
        request, "guidance/home.html", {"nav": "guidance", "library": library(timezone.localdate())}
    )


@require_safe
@signed_in
def handout(request: HttpRequest) -> HttpResponseBase:
    """Show the handout for clients, which is never about one client."""
    return _sheet(request, "guidance/handout.html")


@require_safe
@signed_in
def primer(request: HttpRequest) -> HttpResponseBase:
    """Show the primer for therapists: their part before, on the day and after."""
    return _sheet(request, "guidance/primer.html")


@require_safe
@signed_in
def evidence(request: HttpRequest) -> HttpResponseBase:
    """Show every source: what it supports, how strong it is, and when it has to be looked at again."""
    return _sheet(request, "guidance/evidence.html")


def _sheet(request: HttpRequest, template: str) -> HttpResponseBase:
    held = library(timezone.localdate())
    return render(request, template, {"nav": "guidance", "library": held, "known": held.known()})
