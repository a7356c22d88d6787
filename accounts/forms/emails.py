"""The form for another e-mail to sign in with."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.text import check_text

EMAIL_LIMIT = 254


class NewEmail(forms.Form):
    """Where a link goes that has to be followed before anything changes."""

    email = forms.EmailField(
        label=gettext_lazy("New e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Refuse the address in use; of any other one the form doesn't say whether it is somebody's."""
        email: str = self.cleaned_data["email"]
        check_text(email, EMAIL_LIMIT)
        if email.casefold() == self.person.email:
            raise forms.ValidationError(_("You sign in with this e-mail already."), code="same")
        return email
