"""The pages for what is refused, missing or broken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form is out of date: the token of the page does not match the session."""
    return render(request, "errors/403_csrf.html", status=403)
