"""Single sign-on against a real provider on this computer: who gets in, and everything that doesn't."""

import http.client
import io
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import get_user
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from accounts import actions, openid
from accounts.identity_providers import IdentityProvider, parse
from accounts.models import User
from privacy import context
from privacy.models import Entry
from tests.accounts import sign_on_urls
from tests.accounts.openid_provider import CLIENT, SECRET, STRANGERS_KEY, Claims, OpenID, serving, signed
from tests.factories import accounts as people

# Named by the module, so that the product's own addresses are made before any test configures a provider.
pytestmark = [pytest.mark.django_db, pytest.mark.urls(sign_on_urls.__name__)]

START, CALLBACK = "/account/sign-on/harbor/", "/account/sign-on/harbor/callback/"


@pytest.fixture
def provider() -> Iterator[OpenID]:
    """A provider that signs in somebody with a verified e-mail and says that it asked for two factors."""
    openid._known.clear()
    with serving() as provider:
        yield provider
    openid._known.clear()


@pytest.fixture
def person(provider: OpenID, settings: Any) -> User:
    """A therapist whose practice signs in through the provider."""
    person = people.therapist()
    settings.SINGLE_SIGN_ON = (entry(provider, person),)
    provider.claims = {
        "sub": "subject-1",
        "email": person.email,
        "email_verified": True,
        "amr": ["pwd", "mfa"],
    }
    return person


def entry(provider: OpenID, person: User, **changes: Any) -> IdentityProvider:
    values = {
        "key": "harbor",
        "name": "Harbor sign-in",
        "organization": person.organization_id,
        "issuer": provider.address,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "amr": frozenset({"mfa"}),
    }
    return IdentityProvider(**values | changes)


def to_the_provider(browser: Browser, next_page: str = "") -> str:
    """Press the button, and return where it leads."""
    answer = browser.post(START, {"next": next_page})
    assert answer.status_code == 302
    return str(answer["Location"])


def back_from(address: str) -> str:
    """Do what a browser does at the provider's page, and return where it is sent."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    back = urlsplit(answer.headers["Location"])
    assert (back.scheme, back.netloc) == ("http", "testserver")
    return f"{back.path}?{back.query}"


def sign_on(browser: Browser, next_page: str = "") -> Any:
    return browser.get(back_from(to_the_provider(browser, next_page)))


def whose(browser: Browser) -> User | None:
    """Return whose session it is, whether or not the second factor is given."""
    request = HttpRequest()
    request.session = browser.session
    found = get_user(request)
    return found if isinstance(found, User) else None


def actions_of(person: User) -> list[str]:
    with context.enter(person.organization_id):
        rows = Entry.objects.filter(chain=person.organization_id, by=person.pk).order_by("number")
        return [entry.action for entry in rows]


def refusals() -> list[str]:
    network = people.network().pk
    with context.enter(network):
        rows = Entry.objects.filter(chain=network, action="session.sign_in_failed").order_by("number")
        return [str(entry.codes.get("why")) for entry in rows]


# ---- who gets in


def test_a_person_signs_in_with_both_factors_where_the_provider_vouches(person: User) -> None:
    browser = Browser()
    answer = sign_on(browser, "/clients/")
    assert (answer.status_code, answer["Location"]) == (302, "/clients/")
    assert browser.get("/clients/").status_code == 200
    link = SocialAccount.objects.get()
    assert (link.provider, link.uid, link.user, link.extra_data) == ("harbor", "subject-1", person, {})
    assert not SocialToken.objects.exists()
    assert actions_of(person)[-4:] == [
        "sign_on.link",
        "session.provider",
        "session.sign_in",
        "client.listed",
    ]


def test_the_session_gets_a_new_id(person: User) -> None:
    """CHECKS 15."""
    browser = Browser()
    address = to_the_provider(browser)
    before = browser.session.session_key
    browser.get(back_from(address))
    assert before and browser.session.session_key not in {before, None}


@pytest.mark.parametrize(
    "claims", [{"amr": ["pwd"]}, {"amr": "mfa"}, {"amr": None}, {"acr": "mfa", "amr": []}, {"amr": [["mfa"]]}]
)
def test_our_own_factor_is_asked_for_where_the_provider_does_not_vouch(
    person: User, provider: OpenID, claims: Claims
) -> None:
    """CHECKS 11."""
    provider.claims |= claims
    browser = Browser()
    assert sign_on(browser).status_code == 302
    assert whose(browser) == person
    closed = browser.get("/clients/")
    assert closed.status_code == 302
    assert closed["Location"].startswith(reverse("security:choose"))
    assert "session.sign_in" not in actions_of(person)


def test_a_provider_may_vouch_by_acr(person: User, provider: OpenID, settings: Any) -> None:
    settings.SINGLE_SIGN_ON = (entry(provider, person, amr=frozenset(), acr=frozenset({"urn:two"})),)
    provider.claims |= {"acr": "urn:two"}
    browser = Browser()
    sign_on(browser)
    assert browser.get("/clients/").status_code == 200


def test_the_subject_counts_from_the_second_time_on(person: User, provider: OpenID) -> None:
    """The e-mail may change on either side, and needn't be verified any more; the subject may not."""
    sign_on(Browser())
    provider.claims |= {"email": "renamed@example.org", "email_verified": False}
    again = Browser()
    sign_on(again)
    assert whose(again) == person
    assert SocialAccount.objects.count() == 1
    provider.claims |= {"sub": "subject-2", "email": person.email, "email_verified": True}
    somebody_else = Browser()
    assert sign_on(somebody_else).status_code == 422
    assert whose(somebody_else) is None
    call_command("unlink_sign_on", person.email, stdout=io.StringIO())
    assert sign_on(somebody_else).status_code == 302


