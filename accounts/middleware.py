"""Who a request belongs to: nobody before the second factor; afterwards a person, in whose zone times are."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import wall

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SecondFactor:
    """Open nothing but the second factor to a session that has only a password. Denied unless listed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set apart whoever gave a password alone, before anything sees them as signed in."""
        wall.set_apart(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer in the place of every view that isn't open to them; what was posted runs nowhere."""
        match = request.resolver_match
        return wall.answer(request, match.view_name if match is not None else "")


class CurrentPerson:
    """Load the signed-in person once, and use their organization's time zone while the request runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the reader's time zone; the next request of this thread begins in UTC again."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.organization.zone):
            return self.get_response(request)
