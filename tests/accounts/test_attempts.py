"""Wrong passwords and codes: five for an account, whatever the address, and a way in for its owner."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import actions, addresses, attempts, devices, throttling
from accounts.models import Attempts, Device, Factor, User
from privacy.middleware import RequestTransaction
from tests.factories import accounts as people
from tests.factories import factors

pytestmark = pytest.mark.django_db

LOGIN, CODE, AGAIN = factors.LOGIN, factors.CODE, "/account/again/"
PROFILE = "/account/profile/"
WRONG = "not the password"
TOO_MANY = "There were too many wrong tries"


def tries(email: str, password: str = WRONG, browser: Client | None = None, **headers: Any) -> Any:
    return (browser or Client()).post(LOGIN, {"login": email, "password": password}, **headers)


def is_refused(answer: Any) -> bool:
    """Say whether the answer is the throttle's: its words, its status and its wait, all or none."""
    signs = (
        TOO_MANY in answer.content.decode(),
        answer.status_code == 429,
        "Retry-After" in answer.headers,
    )
    assert len(set(signs)) == 1, signs
    return signs[0]


def known_browser(person: User, seed: str) -> Client:
    """A browser in which somebody has signed in with both factors and signed out again."""
    browser = factors.with_both(person, seed)
    assert browser.get(PROFILE).status_code == 200
    browser.post("/account/logout/")
    # The code may be given once more in this test, as it could be half a minute later.
    Factor.objects.update(last_step=None)
    return browser


def test_the_sixth_wrong_password_is_refused_and_so_is_the_right_one(lead: User) -> None:
    """CHECKS 12."""
    assert [is_refused(tries(lead.email)) for _ in range(7)] == [False] * 5 + [True] * 2
    refused = tries(lead.email, people.PASSWORD)
    assert is_refused(refused)
    assert 14 * 60 < int(refused.headers["Retry-After"]) <= 15 * 60
    page = refused.content.decode()
    assert "Try again in 15 minutes." in page
    assert "passkey" in page
    assert "password by e-mail" in page


@pytest.mark.parametrize("forged", ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"])
def test_it_is_the_account_that_counts_whatever_the_address(lead: User, forged: str) -> None:
    """CHECKS 12: a forged header changes nothing, and neither does another network."""
    answers = [is_refused(tries(lead.email, **{forged: f"203.0.113.{number}"})) for number in range(7)]
    assert answers == [False] * 5 + [True] * 2


def test_every_way_to_write_the_e_mail_counts_as_the_same(lead: User) -> None:
    """CHECKS 12."""
    spellings = ["rowan@example.org", "ROWAN@example.org", " Rowan@Example.ORG ", "rowan@EXAMPLE.org"]
    for spelling in (*spellings, "roWan@example.org"):
        assert not is_refused(tries(spelling))
    assert is_refused(tries(lead.email))


def test_an_account_that_is_not_there_is_refused_in_the_same_words(lead: User, colleague: User) -> None:
    """CHECKS 12 and 14."""
    people.in_context(None, actions.disable_user, by=people.admin(), user=colleague)
    ends = []
    for email in (lead.email, colleague.email, "nobody@example.org"):
        # A disabled person's own password is as wrong as any.
        password = people.PASSWORD if email == colleague.email else WRONG
        answers = [tries(email, password) for _ in range(6)]
        assert [is_refused(answer) for answer in answers] == [False] * 5 + [True]
        ends.append(answers[-1])
    changing = re.compile(r'csrfmiddlewaretoken" value="\w+"|[a-z]+@example.org')
    pages = {changing.sub("", end.content.decode()) for end in ends}
    assert len(pages) == 1


def test_right_passwords_are_not_counted_and_free_nobody_elses_tries(lead: User) -> None:
    for _ in range(4):
        tries(lead.email)
    for _ in range(8):
        assert tries(lead.email, people.PASSWORD).status_code == 302
    assert not is_refused(tries(lead.email))
    assert is_refused(tries(lead.email))


def test_passwords_and_codes_of_an_account_are_counted_together(lead: User) -> None:
    """CHECKS 12: two wrong passwords and three wrong codes are five."""
    seed, recovery = factors.app_of(lead)
    for _ in range(2):
        tries(lead.email)
    browser = factors.with_password(lead)
    wrong = [{"code": factors.wrong(seed)}, {"recovery_code": "AAAAA-AAAAA"}, {"code": factors.wrong(seed)}]
    assert [is_refused(browser.post(CODE, given)) for given in wrong] == [False] * 3
    assert is_refused(browser.post(CODE, {"code": factors.wrong(seed)}))
    assert is_refused(browser.post(CODE, {"code": factors.shown(seed)}))
    assert is_refused(browser.post(CODE, {"recovery_code": recovery[0]}))
    assert is_refused(tries(lead.email, people.PASSWORD))
    assert browser.get(PROFILE).status_code == 302


@pytest.mark.parametrize("field", ["again-password", "again-code"])
def test_proving_oneself_again_is_counted_too(lead: User, field: str) -> None:
    """CHECKS 12: whoever finds a browser signed in can't guess on."""
    seed, _ = factors.app_of(lead)
    browser = Client()
    browser.force_login(lead)
    wrong = WRONG if field == "again-password" else factors.wrong(seed)
    assert [is_refused(browser.post(AGAIN, {field: wrong})) for _ in range(6)] == [False] * 5 + [True]


def test_the_password_in_use_is_counted_where_it_is_changed(lead: User) -> None:
    """CHECKS 12."""
    browser = Client()
    browser.force_login(lead)
    new = "another walk in the snow"
    typed = {"oldpassword": WRONG, "password1": new, "password2": new}
    answers = [browser.post("/account/password/change/", typed) for _ in range(6)]
    assert [is_refused(answer) for answer in answers] == [False] * 5 + [True]
    assert is_refused(browser.post("/account/password/change/", typed | {"oldpassword": people.PASSWORD}))
    lead.refresh_from_db()
    assert lead.check_password(people.PASSWORD)


def test_of_eight_wrong_ones_at_once_five_are_checked(committed: object) -> None:
    """CHECKS 12, with real commits: the count is locked while a password is checked."""
    person = people.therapist(email="rowan@example.org")
    start = threading.Barrier(8)

    def run(_: int) -> bool:
        browser = Client()
        start.wait()
        try:
            return is_refused(tries(person.email, browser=browser))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(run, range(8))) == [False] * 5 + [True] * 3


