"""Browsers in which somebody has signed in with both factors: the owner's way past a stranger's wrong tries.

The cookie opens nothing. It carries a random token for each person of the browser (a clinic's computer has
several), bound to that person by a row, so that it can be taken back.
"""

import hashlib
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.models import Device, User

LASTS = timedelta(days=180)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# People of one browser, and browsers of one person: more would only be somebody's collection.
MOST_IN_A_BROWSER = 6
MOST_OF_A_PERSON = 20


def known(request: HttpRequest, email: str) -> Device | None:
    """Return the row of this browser for the person with this e-mail, if they have signed in here before."""
    hashes = [_hash(token) for token in _tokens(request)]
    if not hashes:
        return None
    rows = Device.objects.filter(token_hash__in=hashes, person__email=email, expires_at__gt=timezone.now())
    return rows.first()


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Note that this person uses this browser, from now on for half a year."""
    now = timezone.now()
    tokens = _tokens(request)
    device = known(request, person.email)
    if device is not None:
        Device.objects.filter(pk=device.pk).update(expires_at=now + LASTS)
    else:
        token = secrets.token_urlsafe(32)
        Device.objects.bulk_create(
            [Device(person=person, token_hash=_hash(token), known_since=now, expires_at=now + LASTS)]
        )
        tokens = [token, *tokens][:MOST_IN_A_BROWSER]
        _drop_the_oldest(person)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join(tokens),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget(person: User, *, but: HttpRequest | None = None) -> None:
    """Take back every browser of this person, but the one of a request."""
    rows = Device.objects.filter(person=person)
    if but is not None:
        rows = rows.exclude(token_hash__in=[_hash(token) for token in _tokens(but)])
    rows.delete()


def _drop_the_oldest(person: User) -> None:
    newest = Device.objects.filter(person=person).order_by("-expires_at", "id")[:MOST_OF_A_PERSON]
    Device.objects.filter(person=person).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()


def _tokens(request: HttpRequest) -> list[str]:
    parts = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".")[:MOST_IN_A_BROWSER]
    return [part for part in parts if TOKEN.fullmatch(part)]


def _hash(token: str) -> str:
    """Return what is kept of a token: it has 256 random bits, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
