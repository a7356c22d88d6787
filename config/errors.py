"""The pages for what is refused, missing or broken."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts import resending
from config.sizes import too_large

RETRY_AFTER_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be read, without repeating any of it."""
    if isinstance(exception, RequestDataTooBig):
        return too_large()
    return render(request, "errors/400.html", status=HTTPStatus.BAD_REQUEST)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show what a missing page shows: the words do not tell a stranger what exists."""
    return render(request, "errors/404.html", status=HTTPStatus.FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the page is not there, or not theirs."""
    return render(request, "errors/404.html", status=HTTPStatus.NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form is out of date: the token of the page does not match the session.

    A form of our own, of somebody who signed in again meanwhile, is given back to be sent once more.
    """
    return resending.out_of_date(request) or render(
        request, "errors/403_csrf.html", status=HTTPStatus.FORBIDDEN
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Give the request's id; read neither session nor database, since either may be what broke."""
    page = render_to_string("errors/500.html", {"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the database is away and when to try again."""
    page = render_to_string("errors/503.html", {"request_id": getattr(request, "id", "")})
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
