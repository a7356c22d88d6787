"""OpenID Connect through allauth, with the checks that allauth leaves out: signature, nonce, issuer."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Never, TypeAlias, cast

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from requests import RequestException, Session

from accounts.identity_providers import IdentityProvider

ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed with a private key that only the provider has; never HS256, whose secret both sides know, nor none.
ALGORITHMS = ["RS256", "PS256", "ES256"]
REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
CLOCKS_DIFFER_SECONDS = 60
SECONDS_KNOWN = 600
LONGEST_SUBJECT = 191

SignIn: TypeAlias = Callable[[dict[str, Any]], HttpResponse]

# What providers say of themselves, by issuer, and when they said it.
_known: dict[str, tuple[float, dict[str, Any]]] = {}


class NotAccepted(OAuth2Error):
    """What the provider said does not prove who somebody is. The code says why, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NobodyNew(DefaultSocialAccountAdapter):
    """Allauth's settings in code: no account is made, no redirect followed, every failure is raised."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Nobody signs up."""
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: object = None,
        exception: Exception | None = None,
        extra_context: object = None,
    ) -> Never:
        """Raise what went wrong: our view answers it. Without an exception it was the state."""
        raise exception or NotAccepted("state")

    def get_requests_session(self) -> Session:
        """Return a session with a time limit that never goes where a redirect leads."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        return session


class Provider(OpenIDConnectProvider):
    """An organization's provider, made from the configuration alone."""

    def __init__(self, request: HttpRequest, configured: IdentityProvider) -> None:
        app = SocialApp(
            provider=self.id,
            provider_id=configured.key,
            name=configured.name,
            client_id=configured.client_id,
            secret=configured.client_secret,
            settings={"server_url": configured.issuer.rstrip("/"), "oauth_pkce_enabled": True},
        )
        super().__init__(request, app=app)
        self.configured = configured

    def get_oauth2_adapter(self, request: HttpRequest) -> "Adapter":
        """Return our adapter for this provider."""
        return Adapter(request, self)

    def lead_there(self, request: HttpRequest, next_url: str) -> HttpResponseBase:
        """Return the redirect to the provider, with a state, a nonce and a PKCE challenge of this session."""
        nonce = secrets.token_urlsafe(24)
        sent = {"auth_params": {"nonce": nonce}, "scope": ["openid", "email"], "nonce": nonce}
        return cast("HttpResponseBase", self.redirect(request, process="login", next_url=next_url, **sent))


class Adapter(OpenIDConnectOAuth2Adapter):
    """Allauth's, held to the issuer that was configured."""

    def __init__(self, request: HttpRequest, provider: Provider, sign_in: SignIn | None = None) -> None:
        super().__init__(request, provider.configured.key)
        self.provider = provider
        self.sign_in = sign_in or _nobody

    def get_provider(self) -> Provider:
        """Return the provider of the configuration."""
        return self.provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where the provider leads back to."""
        path = reverse("single_sign_on:callback", args=[self.provider.configured.key])
        return request.build_absolute_uri(path)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; only the configured issuer may."""
        issuer = self.provider.configured.issuer
        said_at, said = _known.get(issuer, (0.0, {}))
        if not said or time.monotonic() - said_at > SECONDS_KNOWN:
            said = _fetched(self.provider.server_url)
            if said.get("issuer") != issuer or not all(isinstance(said.get(name), str) for name in ADDRESSES):
                raise NotAccepted("issuer")
            _known[issuer] = (time.monotonic(), said)
        return said

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Never:
        """Sign in whom the provider's answer speaks of; allauth's own way on would make accounts."""
        nonce = str(vars(request)["sign_on_state"]["nonce"])
        raise ImmediateHttpResponse(self.sign_in(self.claims(kwargs["response"], nonce)))

    def claims(self, response: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """Return what the provider's signed answer says, once everything about it is right."""
        token = response.get("id_token")
        if not isinstance(token, str):
            raise NotAccepted("no_token")
        keys = _fetched(self.openid_config["jwks_uri"])
        return verified(token, keys, self.provider.configured, nonce)


def _nobody(claims: dict[str, Any]) -> HttpResponse:
    raise NotAccepted("unasked")


def _fetched(address: str) -> dict[str, Any]:
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
            said = answer.json()
    except (RequestException, ValueError):
        raise NotAccepted("unreachable") from None
    if not isinstance(said, dict):
        raise NotAccepted("unreachable")
    return said


def verified(token: str, keys: Mapping[str, Any], by: IdentityProvider, nonce: str) -> dict[str, Any]:
    """Return an ID token's claims: signed by the provider, for us, now, and for this very sign-in."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(token, keys),
            algorithms=ALGORITHMS,
            audience=by.client_id,
            issuer=by.issuer,
            leeway=CLOCKS_DIFFER_SECONDS,
            options={"require": REQUIRED_CLAIMS},
        )
    except jwt.PyJWTError as problem:
        raise NotAccepted(type(problem).__name__) from None
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise NotAccepted("nonce")
    audience = claims["aud"]
    if claims.get("azp", by.client_id) != by.client_id or (isinstance(audience, list) and len(audience) > 1):
        raise NotAccepted("audience")
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise NotAccepted("subject")
    return claims


def _key(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """Return the key that the token names; one that names none fits only a provider with one key."""
    name = jwt.get_unverified_header(token).get("kid")
    known = jwt.PyJWKSet.from_dict(dict(keys)).keys
    fitting = [key for key in known if name is None or key.key_id == name]
    if len(fitting) != 1:
        raise NotAccepted("key")
    return fitting[0]
