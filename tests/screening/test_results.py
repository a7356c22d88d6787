"""What was found, on the page: the result, its print, all answers, judgments, urgent pages, amendments."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from privacy import context
from screening import actions
from screening.blocks import blocks
from screening.models import Acknowledgement, Client, Judgment, Screening
from tests.factories import accounts
from tests.factories import screening as screenings
from tests.screening.conftest import Counted, signed_in

YES, NO = {"value": True}, {"value": False}


def page_of(browser: Browser, name: str, *args: Any) -> str:
    answer = browser.get(reverse(f"screenings:{name}", args=args))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def words(page: str) -> str:
    """Return a page's text without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)).strip()


READING = ["result", "print", "answers"]
OWN = ["show", "check", "amend", "entered_in_error"]
POSTS = ["complete", "confirm_safety", "sign"]


@pytest.mark.parametrize("name", [*READING, *OWN, *POSTS])
def test_the_pages_are_there_for_the_people_who_see_the_client(
    rowan: User, willa: User, stranger: User, provider: User, admin: User, name: str
) -> None:
    """CHECKS 1, 2 and 4."""
    done = screenings.completed(rowan)
    url = reverse(f"screenings:{name}", args=[done.pk])
    method = "post" if name in POSTS else "get"
    people = (willa, stranger, provider, admin)
    assert [getattr(signed_in(each), method)(url).status_code for each in people] == [404, 404, 403, 403]
    assert getattr(Browser(), method)(url).status_code == 302
    assert getattr(Browser(), method)(url).headers["Location"].startswith("/account/login/")
    wrong = "get" if name in POSTS else "put"
    assert getattr(signed_in(rowan), wrong)(url).status_code == 405


def test_a_supervisor_reads_the_completed_screenings_of_their_associates_only(
    rowan: User, associate: User, nadia: User
) -> None:
    """CHECKS 4."""
    theirs, others = screenings.completed(associate), screenings.completed(rowan)
    unfinished = screenings.started(associate)
    supervisor = signed_in(nadia)
    reads = {
        name: supervisor.get(reverse(f"screenings:{name}", args=[theirs.pk])).status_code for name in READING
    }
    assert reads == {"result": 200, "print": 200, "answers": 200}
    for name in OWN:
        assert supervisor.get(reverse(f"screenings:{name}", args=[theirs.pk])).status_code == 404
    assert supervisor.get(reverse("screenings:result", args=[others.pk])).status_code == 404
    assert supervisor.get(reverse("screenings:answers", args=[unfinished.pk])).status_code == 404
    assert supervisor.get(reverse("clients:show", args=[theirs.client_id])).status_code == 404


def test_the_supervisor_finds_signs_and_the_page_says_so(associate: User, nadia: User, willa: User) -> None:
    done = screenings.completed(associate)
    supervisor, to_sign = signed_in(nadia), reverse("screenings:to_sign")
    result, sign = (reverse(f"screenings:{name}", args=[done.pk]) for name in ("result", "sign"))
    assert result in supervisor.get(to_sign).content.decode()
    assert "Unsigned" in signed_in(associate).get(result).content.decode()
    client = reverse("clients:show", args=[done.client_id])
    for page in (client, reverse("clients:list")):
        assert ">Unsigned<" in signed_in(associate).get(page).content.decode()
    assert "Sign this screening" not in signed_in(associate).get(result).content.decode()
    assert signed_in(associate).post(sign).status_code == 404
    assert [signed_in(willa).get(to_sign).status_code, signed_in(willa).post(sign).status_code] == [403, 404]
    assert [supervisor.post(sign).status_code for _press in range(2)] == [302, 302]
    assert result not in supervisor.get(to_sign).content.decode()
    assert "Signed by Nadia Haddad, PsyD" in signed_in(associate).get(result).content.decode()
    assert ">Unsigned<" not in signed_in(associate).get(client).content.decode()


