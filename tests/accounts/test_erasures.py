"""Erasing an organization: two people, a day apart, and nothing of it opens again; what others keep stays."""

import io
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts import actions, codes
from accounts.models import Erasure, Organization, User
from privacy import context, keys
from privacy.encryption import ErasedText, SealBroken, blind_index
from privacy.models import DataKey, Entry
from privacy.verification import verify_chains
from referrals import actions as referral_actions
from referrals.models import Message, Packet, Referral
from referrals.workflow import Status
from screening.models import Client
from tests.factories import accounts as people
from tests.factories import referrals as made

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def do(action: Any, by: User, **values: Any) -> Any:
    return people.in_context(by.organization_id, action, by=by, **values)


def disabled(organization: Organization) -> Organization:
    disabled: Organization = do(actions.disable_organization, people.admin(), organization=organization)
    return disabled


def asked(organization: Organization, by: User, at: datetime = NOW) -> Erasure:
    erasure: Erasure = do(
        actions.ask_for_erasure, by, organization=organization, reason="The contract ended.", at=at
    )
    return erasure


def erase(organization: Organization) -> Erasure:
    """Erase as two admins do."""
    erasure = asked(disabled(organization), people.admin())
    confirmed: Erasure = do(
        referral_actions.erase_organization, people.admin(name="Second"), erasure=erasure, at=NOW + DAY
    )
    return confirmed


# ---- who decides, and when


def test_nobody_but_an_admin_of_the_network_decides() -> None:
    practice = disabled(people.practice())
    erasure = asked(practice, people.admin())
    for stranger in (people.therapist(duties=["lead"]), people.provider()):
        with pytest.raises(PermissionDenied):
            asked(practice, stranger)
        for action in (actions.withdraw_erasure, referral_actions.erase_organization):
            with pytest.raises(PermissionDenied):
                do(action, stranger, erasure=erasure, at=NOW + DAY)
    assert DataKey.objects.get(pk=practice.pk).erased_at is None


def test_one_person_alone_erases_nothing() -> None:
    admin = people.admin()
    erasure = asked(disabled(people.practice()), admin)
    with pytest.raises(ValidationError, match="Somebody else has to confirm"):
        do(referral_actions.erase_organization, admin, erasure=erasure, at=NOW + DAY)
    with pytest.raises(IntegrityError, match="an_erasure_is_two_peoples_decision"), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(confirmed_by=admin, confirmed_at=NOW + DAY)
    assert DataKey.objects.get(pk=erasure.organization_id).erased_at is None


@pytest.mark.parametrize("after", [timedelta(0), DAY - HOUR, timedelta(days=14, seconds=1)])
def test_it_is_confirmed_a_day_to_two_weeks_later(after: timedelta) -> None:
    erasure = asked(disabled(people.practice()), people.admin())
    second = people.admin(name="Second")
    with pytest.raises(ValidationError, match="from one day to two weeks"):
        do(referral_actions.erase_organization, second, erasure=erasure, at=NOW + after)
    assert DataKey.objects.get(pk=erasure.organization_id).erased_at is None


def test_what_was_withdrawn_or_ran_out_is_asked_for_anew() -> None:
    admin, second, practice = people.admin(), people.admin(name="Second"), disabled(people.practice())
    erasure = asked(practice, admin)
    with pytest.raises(ValidationError, match="asked for already"):
        asked(practice, second, at=NOW + HOUR)
    do(actions.withdraw_erasure, second, erasure=erasure, at=NOW + HOUR)
    with pytest.raises(ValidationError, match="Nothing waits"):
        do(referral_actions.erase_organization, second, erasure=erasure, at=NOW + DAY)
    again = asked(practice, second, at=NOW + DAY)
    late = asked(practice, admin, at=NOW + timedelta(days=16))
    again.refresh_from_db()
    assert (again.withdrawn_by, again.withdrawn_at) == (admin, NOW + timedelta(days=16))
    do(referral_actions.erase_organization, second, erasure=late, at=NOW + timedelta(days=18))
    assert DataKey.objects.get(pk=practice.pk).erased_at is not None


