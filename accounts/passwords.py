"""What a new password may not be: known from a breach, or made of words that stand on the page.

Long is good and nothing else is asked: no capitals, no signs, no digits.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

PRODUCT = ("warm", "handoff")
SHORTEST_WORD = 3
OWN_CHARACTERS = 8
SHA1_HEX = 40

# Words for the button that a script puts beside the field.
SHOWABLE = {"data-show": gettext_lazy("Show the password"), "data-hide": gettext_lazy("Hide the password")}

ADVICE = gettext_lazy(
    "At least 8 characters, better 15 or more. A few words in a row are easy to keep. Nothing else is asked."
)


class Input(forms.PasswordInput):
    """A password field that can be shown: whoever sees what they type can choose a long one."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({**(attrs or {}), **SHOWABLE})


class KnownFromBreaches:
    """Refuse a password of the operator's list of breached ones, where there is one."""

    def validate(self, password: str, user: object = None) -> None:
        """Look the password's SHA-1 up in the sorted file; only the hash touches the disk."""
        if not settings.BREACHED_PASSWORDS_FILE:
            return
        digest = (
            hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()
        )
        with Path(settings.BREACHED_PASSWORDS_FILE).open("rb") as listed:
            if _holds(listed, digest.encode()):
                raise ValidationError(
                    _("This password is known from a breach elsewhere: it is among the first to be tried."),
                    code="breached",
                )

    def get_help_text(self) -> str:
        """Say what is refused."""
        return _("It may not be known from a breach.")


def _holds(listed: BinaryIO, digest: bytes) -> bool:
    """Bisect a file of lines that begin with SHA-1 hashes in ascending order: some 35 reads in 40 GB."""
    low, high = 0, listed.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        if _hash_from(listed, middle) < digest:
            low = middle + 1
        else:
            high = middle
    return _hash_from(listed, low) == digest


def _hash_from(listed: BinaryIO, place: int) -> bytes:
    """Return the hash of the first line that begins here or later; past the last one, the highest."""
    listed.seek(max(place - 1, 0))
    if place:
        listed.readline()
    return listed.readline()[:SHA1_HEX].upper() or b"~"


class MadeOfOwnWords:
    """Refuse a password that is little more than one's name, e-mail, organization, or the product's name."""

    def validate(self, password: str, user: object = None) -> None:
        """Take the words out: eight letters and digits have to be left."""
        left = re.sub(r"[\W_]+", "", password.casefold())
        words = {*PRODUCT, *(_words_of(user) if isinstance(user, User) else ())}
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < OWN_CHARACTERS and any(word in password.casefold() for word in words):
            raise ValidationError(
                _("This is too close to your name, your e-mail, your organization or this product."),
                code="own_words",
            )

    def get_help_text(self) -> str:
        """Say what is refused."""
        return _("It may not be made of your name, your e-mail, your organization or this product's name.")


def _words_of(user: User) -> Iterator[str]:
    organization = user.organization.name if user.organization_id else ""
    for text in (user.name, user.email, organization):
        yield from (word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= SHORTEST_WORD)