def test_the_list_to_sign_asks_the_same_for_one_row_and_for_three(associate: User, nadia: User) -> None:
    supervisor, counts = signed_in(nadia), []
    for more in (1, 2):
        for _each in range(more):
            screenings.completed(associate)
        supervisor.get(reverse("screenings:to_sign"))
        with Counted() as counted:
            supervisor.get(reverse("screenings:to_sign"))
        counts.append(len(counted.statements))
    assert counts == [8, 8]


@pytest.mark.parametrize(("asks", "codes"), [(True, ["unsigned"]), (False, [])])
def test_unsigned_blocks_sending_where_the_practice_says_so(asks: bool, codes: list[str], db: None) -> None:
    practice = accounts.practice(requires_signature=asks)
    nadia = accounts.therapist(organization=practice, duties=["supervisor"])
    associate = accounts.therapist(organization=practice, needs_signature_from=nadia)
    done = screenings.completed(associate)
    with context.enter(practice.pk):
        assert [block.code for block in blocks(done)] == codes
        actions.sign_screening(by=nadia, screening=done)
        assert blocks(Screening.objects.get(pk=done.pk)) == ()


def test_every_indication_shows_its_outcome_criteria_answers_and_sources(
    rowan: User, browser: Browser
) -> None:
    done = screenings.completed(rowan, case="trd_bipolar")
    page = page_of(browser, "result", done.pk)
    trd = words(page[page.index('id="trd"') : page.index('id="anxiety"')])
    assert "Treatment-resistant depression Not enough information." in trd
    assert "Provider judges No bipolar disorder is recorded" in trd
    assert "Is a bipolar disorder recorded, now or in the past? Yes" in trd
    assert "What this describes is for the provider to judge; it counts as unknown here." in trd
    assert "Published: SPRAVATO (esketamine) nasal spray 2026 (US drug label)" in trd
    assert "Product default, editable; no field consensus." in trd
    assert "FDA: esketamine nasal spray is approved for adults with treatment-resistant depression" in trd


def test_the_line_that_speaks_against_stands_beside_every_ptsd_outcome(rowan: User, browser: Browser) -> None:
    line = "VA/DoD 2023 suggests against ketamine for PTSD (very low quality evidence)."
    opened = screenings.started(rowan)
    assert line in words(page_of(browser, "show", opened.pk))
    for case in ("ptsd_pcl5", "ptsd_no_exposure", "ptsd_measure_blank"):
        done = screenings.completed(rowan, case=case)
        for name in ("result", "print"):
            page = page_of(browser, name, done.pk)
            glance = page[page.index('id="glance"') : page.index('id="considerations"')]
            ptsd = page[page.index('id="ptsd"') : page.index('id="chronic_pain"')]
            assert (words(glance).count(line), words(ptsd).count(line)) == (1, 1)
            assert ptsd.index(line) < ptsd.index('class="criteria"')


def test_a_criterion_for_the_provider_is_not_shown_where_the_outcome_is_not_present(
    rowan: User, browser: Browser
) -> None:
    done = screenings.completed(rowan, bipolar_history=YES, mdd_recorded=NO)
    page = page_of(browser, "result", done.pk)
    trd = words(page[page.index('id="trd"') : page.index('id="anxiety"')])
    assert "Indicators not present" in trd
    assert "Provider judges" not in trd
    assert "No bipolar disorder is recorded" not in trd


def test_missing_answers_are_three_different_things_on_the_page(rowan: User, browser: Browser) -> None:
    done = screenings.completed(
        rowan, bipolar_history={"unknown": "not_known"}, mania_now={"unknown": "declined"}, cssrs_1={}
    )
    page = page_of(browser, "answers", done.pk)
    shown = {
        key: re.findall(rf"<dt>{re.escape(text)} <a.*?</dt><dd>(.*?)</dd>", page)[0]
        for key, text in {
            "not_known": "Is a bipolar disorder recorded, now or in the past?",
            "declined": "Does the client have symptoms of mania or hypomania now?",
            "not_answered": "Have you wished you were dead or wished you could go to sleep and not wake up?",
        }.items()
    }
    assert shown == {
        "not_known": '<span class="unk unk--notknown">Not known</span>',
        "declined": '<span class="unk unk--declined">Declined</span>',
        "not_answered": '<span class="unk unk--blank">Not answered</span>',
    }


