"""Where somebody goes on to: only ever to a page of ours."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def next_page(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that `next` names, else `otherwise`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked.startswith("/") else otherwise


def with_next(name: str, asked: str) -> str:
    """Return an address of ours that leads on to the page that was asked for."""
    return f"{reverse(name)}?{urlencode({'next': asked}, safe='/')}" if asked else reverse(name)