def test_nobody_is_unlinked_by_an_unknown_email() -> None:
    with pytest.raises(CommandError, match="Nobody has this e-mail"):
        call_command("unlink_sign_on", "nobody@example.org")


def test_state_nonce_and_challenge_are_sent_and_new_each_time(person: User, provider: OpenID) -> None:
    browser = Browser()
    asked = [parse_qs(urlsplit(to_the_provider(browser)).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        values = {one[name][0] for one in asked}
        assert len(values) == 2
        assert all(len(value) >= 16 for value in values)
    assert {one["code_challenge_method"][0] for one in asked} == {"S256"}
    assert {one["redirect_uri"][0] for one in asked} == {f"http://testserver{CALLBACK}"}
    assert {one["response_type"][0] for one in asked} == {"code"}


def test_the_page_lets_its_form_lead_to_the_provider_alone(person: User, provider: OpenID) -> None:
    page = Browser().get(START)
    assert page.status_code == 200
    directives = page["Content-Security-Policy"].split("; ")
    assert f"form-action 'self' {provider.address}" in directives
    assert Browser().get(reverse("account_login"))["Content-Security-Policy"].count(provider.address) == 0
    assert 'href="/account/sign-on/harbor/"' in Browser().get(reverse("account_login")).content.decode()


def test_where_it_leads_afterwards_is_a_page_of_ours(person: User) -> None:
    """CHECKS 23."""
    for bad in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert sign_on(Browser(), bad)["Location"] == reverse("desk:home")


# ---- who doesn't


def now() -> int:
    return int(time.time())


CHANGED: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "wrong nonce": (lambda claims: claims | {"nonce": "of another sign-in"}, "nonce"),
    "no nonce": (lambda claims: _without(claims, "nonce"), "MissingRequiredClaimError"),
    "wrong audience": (lambda claims: claims | {"aud": "another-client"}, "InvalidAudienceError"),
    "two audiences": (lambda claims: claims | {"aud": [CLIENT, "another"]}, "audience"),
    "authorized for another": (lambda claims: claims | {"azp": "another"}, "audience"),
    "wrong issuer": (lambda claims: claims | {"iss": "https://evil.example"}, "InvalidIssuerError"),
    "expired": (lambda claims: claims | {"iat": now() - 900, "exp": now() - 600}, "ExpiredSignatureError"),
    "of the future": (lambda claims: claims | {"iat": now() + 600}, "ImmatureSignatureError"),
    "no end": (lambda claims: _without(claims, "exp"), "MissingRequiredClaimError"),
    "no subject": (lambda claims: _without(claims, "sub"), "MissingRequiredClaimError"),
    "empty subject": (lambda claims: claims | {"sub": ""}, "subject"),
    "endless subject": (lambda claims: claims | {"sub": "x" * 192}, "subject"),
    "subject of a number": (lambda claims: claims | {"sub": 7}, "InvalidSubjectError"),
}


def _without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


@pytest.mark.parametrize("name", CHANGED)
def test_a_token_that_says_something_wrong_is_refused(person: User, provider: OpenID, name: str) -> None:
    provider.change, why = CHANGED[name]
    refused(Browser(), why)


def refused(browser: Browser, why: str) -> None:
    """Sign on, and see nobody signed in, one page for all, and the reason in the log alone."""
    answer = sign_on(browser)
    assert answer.status_code == 422
    assert whose(browser) is None
    assert refusals() == [why]
    assert not SocialAccount.objects.exists()
    assert b"What came back from Harbor sign-in did not sign you in." in answer.content
    assert why.encode() not in answer.content.replace(b'nonce="', b"").replace(b"subject", b"")


FORGED: dict[str, tuple[Callable[[Claims], str], str]] = {
    "another key": (lambda claims: signed(claims, STRANGERS_KEY), "InvalidSignatureError"),
    "an unknown key": (lambda claims: signed(claims, STRANGERS_KEY, kid="two"), "key"),
    "no signature": (
        lambda claims: jwt.encode(claims, None, algorithm="none", headers={"kid": "one"}),
        "InvalidAlgorithmError",
    ),
    "the shared secret": (
        lambda claims: jwt.encode(claims, SECRET * 3, algorithm="HS256", headers={"kid": "one"}),
        "InvalidAlgorithmError",
    ),
    "changed after signing": (lambda claims: _tampered(signed(claims)), "InvalidSignatureError"),
    "no token": (lambda claims: "not-a-token", "DecodeError"),
}


def _tampered(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-2] + ('AA' if body[-2:] != 'AA' else 'BB')}.{signature}"


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(person: User, provider: OpenID, name: str) -> None:
    """Also in the code flow, where the standard would allow to trust the connection instead."""
    provider.sign, why = FORGED[name]
    refused(Browser(), why)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "nobody@example.org"},
        {"email": None},
        {"email": ["a"]},
    ],
)
def test_only_a_verified_known_email_is_matched(person: User, provider: OpenID, claims: Claims) -> None:
    """CHECKS 14: nobody, an unverified one and a stranger all look the same."""
    provider.claims |= claims
    refused(Browser(), "nobody")