def test_a_score_shows_as_an_interval_with_its_day_band_and_age(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan, case="trd_missing_at_10")
    page = words(page_of(browser, "result", done.pk))
    assert re.search(r"PHQ-9 total 10 to 13 of 27 , moderate, \w+ \d+, \d{4}, .*?1 item declined", page)


def test_a_score_too_old_for_the_rules_is_still_shown(rowan: User, browser: Browser) -> None:
    old = (datetime.now(UTC).date() - timedelta(days=40)).isoformat()
    done = screenings.completed(rowan, phq9_date={"value": old})
    page = words(page_of(browser, "result", done.pk))
    assert "older than 30 days, so no rule uses it" in page


def test_considerations_stand_in_three_levels_and_three_states(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan, case="every_consideration", seizures={})
    page = page_of(browser, "result", done.pk)
    part = words(page[page.index('id="considerations"') : page.index('id="trd"')])
    order = [
        part.index(word)
        for word in ("Urgent", "Discuss with the provider", "For information", "Not assessed")
    ]
    assert order == sorted(order)
    assert "considerations not raised" in part or "consideration not raised" in part
    assert "Can be worked on" in part
    assert "The answers are missing, so nothing is said either way." in part


def test_nothing_not_raised_is_hidden_on_paper(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    assert '<details class="more mt-3"> <summary>' in page_of(browser, "result", done.pk)
    printed = page_of(browser, "print", done.pk)
    assert '<details class="more mt-3" open> <summary>' in printed
    assert "<form" not in printed[printed.index('id="main"') :]


def test_an_unread_source_asks_to_be_verified_until_it_is(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    before = words(page_of(browser, "result", done.pk))
    pain = "World Health Organization 2022 (Classification) to be verified by the clinical owner"
    assert pain in before
    owner = accounts.admin(duties=["clinical_owner"])
    with context.enter(owner.organization_id):
        actions.verify_source(by=owner, version=done.version, source="icd11")
    after = words(page_of(browser, "result", done.pk))
    assert pain not in after
    assert "World Health Organization 2022 (Classification)" in after


def test_a_source_past_its_review_says_out_of_date(rowan: User, browser: Browser) -> None:
    text = screenings.document().replace('"review_by": "2026-12-31"', '"review_by": "2020-01-31"')
    with context.enter(None):
        screenings.published(text=text)
    done = screenings.completed(rowan)
    assert "out of date since January 31, 2020" in words(page_of(browser, "result", done.pk))


def test_outside_the_scope_no_outcome_is_given_and_the_rest_is_shown(rowan: User, browser: Browser) -> None:
    done = screenings.completed(
        rowan, screenings.client_of(rowan, birth_date=date(timezone.localdate().year - 12, 1, 1))
    )
    page = words(page_of(browser, "result", done.pk))
    assert "Outside the scope of this questionnaire Scope: Adult, 18 or over." in page
    assert page.count("Not enough information") >= 4
    assert "Indicators present" not in page
    with context.enter(rowan.organization_id):
        assert [block.code for block in blocks(done)] == ["outside_scope", "consideration"]


def test_a_judgment_stands_beside_the_outcome_and_may_differ(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    url = reverse("screenings:judge", args=[done.pk, "trd"])
    answer = browser.post(url, {"trd-view": "differ", "trd-words": "Only begun CPT.", "trd-by": "x"})
    assert answer.headers["Location"] == reverse("screenings:result", args=[done.pk]) + "#trd"
    with context.enter(rowan.organization_id):
        row = Judgment.objects.get()
        assert (row.indication, row.view, row.words, row.by) == ("trd", "differ", "Only begun CPT.", rowan)
    assert "Rowan Ellis differs. Only begun CPT." in words(page_of(browser, "result", done.pk))
    browser.post(url, {"trd-view": "agree"})
    with context.enter(rowan.organization_id):
        assert [(each.view, each.words) for each in Judgment.objects.all()] == [("agree", "")]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, "Choose one."),
        ({"trd-view": "perhaps"}, "Select a valid choice."),
        ({"trd-view": "differ", "trd-words": " "}, "Say in what your judgment differs."),
        ({"trd-view": "agree", "trd-words": "a\0"}, "Remove the control characters"),
        ({"trd-view": "agree", "trd-words": "x" * 2001}, "Use at most 2000 characters. You used 2001."),
    ],
)
def test_a_judgment_that_is_not_one_is_said_at_the_field(
    rowan: User, browser: Browser, values: dict[str, str], error: str
) -> None:
    done = screenings.completed(rowan)
    answer = browser.post(reverse("screenings:judge", args=[done.pk, "trd"]), values)
    assert answer.status_code == 422
    assert answer.content.decode().count(error) == 2
    with context.enter(rowan.organization_id):
        assert Judgment.objects.count() == 0


