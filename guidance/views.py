"""Guidance: what to read, give and check."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what guidance there is."""
    return render(request, "guidance/home.html", {"nav": "guidance"})
