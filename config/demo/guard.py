"""What keeps the demonstration's open door on this computer and on a demonstration's database."""

from collections.abc import Callable
from ipaddress import ip_address

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.demo import mark

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
BAD_REQUEST, UNAVAILABLE = 400, 503

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OnlyHere:
    """Refuse what came through a proxy or from elsewhere, and serve no database that isn't marked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.marked = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer this computer alone: the sign-in without a password may not be reached from another."""
        if not _is_local(request):
            return _refusal(
                "The demonstration answers only this computer, and not through a proxy.", BAD_REQUEST
            )
        if not self.marked:
            with connection.cursor() as cursor:
                self.marked = mark.is_marked(mark.comment_of(cursor))
        if not self.marked:
            return _refusal("This database isn't marked as a demonstration's.", UNAVAILABLE)
        return self.get_response(request)


def _is_local(request: HttpRequest) -> bool:
    """Return whether the request came straight from this computer."""
    if any(name.startswith(FORWARDED) for name in request.META):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _refusal(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