def test_an_indication_that_is_not_there_is_not_judged(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    assert (
        browser.post(reverse("screenings:judge", args=[done.pk, "nothing"]), {"view": "agree"}).status_code
        == 404
    )


# ---- urgent


def urgent_address(screening: Screening, key: str = "suicide_screen_due") -> str:
    return reverse("screenings:urgent", args=[screening.pk, key])


ACKNOWLEDGED = {"done": "Asked directly.", "told": ["nobody"], "happened_at": "11/23/2020 1:55 PM"}


def test_the_urgent_page_shows_the_answers_and_where_help_is_and_advises_nothing(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"phq9_9": {"value": "1"}})
    page = words(browser.get(urgent_address(opened)).content.decode())
    for part in (
        "Thoughts that you would be better off dead or of hurting yourself in some way Several days",
        "988 Suicide & Crisis Lifeline. Call or text",
        "911 Emergency services.",
        "On call: Nadia Haddad, 503-555-0142.",
        "What to do with the client is your decision. This page does not advise.",
    ):
        assert part in page


def test_acknowledging_goes_on_to_the_next_one_and_then_back(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"phq9_9": {"value": "1"}, "violence_risk": YES})
    first = browser.post(urgent_address(opened), ACKNOWLEDGED)
    assert first.headers["Location"] == urgent_address(opened, "violence_risk")
    second = browser.post(
        urgent_address(opened, "violence_risk"),
        ACKNOWLEDGED | {"told": ["other"], "told_other": "Her brother"},
    )
    assert second.headers["Location"] == reverse("screenings:show", args=[opened.pk])
    with context.enter(rowan.organization_id):
        rows = {row.consideration: row for row in Acknowledgement.objects.all()}
        assert {key: row.told for key, row in rows.items()} == {
            "suicide_screen_due": ["Nobody"],
            "violence_risk": ["Her brother"],
        }
        assert rows["violence_risk"].happened_at == datetime(2020, 11, 23, 21, 55, tzinfo=UTC)
    read = words(browser.get(urgent_address(opened)).content.decode())
    assert "Acknowledged by Rowan Ellis" in read
    assert "Acknowledge and go on" not in read


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"done": ""}, "Say what was done."),
        ({"done": "a\0"}, "Remove the control characters"),
        ({"told": []}, "Say who was told, or choose Nobody."),
        ({"told": ["nobody", "supervisor"]}, "Choose Nobody alone, or who was told."),
        ({"told": ["other"]}, "Say who."),
        ({"told": ["the queen"]}, "Select a valid choice."),
        ({"happened_at": "yesterday"}, "Write the day as month/day/year"),
        ({"happened_at": "11/23/2020 25:00"}, "Write day and time, for example 11/23/2026 1:55 PM."),
        ({"happened_at": "11/23/2126 1:00 PM"}, "This moment is still to come."),
    ],
)
def test_an_acknowledgement_without_what_it_needs_is_said_and_stays_due(
    opened: Screening, rowan: User, browser: Browser, values: dict[str, Any], error: str
) -> None:
    screenings.answer(rowan, opened, {"phq9_9": {"value": "1"}})
    answer = browser.post(urgent_address(opened), ACKNOWLEDGED | values)
    assert answer.status_code == 422
    assert answer.content.decode().count(error) >= 2
    with context.enter(rowan.organization_id):
        assert Acknowledgement.objects.due().count() == 1


