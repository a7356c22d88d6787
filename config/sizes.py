"""How large a request may be: a larger one is answered before any of it is read or written to a disk."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Sizes:
    """Refuse what says that it is larger than any form or file here; what doesn't say a length has none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 413 to a body that is too large: Django limits fields, but takes in files of any size."""
        if _length(request) > settings.LARGEST_REQUEST:
            return too_large()
        return self.get_response(request)


def too_large() -> HttpResponse:
    """Say that it was too large; without the reader's own frame, for which the request would be read."""
    page = render_to_string("errors/413.html")
    return HttpResponse(page, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdecimal() and told.isascii() else 0
