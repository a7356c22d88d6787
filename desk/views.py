"""Home, for each kind of person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person who is signed in."""
    return render(request, "desk/home.html", {"nav": "home"})
