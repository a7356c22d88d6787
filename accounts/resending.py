"""Gives a form back that came after its session had ended: what was typed stays, to be sent once more."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NEVER_CARRIED = ("csrfmiddlewaretoken", "password")


def signed_out(request: HttpRequest, why: str) -> HttpResponse:
    """Ask to sign in again in a new tab, then to send the form from here.

    Whoever reads this page has just sent what it carries; nothing of it is shown, and nothing kept here.
    """
    return _page(request, HTTPStatus.UNAUTHORIZED, why=why)


def out_of_date(request: HttpRequest) -> HttpResponse | None:
    """Give back a form of our own page whose token is out of date, because its person signed in elsewhere.

    Only a browser that vouches that one of our own pages sent it (`Sec-Fetch-Site`, which no page can set)
    gets it back: a form of another site is refused and gets nothing.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or not request.user.is_authenticated:
        return None
    return _page(request, HTTPStatus.FORBIDDEN, why="")


def _page(request: HttpRequest, status: int, *, why: str) -> HttpResponse:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(secret in name for secret in NEVER_CARRIED)
    ]
    context = {"fields": fields, "why": why, "had_file": bool(request.FILES)}
    return render(request, "account/send_again.html", context, status=status)