def test_a_person_of_another_organization_is_refused(person: User, provider: OpenID) -> None:
    """The provider of one practice can't sign in anybody of another, nor the network's admins."""
    for stranger in (people.therapist(), people.admin(), people.provider()):
        provider.claims |= {"email": stranger.email, "sub": str(stranger.pk)}
        assert sign_on(Browser()).status_code == 422
        assert "session.provider" not in actions_of(stranger)


def test_a_disabled_person_and_one_of_a_disabled_organization_are_refused(
    person: User, provider: OpenID
) -> None:
    """CHECKS 10: before and after they were linked."""
    sign_on(Browser())
    admin = people.admin()
    with context.enter(admin.organization_id):
        actions.disable_user(by=admin, user=person)
    assert sign_on(Browser()).status_code == 422
    with context.enter(admin.organization_id):
        actions.enable_user(by=admin, user=person)
        actions.disable_organization(by=admin, organization=person.organization)
    assert sign_on(Browser()).status_code == 422


def test_a_state_works_once_and_in_its_own_session_alone(person: User, provider: OpenID) -> None:
    browser = Browser()
    back = back_from(to_the_provider(browser))
    assert Browser().get(back).status_code == 422
    assert browser.get(back).status_code == 302
    browser.post(reverse("account_logout"))
    assert browser.get(back).status_code == 422
    assert whose(browser) is None
    assert refusals() == ["state", "state"]


def test_a_state_that_failed_is_used_up_too(person: User, provider: OpenID) -> None:
    browser = Browser()
    first = back_from(to_the_provider(browser))
    state = parse_qs(urlsplit(first).query)["state"][0]
    assert browser.get(f"{CALLBACK}?code=guessed&state={state}").status_code == 422
    assert browser.get(first).status_code == 422
    assert refusals() == ["OAuth2Error", "state"]


@pytest.mark.parametrize("query", ["", "state=made-up&code=x", "error=access_denied", "code=x", "state="])
def test_what_comes_back_uninvited_is_refused(person: User, query: str) -> None:
    assert Browser().get(f"{CALLBACK}?{query}").status_code == 422


def test_a_person_who_says_no_at_the_provider_is_told(person: User) -> None:
    browser = Browser()
    state = parse_qs(urlsplit(to_the_provider(browser)).query)["state"][0]
    assert browser.get(f"{CALLBACK}?error=access_denied&state={state}").status_code == 422
    assert refusals() == ["no_code"]