def test_a_wrong_try_counts_even_if_its_answer_is_taken_back(rf: Any, committed: object) -> None:
    """A page that is missing, or an error of ours, keeps its count."""

    def broken(request: Any) -> HttpResponse:
        attempts.begin(request, email="rowan@example.org")
        return HttpResponse(status=500)

    for _ in range(5):
        RequestTransaction(broken)(rf.post("/"))
    assert throttling.look(attempts.ACCOUNT[0], "rowan@example.org").number == 5


def test_a_known_browser_has_a_counter_that_no_stranger_fills(lead: User) -> None:
    """CHECKS 12: the way out of an owner whom a stranger locks out."""
    seed, _ = factors.app_of(lead)
    browser = known_browser(lead, seed)
    for _ in range(6):
        tries(lead.email)
    assert is_refused(tries(lead.email, people.PASSWORD))
    assert tries(lead.email, people.PASSWORD, browser).status_code == 302
    assert browser.post(CODE, {"code": factors.shown(seed)}).status_code == 302
    assert browser.get(PROFILE).status_code == 200


def test_a_known_browser_may_guess_no_more_than_a_stranger(lead: User) -> None:
    seed, _ = factors.app_of(lead)
    browser = known_browser(lead, seed)
    answers = [is_refused(tries(lead.email, browser=browser)) for _ in range(6)]
    assert answers == [False] * 5 + [True]
    assert not is_refused(tries(lead.email))


def test_a_browser_is_known_for_its_own_person_alone(lead: User, colleague: User) -> None:
    seed, _ = factors.app_of(lead)
    browser = known_browser(lead, seed)
    for _ in range(5):
        tries(colleague.email)
    assert is_refused(tries(colleague.email, people.PASSWORD, browser))


def test_two_people_of_one_computer_are_both_known(lead: User, colleague: User) -> None:
    browser = known_browser(lead, factors.app_of(lead)[0])
    seed, _ = factors.app_of(colleague)
    tries(colleague.email, people.PASSWORD, browser)
    browser.post(CODE, {"code": factors.shown(seed)})
    browser.post("/account/logout/")
    for person in (lead, colleague):
        for _ in range(6):
            tries(person.email)
        assert tries(person.email, people.PASSWORD, browser).status_code == 302


