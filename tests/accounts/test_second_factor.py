"""The second factor: the wall behind a password, codes that work once, enrolling, and what is kept of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import actions, codes, second_factor, wall
from accounts.models import Factor, User
from privacy import context
from privacy.models import Entry, Notice
from tests.access.test_every_address import names_of
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

HOME, PROFILE = "/", "/account/profile/"
CHOOSE, APP, CODES = (
    "/account/second-factor/choose/",
    "/account/second-factor/app/",
    "/account/recovery-codes/",
)
FILLED = {"str": "made-up", "uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "slug": "made-up"}


def entries_of(person: User) -> list[tuple[str, dict[str, Any]]]:
    with context.enter(person.organization_id):
        found = Entry.objects.filter(chain=person.organization_id, record=person.pk).order_by("number")
        return [(entry.action, entry.codes) for entry in found if entry.action.startswith("session.")]


def test_a_newcomer_is_led_to_choose_a_factor_and_back_to_the_page_they_asked_for(lead: User) -> None:
    """CHECKS 11."""
    browser = factors.with_password(lead, next=PROFILE)
    assert browser.get(PROFILE).headers["Location"] == f"{CHOOSE}?next=/account/profile/"
    page = browser.get(f"{CHOOSE}?next={PROFILE}").content.decode()
    assert "Make a passkey" in page
    assert browser.post(APP, {"next": PROFILE}).headers["Location"] == f"{APP}?next=/account/profile/"
    page = browser.get(f"{APP}?next={PROFILE}").content.decode()
    key = page.split('aria-describedby="key-label">')[1].split("<")[0]
    sent = {"code": factors.shown(key.replace(" ", "")), "name": "My phone", "next": PROFILE}
    assert browser.post(APP, sent).headers["Location"] == f"{CODES}?next=/account/profile/"
    assert browser.post(CODES, {"next": PROFILE}).headers["Location"] == PROFILE
    assert browser.get(PROFILE).status_code == 200
    assert entries_of(lead) == [("session.password", {}), ("session.sign_in", {"proof": "app"})]


def test_a_password_leads_to_the_code_and_the_code_on(lead: User) -> None:
    """CHECKS 11 and 35."""
    seed, _ = factors.app_of(lead)
    browser = factors.with_password(lead)
    assert browser.get(PROFILE).headers["Location"] == f"{factors.CODE}?next=/account/profile/"
    assert browser.post(factors.CODE, {"code": factors.wrong(seed)}).status_code == 422
    assert browser.get(PROFILE).status_code == 302
    answer = browser.post(factors.CODE, {"code": factors.shown(seed), "next": PROFILE})
    assert answer.headers["Location"] == PROFILE
    assert browser.get(PROFILE).status_code == 200
    assert entries_of(lead) == [
        ("session.password", {}),
        ("session.proof_failed", {}),
        ("session.sign_in", {"proof": "app"}),
    ]


def addresses() -> Iterator[tuple[str, str]]:
    """Yield every address of the product by name, with made-up values in it."""
    for name, converters in names_of(get_resolver()):
        values = {key: FILLED.get(_kind(converter), "made-up") for key, converter in converters.items()}
        yield name, reverse(name, kwargs=values) if values else _plain(name)


def _kind(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def _plain(name: str) -> str:
    if name == "account_reset_password_from_key":
        return reverse(name, kwargs={"uidb36": "1", "key": "guessed"})
    return reverse(name)


@pytest.mark.parametrize("has_factor", [False, True], ids=["no factor yet", "factor not given"])
def test_a_password_alone_opens_nothing_but_what_is_listed(lead: User, has_factor: bool) -> None:
    """CHECKS 11: every address by GET, HEAD and POST; whatever isn't listed leads to the second factor."""
    if has_factor:
        factors.app_of(lead)
    own, way = (wall.GIVING, factors.CODE) if has_factor else (wall.ENROLLING, CHOOSE)
    opened = set()
    for name, address in addresses():
        browser = Client(raise_request_exception=False)
        browser.cookies = factors.with_password(lead).cookies
        for method in ("get", "head", "post"):
            answer = getattr(browser, method)(address)
            led = answer.status_code == 302 and answer.headers["Location"].startswith(way)
            if not led and answer.status_code != 405:
                opened.add(name)
            assert not answer.wsgi_request.user.is_authenticated or name == wall.SIGN_OUT
    ways_out = {name for name, _ in addresses()} & (wall.PUBLIC | {wall.SIGN_OUT})
    # The page that is led to leads nowhere itself; the other kind's pages are closed.
    assert opened <= ways_out | own
    assert ways_out | own <= {name for name, _ in addresses()}


