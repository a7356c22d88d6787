"""What anybody may read without signing in: whom to tell of a weakness, and a request not to index."""

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import checks
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

# RFC 9116 wants less than a year. The date moves on by itself: it lapses only when nobody serves any more.
HOLDS_FOR = timedelta(days=180)
CONTACT = re.compile(r"(mailto:|https://|tel:)[!-~]+")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness (RFC 9116); nothing is made up where no contact is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (datetime.now(UTC) + HOLDS_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en"]
    if settings.PUBLIC_ADDRESS.startswith("https://"):
        lines.append(f"Canonical: {settings.PUBLIC_ADDRESS.rstrip('/')}{reverse('security_txt')}")
    if settings.SECURITY_POLICY:
        lines.append(f"Policy: {settings.SECURITY_POLICY}")
    return _text(lines)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Ask search engines to stay away."""
    return _text(["User-agent: *", "Disallow: /"])


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the mark: browsers ask for this name where a page can't say another, as beside a text file."""
    return redirect(static("img/mark.svg"))


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def whom_to_tell(**kwargs: object) -> list[checks.CheckMessage]:
    """Miss a contact for weaknesses, and refuse one that a reader of security.txt can't use."""
    if not settings.SECURITY_CONTACT:
        return [checks.Warning("SECURITY_CONTACT is not set: security.txt is not served.", id="handoff.W001")]
    odd = [each for each in settings.SECURITY_CONTACT if not CONTACT.fullmatch(each)]
    return [
        checks.Error(
            f"SECURITY_CONTACT takes mailto:, https:// or tel: addresses, not {each!r}.", id="handoff.E001"
        )
        for each in odd
    ]