def test_a_provider_that_is_away_or_names_another_issuer_is_refused(person: User, provider: OpenID) -> None:
    provider.is_down = True
    assert (Browser().get(START).status_code, Browser().post(START).status_code) == (422, 422)
    provider.is_down, provider.issuer = False, "https://another.example"
    assert Browser().post(START).status_code == 422
    assert refusals() == ["unreachable", "unreachable", "issuer"]


def test_the_form_needs_its_token(person: User) -> None:
    """CHECKS 7."""
    assert Browser(enforce_csrf_checks=True).post(START).status_code == 403


# ---- where it is required, and where it is not configured


def test_where_it_is_required_a_password_and_a_passkey_open_nothing(
    person: User, provider: OpenID, settings: Any
) -> None:
    wrong = Browser().post(reverse("account_login"), {"login": person.email, "password": "no such words"})
    settings.SINGLE_SIGN_ON = (entry(provider, person, is_required=True),)
    browser = Browser()
    right = browser.post(reverse("account_login"), {"login": person.email, "password": people.PASSWORD})
    assert (right.status_code, wrong.status_code) == (422, 422)
    assert whose(browser) is None
    other = people.therapist()
    elsewhere = Browser()
    elsewhere.post(reverse("account_login"), {"login": other.email, "password": people.PASSWORD})
    assert whose(elsewhere) == other
    assert sign_on(browser).status_code == 302
    assert whose(browser) == person


def test_who_joins_where_it_is_required_goes_on_to_the_provider(
    person: User, provider: OpenID, settings: Any
) -> None:
    settings.SINGLE_SIGN_ON = (entry(provider, person, is_required=True),)
    admin = people.admin()
    with context.enter(admin.organization_id):
        invited = actions.invite(
            by=admin, organization=person.organization, email="new@example.org", name="New Person"
        )
    browser = Browser()
    words = {"name": "New Person", "password": people.PASSWORD, "password_again": people.PASSWORD}
    joined = browser.post(reverse("people:join", args=[invited.token]), words)
    assert (joined.status_code, joined.headers.get("Location")) == (302, START)
    assert whose(browser) is None


def test_an_unknown_provider_is_missing(person: User) -> None:
    assert Browser().get("/account/sign-on/other/").status_code == 404
    assert Browser().get("/account/sign-on/other/callback/").status_code == 404


@pytest.mark.urls("config.urls")
def test_without_configuration_there_is_no_such_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("single_sign_on:start", args=["harbor"])
    assert Browser().get(START).status_code == 404


GOOD = (
    '[{"key": "harbor", "name": "Harbor", "organization": "7b0c5c1e-6a51-4f8e-9d6e-0a8a52f4b4a1", '
    '"issuer": "https://login.example", "client_id": "c", "client_secret": "very-secret", '
    '"second_factor": {"acr": ["a"], "amr": ["mfa"]}, "required": true}]'
)


def test_the_configuration_is_read() -> None:
    (found,) = parse(GOOD)
    assert (found.key, found.issuer, found.is_required) == ("harbor", "https://login.example", True)
    assert (found.acr, found.amr) == ({"a"}, {"mfa"})
    assert "very-secret" not in repr(found)
    assert parse("  ") == ()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("[", "", "is not JSON"),
        (GOOD, "{}", "takes a list of objects"),
        (GOOD, "[1]", "takes a list of objects"),
        ('"key": "harbor"', '"key": "Har bor"', "key takes lower case letters"),
        ('"name": "Harbor"', '"nome": "Harbor"', "nome is not known"),
        ('"client_secret": "very-secret"', '"client_secret": ""', "client_secret is missing"),
        ("7b0c5c1e-6a51-4f8e-9d6e-0a8a52f4b4a1", "harbor", "organization takes the id of one"),
        ("https://login", "http://login", "issuer takes an https:// address"),
        ('"amr": ["mfa"]', '"amr": "mfa"', "acr and amr take lists of words"),
        ('{"acr"', '{"amz": [], "acr"', "second_factor takes lists named acr and amr"),
        ("true", '"yes"', "required takes true or false"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_a_sentence(before: str, after: str, sentence: str) -> None:
    assert before in GOOD
    with pytest.raises(ImproperlyConfigured, match=sentence) as problem:
        parse(GOOD.replace(before, after))
    assert "very-secret" not in str(problem.value)


def test_two_providers_share_neither_key_nor_organization() -> None:
    with pytest.raises(ImproperlyConfigured, match="names one key twice"):
        parse(GOOD[:-1] + "," + GOOD[1:])
