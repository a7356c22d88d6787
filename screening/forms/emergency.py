"""What is accepted when a lead opens a client in an emergency."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as lazy

from accounts.fields import PlainTextField
from accounts.models import User


class EmergencyAccessForm(forms.Form):
    """For whom, and why it can't wait for the client's own therapist."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    user = forms.ModelChoiceField(
        User.objects.none(), label=lazy("Who needs to see this client"), empty_label=lazy("Choose a person")
    )
    reason = PlainTextField(
        label=lazy("Why it cannot wait"),
        limit=1000,
        help_text=lazy("Read by those who look after the client, by the person you choose, and by leads."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[User]", self.fields["user"])
        field.queryset = User.objects.visible_to(by).active().order_by("name", "pk")
