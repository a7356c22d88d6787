"""Shows times in the zone of whoever reads them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponseBase]


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
