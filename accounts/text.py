"""What text may be: no control characters, no halves of characters, no longer than its place."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Tab, line feed and carriage return are text; every other control character is a mistake or an attack.
ALLOWED_CONTROLS = frozenset("\t\n\r")


def check_text(text: str, limit: int | None = None) -> None:
    """Raise ValidationError when the text can't be stored, or is longer than `limit` characters."""
    if "\0" in text or any(is_control(character) for character in text):
        raise ValidationError(_("Remove the control characters: they can't be stored."), code="control")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(_("Remove the damaged characters: they can't be stored."), code="surrogate")
    if limit is not None and len(text) > limit:
        raise ValidationError(
            ngettext(
                "Use at most %(limit)s character. You used %(used)s.",
                "Use at most %(limit)s characters. You used %(used)s.",
                limit,
            ),
            code="too_long",
            params={"limit": limit, "used": len(text)},
        )


def is_control(character: str) -> bool:
    """Return whether this is a C0 or C1 control, or DEL, that isn't white space."""
    return (character < " " and character not in ALLOWED_CONTROLS) or "\x7f" <= character <= "\x9f"


def clean_text(value: str | None, limit: int | None = None) -> str:
    """Return the text with plain line ends and no white space around it, or raise ValidationError."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    check_text(text, limit)
    return text