@pytest.mark.parametrize("has_factor", [False, True], ids=["no factor yet", "factor not given"])
def test_what_is_posted_with_a_password_alone_runs_nowhere(lead: User, has_factor: bool) -> None:
    if has_factor:
        factors.app_of(lead)
    browser = factors.with_password(lead)
    answer = browser.post("/account/profile/edit/", {"name": "Somebody Else"})
    assert answer.headers["Location"] == (factors.CODE if has_factor else CHOOSE)
    lead.refresh_from_db()
    assert lead.name == "Rowan Ellis"


def test_a_script_gets_an_answer_that_it_can_tell_from_success(lead: User) -> None:
    """CHECKS 11: htmx is led by its own header, a program gets 401 and the address."""
    browser = factors.with_password(lead)
    htmx = browser.get(PROFILE, headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx.headers["HX-Redirect"], htmx.content) == (401, CHOOSE, b"")
    program = browser.post(PROFILE, headers={"Accept": "application/json"})
    assert program.status_code == 401
    assert program.json() == {"error": "second factor required", "at": CHOOSE}


def test_a_password_alone_takes_no_factor_into_use_where_there_is_one(lead: User) -> None:
    """Whoever learned a password would otherwise bring their own device."""
    factors.app_of(lead)
    browser = factors.with_password(lead)
    for address in (APP, "/account/second-factor/passkey/", "/account/second-factor/passkey/creation/"):
        assert browser.post(address).headers["Location"] == factors.CODE
    assert Factor.objects.visible_to(lead).count() == 1


def test_a_reset_password_still_needs_the_factor(lead: User) -> None:
    """CHECKS 11."""
    factors.app_of(lead)
    people.in_context(None, actions.set_password, user=lead, password=people.PASSWORD)
    browser = factors.with_password(lead)
    assert browser.get(PROFILE).headers["Location"].startswith(factors.CODE)


def test_the_session_id_changes_at_the_password_and_at_the_factor(lead: User) -> None:
    """CHECKS 15."""
    seed, _ = factors.app_of(lead)
    browser = factors.with_password(lead)
    after_password = browser.session.session_key
    copy = Client()
    copy.cookies = browser.cookies.copy()
    browser.post(factors.CODE, {"code": factors.shown(seed)})
    assert browser.session.session_key != after_password
    assert browser.get(PROFILE).status_code == 200
    assert copy.get(PROFILE).status_code == 302


