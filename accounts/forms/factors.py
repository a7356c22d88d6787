"""Forms that take a factor into use, rename it, or reset somebody's."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import codes
from accounts.fields import PlainCharField
from accounts.forms.proofs import CredentialField
from accounts.models import ResetReason

NAME_LIMIT = 60


def _name(help_text: Any) -> PlainCharField:
    return PlainCharField(label=gettext_lazy("Name"), limit=NAME_LIMIT, help_text=help_text)


class NewApp(forms.Form):
    """What the app shows now, and how the person calls it."""

    code = PlainCharField(
        label=gettext_lazy("Code that the app shows now"),
        help_text=gettext_lazy("Six digits."),
        limit=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    name = _name(gettext_lazy("So that you know it again in your list."))

    def clean_code(self) -> str:
        """Refuse what can't be a code, with the reason."""
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != codes.DIGITS or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("Write the six digits that the app shows."), code="digits")
        return code


class NewPasskey(forms.Form):
    """How the person calls it, and what the device made."""

    name = _name(gettext_lazy("The device or key it lives on, so that you know it again in your list."))
    credential = CredentialField(
        error_messages={"required": gettext_lazy("The device made no passkey. Try again, or use an app.")}
    )


class FactorName(forms.Form):
    """Another name for a factor."""

    name = _name("")


class SecondFactorReset(forms.Form):
    """Why somebody's factors are taken out of use."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=ResetReason.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It goes into the audit log."),
    )
