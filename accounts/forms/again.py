"""Proving once more that it is oneself who sits here."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.sign_in import PASSWORD_LIMIT
from accounts.models import User
from accounts.text import check_text


class SignInAgain(forms.Form):
    """The password in use."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    prefix = "again"

    def __init__(self, *args: Any, person: User, by_a_click: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.by_a_click = by_a_click
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Refuse a password that isn't the person's."""
        password: str = self.cleaned_data["password"]
        check_text(password, PASSWORD_LIMIT)
        if password and not self.person.check_password(password):
            raise forms.ValidationError(_("This is not your password."), code="wrong")
        return password

    def clean(self) -> Any:
        """Refuse an answer without any proof."""
        if not self.errors and not self.by_a_click and not self.cleaned_data.get("password"):
            raise forms.ValidationError(_("Give one of these proofs."), code="required")
        return self.cleaned_data
