"""Changing one's password."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import PersonRequest, signed_in
from accounts.views import sign_in


@signed_in
def change(request: PersonRequest) -> HttpResponseBase:
    """Change the password; whoever has none chooses one through the link of a forgotten password."""
    if not request.user.has_usable_password():
        messages.info(
            request, _("You have no password. Sign out, then choose “Forgotten password” to set one.")
        )
        return redirect("security:show")
    return sign_in.password_change(request)
