"""Sign-in and passwords: allauth's forms with our words, and no words inside the fields."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import attempts, passwords, resets
from accounts.text import check_text

# A longer password is nobody's: it would only keep the hash busy.
PASSWORD_LIMIT = 200


def _plain(field: forms.Field, label: Any, **attributes: str) -> None:
    """Give a field our label; words inside a field vanish as soon as somebody types."""
    field.label = label
    field.help_text = ""
    for name in ("placeholder", "maxlength"):
        field.widget.attrs.pop(name, None)
    field.widget.attrs.update(attributes)
    if isinstance(field.widget, forms.PasswordInput):
        field.widget.attrs.update(passwords.SHOWABLE)


def _check(form: forms.Form, *names: str) -> None:
    """Refuse what can't be stored, or is far too long, before a database or a hash meets it."""
    for name in names:
        if name in form.errors:
            continue
        try:
            check_text(form.cleaned_data.get(name) or "", PASSWORD_LIMIT)
        except forms.ValidationError as problem:
            form.add_error(name, problem)


class SignIn(allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("E-mail"), autocomplete="username")
        _plain(self.fields["password"], _("Password"), autocomplete="current-password")

    def clean(self) -> Any:
        """Refuse what can't be an e-mail or a password before it is looked up."""
        _check(self, "login", "password")
        return super().clean()


class ChangePassword(allauth_forms.ChangePasswordForm):
    """The password in use, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Password you use now"))
        _plain(self.fields["password1"], _("New password"))
        _plain(self.fields["password2"], _("New password, once more"))
        self.fields["password1"].help_text = passwords.ADVICE

    def clean_oldpassword(self) -> Any:
        """Check the password in use; wrong ones are counted with those of sign-in."""
        check_text(self.cleaned_data["oldpassword"], PASSWORD_LIMIT)
        attempt = attempts.begin(context.request, email=self.user.email)
        password = super().clean_oldpassword()
        attempt.was_right()
        return password

    def clean(self) -> Any:
        """Refuse what can't be a password."""
        _check(self, "oldpassword", "password1")
        return super().clean()


class AskForReset(allauth_forms.ResetPasswordForm):
    """The e-mail to which a link goes, if it is somebody's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], _("E-mail"), autocomplete="username")

    def clean_email(self) -> Any:
        """Refuse what can't be an e-mail before it is looked up."""
        email: str = self.cleaned_data["email"]
        check_text(email, PASSWORD_LIMIT)
        resets.count(context.request, attempts.canonical(email))
        return email

    def save(self, request: HttpRequest, **values: Any) -> str:
        """Have the link sent; nothing here depends on whether the e-mail is anybody's."""
        email: str = self.cleaned_data["email"]
        resets.ask(attempts.canonical(email))
        return email


class NewPassword(allauth_forms.ResetPasswordKeyForm):
    """A new password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password1"], _("New password"))
        _plain(self.fields["password2"], _("New password, once more"))
        self.fields["password1"].help_text = passwords.ADVICE

    def clean(self) -> Any:
        """Refuse what can't be a password."""
        _check(self, "password1")
        return super().clean()