def test_only_a_disabled_practice_or_prescriber_is_erased_and_with_a_reason() -> None:
    admin, practice = people.admin(), people.practice()
    with pytest.raises(ValidationError, match="Disable the organization first"):
        asked(practice, admin)
    with pytest.raises(ValidationError, match="network operator can't be erased"):
        asked(people.network(), admin)
    for reason in ("", "  ", "x" * 501, "nul\0"):
        with pytest.raises(ValidationError):
            do(actions.ask_for_erasure, admin, organization=disabled(practice), reason=reason)
    erasure = asked(practice, admin)
    do(actions.enable_organization, admin, organization=practice)
    with pytest.raises(ValidationError, match="Disable the organization first"):
        do(referral_actions.erase_organization, people.admin(name="2"), erasure=erasure, at=NOW + DAY)


def test_an_erased_organization_never_comes_back() -> None:
    practice = people.practice()
    erase(practice)
    with pytest.raises(ValidationError, match="it stays disabled"):
        do(actions.enable_organization, people.admin(), organization=practice)
    with pytest.raises(ValidationError, match="erased already"):
        asked(practice, people.admin())
    with pytest.raises(IntegrityError, match="stays_disabled"), transaction.atomic():
        Organization.objects.filter(pk=practice.pk).update(is_active=True)
    for change in ({"erased_at": None, "master_key": "tests", "wrapped": bytes(60)}, {"erased_at": NOW}):
        with pytest.raises(IntegrityError, match="an erased key never returns"), transaction.atomic():
            DataKey.objects.filter(pk=practice.pk).update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        DataKey.objects.filter(pk=practice.pk).delete()


# ---- what it does


def test_nothing_of_it_opens_again_and_nothing_is_overwritten(committed: object) -> None:
    scene = made.scene()
    client = made.client_of(scene)
    with context.enter(scene.practice.pk):
        before = Client.objects.values_list("first_name", "last_name_index").get(pk=client.pk)
    erase(scene.practice)
    with context.enter(scene.practice.pk):
        gone = Client.objects.get(pk=client.pk)
        assert (gone.first_name, type(gone.last_name)) == ("[erased]", ErasedText)
        assert (dict(gone.contacts_document), gone.contacts_document["phone"]) == ({}, "[erased]")
        with pytest.raises(keys.KeyErased):
            blind_index(scene.practice.pk, "client.name", "Vega1")
        with pytest.raises(keys.KeyErased), transaction.atomic():
            Client(pk=client.pk, organization_id=scene.practice.pk, first_name="New").save()
        gone.save()
        after = Client.objects.values_list("first_name", "last_name_index").get(pk=client.pk)
        other = Client.objects.get(pk=client.pk)
        with pytest.raises(SealBroken):
            other.first_name = gone.last_name
            other.save()
    assert (after[0].data, after[1]) == (before[0].data, before[1])
    assert bytes(DataKey.objects.get(pk=scene.practice.pk).wrapped) == b""