def test_the_urgent_page_is_not_there_for_others_or_for_what_was_not_raised(
    opened: Screening, rowan: User, willa: User, stranger: User, provider: User, browser: Browser
) -> None:
    """CHECKS 1 and 4."""
    screenings.answer(rowan, opened, {"phq9_9": {"value": "1"}})
    people = (willa, stranger, provider)
    assert [signed_in(each).get(urgent_address(opened)).status_code for each in people] == [404, 404, 403]
    assert browser.get(urgent_address(opened, "suicide_high")).status_code == 404
    assert Browser().get(urgent_address(opened)).status_code == 302


def test_the_result_shows_what_was_done_and_what_is_still_due(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan, phq9_9={"value": "1"}, cssrs_1={}, violence_risk=YES)
    with context.enter(rowan.organization_id):
        actions.acknowledge_urgent(
            by=rowan, screening=done, consideration="violence_risk", done="Called 911.", told=["988 or 911"]
        )
    page = words(page_of(browser, "result", done.pk))
    assert "1 urgent consideration is not acknowledged" in page
    assert "Called 911." in page
    assert "Told: 988 or 911." in page
    assert "An urgent consideration is not acknowledged." in page


def test_the_result_says_when_an_urgent_answer_was_changed_since(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"violence_risk": YES})
    screenings.answer(rowan, opened, {"violence_risk": NO})
    with context.enter(rowan.organization_id):
        actions.complete_screening(by=rowan, screening=opened)
    page = words(page_of(browser, "result", opened.pk))
    assert "An answer was changed since: it is no longer raised by the answers that stand." in page
    assert "Not acknowledged yet" in page


# ---- completing, amending, blocks


