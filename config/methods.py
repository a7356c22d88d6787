"""Which methods a request may use: an odd one is answered before anything is opened for it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

# No address takes another one. Each address says in its own Allow header which of these it takes.
KNOWN = ("GET", "HEAD", "POST")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Methods:
    """Refuse methods that no address takes, and give every refusal of a method the product's own page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 405 with a page and the methods that would do; Django's own 405 is an empty page."""
        if request.method not in KNOWN:
            return _with_page(
                HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(KNOWN)})
            )
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.streaming:
            response = _with_page(cast("HttpResponse", response))
        if request.method == "HEAD" and not response.streaming:
            _keep_head(cast("HttpResponse", response))
        return response


def _keep_head(response: HttpResponse) -> None:
    """Drop the body and keep what is said about it: a server would drop it too, with a line in its log."""
    response.headers.setdefault("Content-Length", str(len(response.content)))
    response.content = b""


def _with_page(response: HttpResponse) -> HttpResponse:
    """Write the page into the answer, which keeps its Allow header and its cookies."""
    response.content = render_to_string("errors/405.html").encode()
    response["Content-Type"] = "text/html; charset=utf-8"
    response["Content-Length"] = str(len(response.content))
    return response