def test_the_cookie_of_a_known_browser_is_closed_to_scripts_and_kept_as_a_hash(lead: User) -> None:
    seed, _ = factors.app_of(lead)
    browser = factors.with_both(lead, seed)
    cookie = browser.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert int(cookie["max-age"]) == devices.LASTS.total_seconds()
    row = Device.objects.get()
    assert cookie.value not in row.token_hash
    assert row.person == lead


def test_a_password_alone_makes_no_browser_known(lead: User) -> None:
    factors.app_of(lead)
    browser = factors.with_password(lead)
    assert settings.DEVICE_COOKIE_NAME not in browser.cookies
    assert Device.objects.count() == 0


@pytest.mark.parametrize("cookie", ["made-up", "." * 3, "A" * 43, "a" * 5000, "A" * 43 + ".ï"])
def test_a_made_up_cookie_is_no_known_browser(lead: User, cookie: str) -> None:
    browser = Client()
    for _ in range(5):
        tries(lead.email)
    browser.cookies[settings.DEVICE_COOKIE_NAME] = cookie
    assert is_refused(tries(lead.email, people.PASSWORD, browser))


@pytest.mark.parametrize("how", ["expired", "disabled", "password"])
def test_a_known_browser_can_be_taken_back(lead: User, how: str) -> None:
    seed, _ = factors.app_of(lead)
    browser = known_browser(lead, seed)
    if how == "expired":
        long_ago = timezone.now() - timedelta(days=200)
        Device.objects.update(known_since=long_ago, expires_at=long_ago + devices.LASTS)
    elif how == "disabled":
        people.in_context(None, actions.disable_user, by=people.admin(), user=lead)
        people.in_context(None, actions.enable_user, by=people.admin(), user=lead)
    else:
        people.in_context(lead.organization_id, actions.set_password, user=lead, password=people.PASSWORD)
    for _ in range(5):
        tries(lead.email)
    assert is_refused(tries(lead.email, people.PASSWORD, browser))


def test_a_person_has_so_many_known_browsers_and_no_more(lead: User) -> None:
    seed, _ = factors.app_of(lead)
    for _ in range(devices.MOST_OF_A_PERSON + 2):
        known_browser(lead, seed)
    assert Device.objects.filter(person=lead).count() == devices.MOST_OF_A_PERSON


def test_a_month_of_patience_ends_too(lead: User) -> None:
    """NIST SP 800-63B: a hundred wrong ones in a row at most."""
    refused = 0
    for number in range(21):
        for _ in range(5):
            refused += is_refused(tries(lead.email, REMOTE_ADDR=f"198.51.100.{number}"))
        # A quarter of an hour later.
        key = throttling._key(attempts.ACCOUNT[0].name, lead.email)
        Attempts.objects.filter(key=key).update(expires_at=timezone.now())
    assert refused == 5
    answer = tries(lead.email, people.PASSWORD, REMOTE_ADDR="198.51.100.99")
    assert is_refused(answer)
    assert "Try again in 720 hours." in answer.content.decode()


def test_one_address_may_fail_a_hundred_times_over_all_accounts(lead: User) -> None:
    seed, _ = factors.app_of(lead)
    known = known_browser(lead, seed)
    for number in range(attempts.NETWORK.most):
        assert not is_refused(tries(f"somebody{number}@example.org", REMOTE_ADDR="198.51.100.7"))
    assert is_refused(tries("another@example.org", REMOTE_ADDR="198.51.100.7"))
    assert is_refused(tries(lead.email, people.PASSWORD, REMOTE_ADDR="198.51.100.7"))
    assert not is_refused(tries("another@example.org", REMOTE_ADDR="198.51.100.8"))
    assert tries(lead.email, people.PASSWORD, known, REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "192.0.2.1", "203.0.113.9", "203.0.113.9"),
        (1, "192.0.2.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.1", "6.6.6.6, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "192.0.2.1", "", "192.0.2.1"),
        (1, "192.0.2.1", "nonsense", ""),
        (1, "192.0.2.1", "203.0.113.9:4711", "203.0.113.9"),
        (1, "192.0.2.1", "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "", "203.0.113.9", ""),
    ],
)
def test_proxies_are_believed_as_far_as_they_are_ours(
    rf: Any, settings: Any, proxies: int, peer: str, forwarded: str, address: str
) -> None:
    """CHECKS 12."""
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=peer, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))
    assert addresses.network_of(request) == address
