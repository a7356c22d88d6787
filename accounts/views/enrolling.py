"""Taking a factor into use: choose, prove it, keep the recovery codes."""

import json

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, codes, passkeys, qr, seals, second_factor, signing_in
from accounts.access import PersonRequest, enrolling, signed_in
from accounts.forms.factors import NewApp, NewPasskey
from accounts.models import User
from accounts.next_page import next_page, with_next
from accounts.second_factor import Proof
from accounts.views.answers import form_status

SEED, CODES = "new_seed", "new_recovery_codes"


@require_safe
@enrolling
def choose(request: HttpRequest, person: User) -> HttpResponse:
    """Let a newcomer choose between a passkey and an app."""
    return render(request, "account/choose_factor.html", {"next": next_page(request, "")})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@enrolling
def add_app(request: HttpRequest, person: User) -> HttpResponse:
    """Show the key of a new app, then take its first code. A look changes nothing: a POST makes the key."""
    if request.method == "POST" and "code" not in request.POST:
        request.session[SEED] = seals.seal(person, seals.NEW_SEED, codes.new_seed())
        return redirect(with_next("security:add_app", next_page(request, "")))
    if SEED not in request.session:
        return render(request, "account/start_app.html", {"next": next_page(request, "")})
    seed = seals.unseal(person, seals.NEW_SEED, request.session[SEED])
    form = NewApp(
        request.POST if request.method == "POST" else None, initial={"name": _("Authenticator app")}
    )
    if form.is_valid():
        try:
            made = actions.add_app(by=person, seed=seed, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("code", problem)
        else:
            del request.session[SEED]
            return _taken(request, person, Proof.APP, made)
    context = {
        "form": form,
        "next": next_page(request, ""),
        "key": codes.in_fours(seed),
        "drawing": qr.drawn(get_adapter().build_totp_url(person, seed)),
    }
    return render(request, "account/add_app.html", context, status=form_status(form))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@enrolling
def add_passkey(request: HttpRequest, person: User) -> HttpResponse:
    """Take a passkey that the device has made."""
    form = NewPasskey(request.POST if request.method == "POST" else None, initial={"name": _("Passkey")})
    if form.is_valid():
        if passkeys.is_registered(form.cleaned_data["credential"]):
            try:
                made = actions.add_passkey(by=person, **form.cleaned_data)
            except ValidationError as problem:
                form.add_error(None, problem)
            else:
                return _taken(request, person, Proof.PASSKEY, made)
        else:
            form.add_error("credential", _("The passkey was not accepted. Try again, or use an app."))
    context = {"form": form, "next": next_page(request, "")}
    return render(request, "account/add_passkey.html", context, status=form_status(form))


@require_POST
@enrolling
def passkey_creation(request: HttpRequest, person: User) -> JsonResponse:
    """Answer what the browser needs to make a passkey."""
    return JsonResponse(passkeys.creation_request(person))


def _taken(request: HttpRequest, person: User, proof: Proof, made: list[str]) -> HttpResponse:
    """Let a newcomer in by what they just proved, and show new recovery codes once."""
    if second_factor.pending(request) is not None:
        signing_in.finish(request, person, proof)
    asked = next_page(request, "")
    if made:
        keep_to_show(request, person, made)
        return redirect(with_next("security:new_codes", asked))
    messages.success(request, _("It is in use from now on. We have told you by e-mail too."))
    return redirect(asked or "security:show")


def keep_to_show(request: HttpRequest, person: User, made: list[str]) -> None:
    """Keep new codes, sealed, in the session until the person says that they have them."""
    request.session[CODES] = seals.seal(person, seals.NEW_CODES, json.dumps(made))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_codes(request: PersonRequest) -> HttpResponse:
    """Show new recovery codes until the person has kept them; then never again."""
    if request.method == "POST":
        request.session.pop(CODES, None)
        return redirect(next_page(request, reverse("desk:home")))
    shown = _waiting(request)
    if not shown:
        return redirect("security:show")
    return render(request, "account/new_codes.html", {"codes": shown, "next": next_page(request, "")})


@require_safe
@signed_in
def codes_as_text(request: PersonRequest) -> HttpResponse:
    """Give new recovery codes as a file, while they are still shown."""
    shown = _waiting(request)
    if not shown:
        return redirect("security:show")
    text = "\n".join([_("Warm Handoff recovery codes. Each works once."), "", *shown, ""])
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="warm-handoff-recovery-codes.txt"'
    return answer


def _waiting(request: PersonRequest) -> list[str]:
    sealed = request.session.get(CODES)
    return json.loads(seals.unseal(request.user, seals.NEW_CODES, sealed)) if sealed else []
