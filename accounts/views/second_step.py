"""The second step of signing in: a code or a passkey after the password, or a passkey alone."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import passkeys, proving, second_factor, signing_in
from accounts.backend import may_sign_in
from accounts.forms.proofs import GiveFactor, PasskeyAnswer
from accounts.identity_providers import may_use_password
from accounts.models import User
from accounts.next_page import next_page, with_next
from accounts.views.answers import form_status


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of somebody whose password was right, then lead on."""
    asked = next_page(request, reverse("desk:home"))
    person = second_factor.pending(request)
    if person is None:
        return redirect(asked if request.user.is_authenticated else with_next("account_login", asked))
    form = GiveFactor(request.POST if request.method == "POST" else None, request=request, person=person)
    if form.is_valid() and form.proof is not None:
        signing_in.finish(request, person, form.proof)
        return redirect(asked)
    return render(
        request, "account/second_factor.html", {"form": form, "next": asked}, status=form_status(form)
    )


@require_POST
def passkey_request(request: HttpRequest) -> JsonResponse:
    """Answer what the browser needs to ask for a passkey: of whoever is here, or of anybody."""
    person = second_factor.pending(request) or request.user
    return JsonResponse(passkeys.request(person if isinstance(person, User) else None))


@sensitive_post_parameters()
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: holding the device and unlocking it are two factors."""
    person = _whose_passkey(request)
    if person is None:
        messages.error(request, _("The passkey was not accepted. Try again, or use your password."))
        return redirect(with_next("account_login", next_page(request, "")))
    get_adapter().login(request, person)
    signing_in.finish(request, person, second_factor.Proof.PASSKEY)
    return redirect(next_page(request, reverse("desk:home")))


def _whose_passkey(request: HttpRequest) -> User | None:
    form = PasskeyAnswer(request.POST)
    if not form.is_valid():
        return None
    credential = form.cleaned_data["credential"]
    person = passkeys.owner(credential)
    if person is None or not (may_sign_in(person) and may_use_password(person)):
        return None
    return person if proving.by_passkey(person, credential) else None
