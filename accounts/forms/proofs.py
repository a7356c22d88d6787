"""Forms by which somebody proves who they are: a code, a recovery code, a passkey, the password."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import passwords, proving
from accounts.fields import PlainCharField
from accounts.forms.sign_in import PASSWORD_LIMIT
from accounts.models import Factor, RecoveryCode, User
from accounts.second_factor import Proof
from accounts.text import check_text

# A passkey's answer is some two thousand characters, its registration seldom above eight.
CREDENTIAL_LIMIT = 20_000


class CredentialField(forms.CharField):
    """What the browser's passkey answered, as JSON; the person doesn't see it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return the answer as a dictionary, or None where there is none."""
        if not value:
            return None
        try:
            read = json.loads(value) if len(value) <= CREDENTIAL_LIMIT else None
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            raise forms.ValidationError(_("The answer of the passkey is damaged. Try again."), code="damaged")
        return read


class PasskeyAnswer(forms.Form):
    """A passkey alone."""

    credential = CredentialField()


class GiveFactor(forms.Form):
    """One proof out of those that the person has; each form field is left out that they can't use."""

    code = PlainCharField(
        label=gettext_lazy("Code from your app"),
        help_text=gettext_lazy("Six digits. Each code works once."),
        required=False,
        limit=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    recovery_code = PlainCharField(
        label=gettext_lazy("Recovery code"),
        help_text=gettext_lazy("One of the ten you kept. Each works once."),
        required=False,
        limit=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    credential = CredentialField(required=False)

    def __init__(self, *args: Any, request: HttpRequest, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.person = request, person
        self.proof: Proof | None = None
        for name in set(self.fields) - set(self.usable()):
            del self.fields[name]

    def usable(self) -> Iterator[str]:
        """Yield the names of the fields that this person can fill."""
        kinds = set(Factor.objects.visible_to(self.person).values_list("authenticator__type", flat=True))
        if Factor.APP in kinds:
            yield "code"
        if kinds and RecoveryCode.objects.filter(user=self.person, used_at__isnull=True).exists():
            yield "recovery_code"
        if Factor.PASSKEY in kinds:
            yield "credential"

    def ways(self) -> dict[str, tuple[Callable[[Any], Proof | None], Any]]:
        """Return, for each field, what proves its value and what is said of a wrong one."""
        by_code, by_passkey = proving.by_code, proving.by_passkey
        used = _("This code is not right, or was used before.")
        return {
            "code": (lambda code: by_code(self.request, self.person, code), used),
            "recovery_code": (lambda code: by_code(self.request, self.person, code), used),
            "credential": (
                lambda credential: by_passkey(self.person, credential),
                _("The passkey was not accepted. Try again, or use another way."),
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Try the first proof that was given; a form with an error in it tries nothing and spends no code."""
        cleaned: dict[str, Any] = self.cleaned_data
        if self.errors:
            return cleaned
        given = [name for name in self.ways() if cleaned.get(name)]
        if not given:
            self.add_error(next((name for name in self.ways() if name in self.fields), None), _none_given())
            return cleaned
        prove, wrong = self.ways()[given[0]]
        self.proof = prove(cleaned[given[0]])
        if self.proof is None:
            self.add_error(given[0], forms.ValidationError(wrong, code="wrong"))
        return cleaned


def _none_given() -> forms.ValidationError:
    return forms.ValidationError(_("Give one of the proofs on this page."), code="required")


class SignInAgain(GiveFactor):
    """The password in use, or a factor."""

    prefix = "again"

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=passwords.Input(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code", "recovery_code", "credential")

    def usable(self) -> Iterator[str]:
        """Yield the password first, for whoever has one."""
        if self.person.has_usable_password():
            yield "password"
        yield from super().usable()

    def ways(self) -> dict[str, tuple[Callable[[Any], Proof | None], Any]]:
        """Take the password as a proof too."""
        by_password = proving.by_password
        own = (lambda typed: by_password(self.request, self.person, typed), _("This is not your password."))
        return {"password": own, **super().ways()}

    def clean_password(self) -> str:
        """Refuse what can't be a password before a hash meets it."""
        password: str = self.cleaned_data["password"]
        check_text(password, PASSWORD_LIMIT)
        return password
