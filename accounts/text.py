"""What text may be: nothing that can't be stored or that hides itself, and no longer than its place."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Tab, line feed and carriage return are text; every other control character is a mistake or an attack.
ALLOWED_CONTROLS = frozenset("\t\n\r")
# Marks, embeddings, overrides and isolates: with them a name, a file or a sentence reads as another one.
TURNS_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Nobody sees or means these; they come along with pasted text, and would make two equal names differ.
# Joiners (U+200C, U+200D) stay: names and signs are written with them.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u2060\ufeff"))
# What is taken from both ends: white space, and joiners that join nothing.
EDGES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace()) + "\u200c\u200d"
LINE_ENDS = {ord("\u2028"): "\n", ord("\u2029"): "\n"}


def check_text(text: str, limit: int | None = None) -> None:
    """Raise ValidationError when the text can't be stored, or is longer than `limit` characters."""
    if "\0" in text or any(is_control(character) for character in text):
        raise ValidationError(_("Remove the control characters: they can't be stored."), code="control")
    if not TURNS_DIRECTION.isdisjoint(text):
        raise ValidationError(
            _("Remove the characters that turn the direction of writing: type the text anew."),
            code="direction",
        )
    # A browser's damaged bytes arrive as the sign that stands for them.
    if "\ufffd" in text or any("\ud800" <= character <= "\udfff" for character in text):
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
    """Return the text with plain line ends and nothing invisible around it, or raise ValidationError."""
    plain = (value or "").translate(INVISIBLE | LINE_ENDS)
    text = plain.replace("\r\n", "\n").replace("\r", "\n").strip(EDGES)
    check_text(text, limit)
    return text
