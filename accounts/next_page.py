"""Where somebody goes on to: only ever to a page of ours."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

# Far longer than any page's own address; with it, the address that carries it stays one that browsers take.
LONGEST = 2_000


def next_page(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that `next` names, else `otherwise`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_ours(request, asked) else otherwise


def is_ours(request: HttpRequest, asked: str | None) -> bool:
    """Say whether this is the path of a page of ours, and of no odd form: browsers drop some signs."""
    if not asked or not asked.startswith("/") or not asked.isprintable() or len(asked) > LONGEST:
        return False
    return url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def with_next(name: str, asked: str) -> str:
    """Return an address of ours that leads on to the page that was asked for."""
    return f"{reverse(name)}?{urlencode({'next': asked}, safe='/')}" if asked else reverse(name)