def test_completing_shows_the_result_and_a_second_press_changes_nothing(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    """CHECKS 42."""
    url = reverse("screenings:complete", args=[opened.pk])
    result = reverse("screenings:result", args=[opened.pk])
    assert [browser.post(url).headers["Location"] for _press in range(2)] == [result, result]
    assert browser.get(reverse("screenings:check", args=[opened.pk])).headers["Location"] == result
    assert browser.get(reverse("screenings:show", args=[opened.pk])).headers["Location"] == result


def test_completing_leads_to_what_is_urgent_first(opened: Screening, rowan: User, browser: Browser) -> None:
    screenings.answer(rowan, opened, {"violence_risk": YES})
    answer = browser.post(reverse("screenings:complete", args=[opened.pk]))
    assert answer.headers["Location"] == urgent_address(opened, "violence_risk")


def test_the_check_page_lists_every_question_that_was_asked(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, screenings.vignette("typical_intake"))
    page = words(page_of(browser, "check", opened.pk))
    assert "Every question has an answer." in page
    assert "Sertraline (Zoloft)" in page
    assert "Which measure is recorded?" not in page


def test_amending_and_setting_aside_over_the_pages(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    amend = reverse("screenings:amend", args=[done.pk])
    assert "Say why." in browser.post(amend, {"reason": " "}).content.decode()
    answer = browser.post(amend, {"reason": "The date was wrong."})
    with context.enter(rowan.organization_id):
        copy = Screening.objects.get(state="in_progress")
    assert answer.headers["Location"] == reverse("screenings:show", args=[copy.pk])
    assert "Reason: The date was wrong." in words(page_of(browser, "result", done.pk))
    error = reverse("screenings:entered_in_error", args=[copy.pk])
    assert browser.post(error, {"reason": "Another client."}).status_code == 302
    assert "Reason: Another client." in words(page_of(browser, "answers", copy.pk))
    late = browser.post(reverse("screenings:entered_in_error", args=[done.pk]), {"reason": "x"})
    assert "This screening was replaced already." in late.content.decode()


def test_starting_over_the_page_opens_one(rowan: User, client_record: Client, browser: Browser) -> None:
    """CHECKS 42."""
    url = reverse("clients:start_screening", args=[client_record.pk, screenings.published().pk])
    places = {browser.post(url).headers["Location"] for _press in range(2)}
    assert len(places) == 1
    other = reverse("clients:start_screening", args=[client_record.pk, client_record.pk])
    assert browser.post(other).status_code == 404
    assert browser.get(url).status_code == 405


def test_a_whole_intake_can_be_sent(rowan: User) -> None:
    done = screenings.completed(rowan)
    with context.enter(rowan.organization_id):
        assert blocks(done) == ()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"client_wants_referral": NO}, ["client_does_not_want_it", "consideration"]),
        ({"client_wants_referral": {"unknown": "declined"}}, ["client_does_not_want_it"]),
        ({"seizures": {}}, ["safety_incomplete"]),
        ({"seizures": {"unknown": "declined"}}, []),
        ({"safety_plan": {}}, []),
    ],
)
def test_what_stands_in_the_way_of_sending(rowan: User, changes: dict[str, Any], codes: list[str]) -> None:
    done = screenings.completed(rowan, **changes)
    with context.enter(rowan.organization_id):
        assert [block.code for block in blocks(done)] == codes


def test_an_open_screening_cannot_be_sent(opened: Screening, rowan: User) -> None:
    with context.enter(rowan.organization_id):
        assert "not_completed" in [block.code for block in blocks(opened)]


def test_safety_answers_age_until_somebody_asks_again(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    week = timedelta(days=7)
    with context.enter(rowan.organization_id):
        stored = Screening.objects.get(pk=done.pk)
        given = stored.completed_at
        assert given is not None
        assert blocks(stored, given + week - timedelta(minutes=5)) == ()
        late = given + week + timedelta(minutes=5)
        assert [block.code for block in blocks(stored, late)] == ["safety_old"]
        actions.confirm_safety(by=rowan, screening=stored, at=late)
        assert blocks(Screening.objects.get(pk=done.pk), late + timedelta(days=6)) == ()
    assert browser.post(reverse("screenings:confirm_safety", args=[done.pk])).status_code == 302


def test_the_result_page_asks_the_same_whatever_was_found(rowan: User, browser: Browser) -> None:
    counts = []
    for case in ("nothing_answered", "every_consideration"):
        done = screenings.completed(rowan, case=case)
        browser.get(reverse("screenings:result", args=[done.pk]))
        with Counted() as counted:
            browser.get(reverse("screenings:result", args=[done.pk]))
        counts.append(len(counted.statements))
    assert counts == [12, 12]


def test_no_page_says_what_must_never_be_said_of_a_client(rowan: User, browser: Browser) -> None:
    """CHECKS 26: titles and addresses hold no client data."""
    done = screenings.completed(rowan, case="every_consideration")
    for name in READING:
        page = page_of(browser, name, done.pk)
        title = re.search(r"<title>(.*?)</title>", page)
        assert title is not None
        assert "Vega" not in title[1]
        assert "Marisol" not in title[1]