def test_a_password_waits_a_quarter_of_an_hour(lead: User) -> None:
    seed, _ = factors.app_of(lead)
    browser = factors.with_password(lead)
    session = browser.session
    session[second_factor.BEGAN_AT] -= int(second_factor.PENDING_LASTS.total_seconds())
    session.save()
    answer = browser.post(factors.CODE, {"code": factors.shown(seed)})
    assert answer.headers["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in browser.session


def test_somebody_who_waits_for_a_factor_can_leave(lead: User) -> None:
    browser = factors.with_password(lead)
    assert browser.post("/account/logout/").headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in browser.session


def test_a_session_is_no_more_than_its_stamp(lead: User, colleague: User) -> None:
    """Having a factor proves nothing, nor does somebody else's stamp."""
    factors.app_of(lead)
    browser = factors.with_password(lead)
    session = browser.session
    session[second_factor.STAMP] = {"person": str(colleague.pk), "proof": "app"}
    session.save()
    assert browser.get(PROFILE).headers["Location"].startswith(factors.CODE)


def test_a_code_works_once(lead: User) -> None:
    """CHECKS 13."""
    seed, _ = factors.app_of(lead)
    code = factors.shown(seed)
    first, second = factors.with_password(lead), factors.with_password(lead)
    assert first.post(factors.CODE, {"code": code}).status_code == 302
    again = second.post(factors.CODE, {"code": code})
    assert again.status_code == 422
    assert "was used before" in again.content.decode()
    assert second.post(factors.CODE, {"code": factors.shown(seed, 1)}).status_code == 302


def test_an_earlier_code_works_no_more_after_a_later_one(lead: User) -> None:
    """CHECKS 13."""
    seed, _ = factors.app_of(lead)
    factors.with_password(lead).post(factors.CODE, {"code": factors.shown(seed, 1)})
    assert factors.with_password(lead).post(factors.CODE, {"code": factors.shown(seed)}).status_code == 422


@pytest.mark.parametrize("later", [-3, -2, 2, 3])
def test_a_code_of_another_minute_is_wrong(later: int) -> None:
    seed = codes.new_seed()
    assert codes.step_of(seed, factors.shown(seed, later), timezone.now()) is None


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"code": ""},
        {"code": "12345"},
        {"code": "123456\0"},
        {"code": "١٢٣٤٥٦"},
        {"code": "9" * 5000},
        {"recovery_code": "x" * 5000},
        {"recovery_code": "AAAAA-AAAAA"},
        {"credential": "{}"},
        {"credential": "[" * 5000},
    ],
)
def test_whatever_is_typed_the_page_answers_beside_the_field(lead: User, typed: dict[str, str]) -> None:
    """CHECKS 30."""
    factors.app_of(lead)
    answer = factors.with_password(lead).post(factors.CODE, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("There is a problem" in page, "<title>Error: " in page) == (True, True)


def test_a_new_app_takes_the_place_of_the_old_one(lead: User) -> None:
    old, _ = factors.app_of(lead)
    new, made = factors.app_of(lead)
    assert made == []
    assert Factor.objects.visible_to(lead).count() == 1
    assert factors.with_password(lead).post(factors.CODE, {"code": factors.shown(old)}).status_code == 422
    assert factors.with_password(lead).post(factors.CODE, {"code": factors.shown(new)}).status_code == 302


def test_a_wrong_code_takes_no_app_into_use(lead: User) -> None:
    browser = factors.with_password(lead)
    browser.post(APP)
    answer = browser.post(APP, {"code": "000000", "name": "My phone"})
    assert answer.status_code == 422
    assert "This is not the code that the app shows now." in answer.content.decode()
    assert Factor.objects.visible_to(lead).count() == 0
    assert browser.get(PROFILE).status_code == 302


def test_a_look_makes_no_key(lead: User) -> None:
    """CHECKS 8: the key for a new app is made by a POST."""
    browser = factors.with_password(lead)
    before = dict(browser.session.items())
    assert browser.get(APP).status_code == 200
    assert dict(browser.session.items()) == before


def test_the_person_is_told_that_a_factor_was_added_by_a_link_alone(lead: User) -> None:
    """CHECKS 38."""
    factors.app_of(lead)
    told = Notice.objects.get(recipient=lead.pk)
    assert (told.kind, told.path) == ("security.changed", "/account/security/")


def test_the_wall_lists_no_address_that_does_not_exist() -> None:
    listed = wall.PUBLIC | wall.GIVING | wall.ENROLLING | {wall.SIGN_OUT}
    missing = listed - {name for name, _ in names_of(get_resolver())}
    # These two exist only in the demonstration, and where an organization signs in through its own provider.
    assert {name.split(":")[0] for name in missing} <= {"demo", "single_sign_on"}