def test_a_process_that_had_the_key_open_drops_it(committed: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process, that nobody tells: it looks again after five minutes, and finds nothing."""
    scene = made.scene()
    client = made.client_of(scene)
    opened = keys.of(scene.practice.pk)
    erase(scene.practice)
    keys._opened[scene.practice.pk] = opened

    def name() -> str:
        with context.enter(scene.practice.pk):
            return str(Client.objects.get(pk=client.pk).first_name)

    assert name() == "Marisol"
    monkeypatch.setattr("time.monotonic", lambda: opened.opened_at + keys.SECONDS_OPEN + 1)
    assert name() == "[erased]"


def test_both_people_stand_in_both_chains_and_in_no_entry_the_reason(committed: object) -> None:
    practice = people.practice()
    erasure = erase(practice)
    first, second = erasure.asked_by_id, erasure.confirmed_by_id
    network = people.network().pk
    found = {}
    for chain in (network, practice.pk):
        with context.enter(chain):
            entries = Entry.objects.filter(chain=chain, action__startswith="erasure.").order_by("number")
            found[chain] = [
                (each.action, each.owner, each.by or UUID(each.codes["erasure_by"])) for each in entries
            ]
            assert not any("contract" in str(each.codes) for each in entries)
    steps = [("erasure.ask", practice.pk, first), ("erasure.confirm", practice.pk, second)]
    assert found == {network: steps, practice.pk: steps}
    assert [report.flaws for report in verify_chains() if report.flaws] == []


# ---- those who stay


def everything(browser: Browser, start: str) -> dict[str, int]:
    """Follow every link from a page, as the browser's person, and return each page's status."""
    seen: dict[str, int] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = browser.get(path)
        seen[path] = answer.status_code
        if answer.status_code in {301, 302}:
            waiting.append(answer["Location"].partition("#")[0])
        links = re.findall(r'href="(/[^"#]*)', answer.content.decode(errors="replace"))
        waiting += [link for link in links if not link.startswith("/static/")]
    return seen


@pytest.fixture
def cast_of_all(committed: object) -> tuple[made.Scene, dict[Status, Referral]]:
    """One referral in every status, with words from both sides."""
    scene = made.scene(now=timezone.now() - timedelta(days=300))
    all_of_them = {status: made.at(status, scene) for status in made.PATHS}
    for status in (Status.ACCEPTED, Status.SCHEDULED):
        words = {"referral": all_of_them[status], "text": "Thank you, hm-word."}
        scene.by(scene.therapist, referral_actions.send_message, **words)
    proceeding = all_of_them[Status.EVALUATED]
    session = {
        "kind": "dosing",
        "day": (scene.now - DAY).date(),
        "form": "iv",
        "notes": "Went well, hm-word.",
    }
    scene.by(scene.provider, referral_actions.add_course_entry, referral=proceeding, **session)
    made.take(scene, all_of_them[Status.IN_REVIEW], "report_urgent_change")
    return scene, all_of_them


def test_every_page_of_the_surviving_prescriber_still_answers(
    cast_of_all: tuple[made.Scene, dict[Status, Referral]],
) -> None:
    """What it accepted stays readable, what it had not is closed, and nothing else breaks."""
    scene, referrals = cast_of_all
    browser = Browser()
    browser.force_login(scene.provider)
    before = everything(browser, "/")
    erase(scene.practice)
    after = everything(browser, "/")
    assert {path: status for path, status in before.items() if status >= 400} == {}
    assert {path: status for path, status in after.items() if status >= 400} == {}
    sent = {status: each for status, each in referrals.items() if status not in {"draft", "discarded"}}
    for status, referral in sent.items():
        thread, packet = browser.get(f"/referrals/{referral.pk}/"), browser.get(f"/inbox/{referral.pk}/")
        assert (thread.status_code, packet.status_code) in {(200, 200), (302, 200)}, status
        kept = referral.accepted_at is not None
        assert (b"Vega" in packet.content, b"This packet is closed" in packet.content) == (kept, not kept)
    accepted = browser.get(f"/referrals/{referrals[Status.ACCEPTED].pk}/").content.decode()
    assert "[erased]" in accepted
    assert "hm-word" not in accepted
    closed = browser.get(f"/inbox/{referrals[Status.SENT].pk}/").content.decode()
    assert "its records were erased before this referral was accepted" in closed


def test_nothing_waits_for_an_answer_any_more(
    cast_of_all: tuple[made.Scene, dict[Status, Referral]],
) -> None:
    """What waited is withdrawn and the course has ended: nobody is asked to write what can't be sealed."""
    scene, referrals = cast_of_all
    erase(scene.practice)
    with context.enter(scene.practice.pk):
        now = {each.pk: each for each in Referral.objects.all()}
    for status, before in referrals.items():
        after = now[before.pk]
        expected = before.status if not before.is_sent or before.state.is_final else Status.WITHDRAWN
        assert (after.status, after.course in {"", "ended"}) == (expected, True), status
        with pytest.raises((referral_actions.NotPossible, PermissionDenied)):
            scene.by(scene.provider, referral_actions.send_message, referral=after, text="Hello?")
    referral_actions.daily_work()
    with context.enter(scene.prescriber.pk):
        copies = Packet.objects.filter(organization=scene.prescriber)
        assert all("Vega" in copy.sealed for copy in copies)
        assert len(copies) == len([each for each in referrals.values() if each.accepted_at])
        assert {message.text for message in Message.objects.all()} == {"[erased]"}


def test_the_practice_of_an_erased_prescriber_goes_on(
    cast_of_all: tuple[made.Scene, dict[Status, Referral]],
) -> None:
    scene, referrals = cast_of_all
    erase(scene.prescriber)
    browser = Browser()
    browser.force_login(scene.therapist)
    after = everything(browser, "/")
    assert {path: status for path, status in after.items() if status >= 400} == {}
    assert any(str(referrals[Status.ACCEPTED].pk) in path for path in after)
    thread = browser.get(f"/referrals/{referrals[Status.ACCEPTED].pk}/").content.decode()
    assert "hm-word" in thread


# ---- the command


def proven_admin(**values: Any) -> tuple[User, str]:
    """Return an admin with an authenticator app, and its seed."""
    admin, seed = people.admin(**values), codes.new_seed()
    do(actions.add_app, admin, seed=seed, code=shown(seed, -1), name="Phone")
    return admin, seed


def shown(seed: str, drift: int = 0) -> str:
    """Return what the app shows now, or half a minute earlier or later."""
    from allauth.mfa.totp.internal import auth as totp

    step = int(timezone.now().timestamp()) // codes.SECONDS + drift
    return str(totp.format_hotp_value(totp.hotp_value(seed, step)))


def run(monkeypatch: pytest.MonkeyPatch, *words: object, password: str, code: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n{code}\n"))
    out = io.StringIO()
    call_command("erase_organisation", *map(str, words), stdout=out)
    return out.getvalue()


def test_the_command_erases_by_two_people(committed: object, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = disabled(people.practice())
    (first, seed), (second, other_seed) = proven_admin(name="First"), proven_admin(name="Second")
    by_first, by_second = ("--by", first.email), ("--by", second.email)
    words = ("ask", practice.pk, *by_first, "--reason", "The contract ended.")
    said = run(monkeypatch, *words, password=people.PASSWORD, code=shown(seed))
    assert said.startswith("Asked for. Another admin confirms it from ")
    confirm = ("confirm", practice.pk, *by_second)
    with pytest.raises(CommandError, match="from one day to two weeks"):
        run(monkeypatch, *confirm, password=people.PASSWORD, code=shown(other_seed))
    waiting = Erasure.objects.get()
    Erasure.objects.filter(pk=waiting.pk).update(asked_at=waiting.asked_at - timedelta(days=2))
    with pytest.raises(CommandError, match="Somebody else"):
        run(monkeypatch, "confirm", practice.pk, *by_first, password=people.PASSWORD, code=shown(seed, 1))
    said = run(monkeypatch, *confirm, password=people.PASSWORD, code=shown(other_seed, 1))
    assert said.startswith("Erased. Within five minutes no running process opens its records any more.")
    assert DataKey.objects.get(pk=practice.pk).erased_at is not None
    with pytest.raises(CommandError, match="Nothing waits"):
        run(monkeypatch, *confirm, password=people.PASSWORD, code=_recovery_code(second))


def _recovery_code(person: User) -> str:
    made_codes: list[str] = do(actions.renew_recovery_codes, person)
    return made_codes[0]


@pytest.mark.parametrize("wrong", ["password", "code", "spent code", "no admin", "nobody", "disabled"])
def test_whoever_does_not_prove_who_they_are_is_refused(
    committed: object, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    practice = disabled(people.practice())
    admin, seed = proven_admin(name="First")
    email, password, code = admin.email, people.PASSWORD, shown(seed)
    match wrong:
        case "password":
            password = "another walk in the rain"
        case "code":
            code = "000000" if code != "000000" else "000001"
        case "spent code":
            code = shown(seed, -1)
        case "no admin":
            email = people.therapist().email
        case "nobody":
            email = "nobody@example.org"
        case "disabled":
            do(actions.disable_user, people.admin(name="Other"), user=admin)
    with pytest.raises(CommandError, match="That is no active admin of the network with this password and"):
        run(monkeypatch, "ask", practice.pk, "--by", email, "--reason", "x", password=password, code=code)
    assert not Erasure.objects.exists()


def test_wrong_passwords_are_counted_and_recorded(committed: object, monkeypatch: pytest.MonkeyPatch) -> None:
    practice, (admin, seed) = disabled(people.practice()), proven_admin(name="First")
    words = ("ask", practice.pk, "--by", admin.email, "--reason", "x")
    for _ in range(3):
        with pytest.raises(CommandError):
            run(monkeypatch, *words, password="wrong", code="000000")
    with pytest.raises(CommandError, match="too many wrong tries"):
        run(monkeypatch, *words, password=people.PASSWORD, code=shown(seed))
    with context.enter(admin.organization_id):
        assert Entry.objects.filter(action="session.proof_failed", by=admin.pk).count() >= 5


def test_either_admin_withdraws_and_an_unknown_organization_is_refused(
    committed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = disabled(people.practice())
    erasure = asked(practice, people.admin(), at=timezone.now())
    admin, seed = proven_admin(name="First")
    words = ("withdraw", practice.pk, "--by", admin.email)
    assert run(monkeypatch, *words, password=people.PASSWORD, code=shown(seed)).startswith("Withdrawn.")
    erasure.refresh_from_db()
    assert erasure.withdrawn_by == admin
    with pytest.raises(CommandError, match="no such organization"):
        call_command("erase_organisation", "ask", str(erasure.pk), "--by", "a@example.org")
