"""Signing in through one's organization's own provider."""

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from csp.decorators import csp_update
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from accounts import second_factor, signing_in
from accounts.actions.links import person_signed_in_by
from accounts.identity_providers import IdentityProvider, named
from accounts.next_page import next_page
from accounts.openid import Adapter, NotAccepted, Provider
from accounts.second_factor import Proof
from privacy import audit

HOME = "desk:home"


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: str) -> HttpResponseBase:
    """Say where the sign-in leads; a POST leads there."""
    provider = Provider(request, _configured(key))
    asked = next_page(request, reverse(HOME))
    try:
        if request.method == "POST":
            return provider.lead_there(request, asked)
        there = provider.get_oauth2_adapter(request).authorize_url
    except OAuth2Error as problem:
        return _refused(request, provider.configured, problem)
    parts = urlsplit(there)
    # A browser asks the policy of the page that holds the form whether the redirect may follow.
    allowed = csp_update({"form-action": [f"{parts.scheme}://{parts.netloc}"]})
    context = {"provider": provider.configured, "next": asked}
    return allowed(lambda _request: render(request, "account/single_sign_on.html", context))(request)


@require_safe
def callback(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take the provider's answer: the person is signed in, or everybody gets the same refusal."""
    configured = _configured(key)

    def sign_in(claims: dict[str, Any]) -> HttpResponse:
        return signed_in(request, configured, claims)

    view = Callback.adapter_view(Adapter(request, Provider(request, configured), sign_in))
    try:
        return cast("HttpResponseBase", view(request))
    except (OAuth2Error, RequestException, KeyError, ValueError, TypeError) as problem:
        return _refused(request, configured, problem)


class Callback(OAuth2CallbackView):
    """Allauth's: it takes the state out of the session and changes the code for tokens."""

    def _get_state(self, request: HttpRequest, provider: Provider) -> Any:
        state, _ = super()._get_state(request, provider)
        if state is None or "code" not in request.GET:
            raise NotAccepted("state" if state is None else "no_code")
        vars(request)["sign_on_state"] = state
        return state, None


def signed_in(request: HttpRequest, provider: IdentityProvider, claims: dict[str, Any]) -> HttpResponse:
    """Sign in the person whom the provider's claims speak of; both factors only if it vouches for both."""
    person = person_signed_in_by(provider, claims)
    if person is None:
        return _refused(request, provider, NotAccepted("nobody"))
    login(request, person, backend="accounts.backend.People")
    second_factor.begin(request.session)
    audit.record("session.provider", by=person, of=person, provider=provider.key)
    if provider.vouches(claims):
        signing_in.finish(request, person, Proof.PROVIDER)
    return redirect(vars(request)["sign_on_state"].get("next") or reverse(HOME))


def _configured(key: str) -> IdentityProvider:
    found = named(key)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, provider: IdentityProvider, problem: Exception) -> HttpResponse:
    """Say that it failed, in the same words whatever failed; the log has the reason as a code.

    422 and not 403: what the sign-in used up (its state) stays used up.
    """
    why = problem.code if isinstance(problem, NotAccepted) else type(problem).__name__
    audit.record("session.sign_in_failed", by=None, provider=provider.key, why=why)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "account/single_sign_on_refused.html", {"provider": provider}, status=status)
