"""A section a page: shown, saved whole, and saved answer by answer."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from privacy import context
from screening import actions
from screening.forms.section import SHOWN
from screening.models import Client, Screening
from screening.reading import Reading, answers_of
from tests.factories import screening as screenings
from tests.screening.conftest import Counted, signed_in

YES, NO = {"value": True}, {"value": False}


def address(screening: Screening, section: str = "depression", name: str = "section") -> str:
    return reverse(f"screenings:{name}", args=[screening.pk, section])


def fields(page: str) -> dict[str, Any]:
    """Return what a browser would send of the page's form, without a button."""
    values: dict[str, Any] = {SHOWN: re.findall(r'name="\.shown" id="[^"]*" value="([^"]*)"', page)}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if found.get("name") in (None, SHOWN, "csrfmiddlewaretoken"):
            continue
        if found.get("type") in ("radio", "checkbox"):
            if re.search(r"\schecked\b", tag):
                values[found["name"]] = found["value"]
        else:
            values[found["name"]] = found.get("value", "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        values[name] = chosen[0] if chosen else ""
    return values


def shown(
    browser: Browser, screening: Screening, section: str = "depression", **query: str
) -> dict[str, Any]:
    return fields(browser.get(address(screening, section), query).content.decode())


def stored(person: User, screening: Screening) -> dict[str, Any]:
    with context.enter(person.organization_id):
        return answers_of(screening)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_section_is_there_for_the_people_who_see_the_client(
    opened: Screening, rowan: User, willa: User, stranger: User, provider: User, admin: User, method: str
) -> None:
    """CHECKS 1, 2 and 4."""
    url = address(opened)
    people = (willa, stranger, provider, admin)
    assert [getattr(signed_in(each), method)(url).status_code for each in people] == [404, 404, 403, 403]
    away = url if method == "get" else "/"
    assert getattr(Browser(), method)(url).headers["Location"] == f"/account/login/?next={away}"
    assert getattr(signed_in(rowan), method)(url).status_code == (200 if method == "get" else 302)
    assert signed_in(rowan).get(address(opened, "no_such_section")).status_code == 404


def test_it_needs_the_csrf_token(opened: Screening, rowan: User) -> None:
    """CHECKS 7."""
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(rowan)
    assert [strict.post(address(opened, name=name)).status_code for name in ("section", "autosave")] == [
        403,
        403,
    ]


def test_every_question_has_not_known_and_declined_beside_it(opened: Screening, browser: Browser) -> None:
    for section in ("about", "depression", "safety", "medicines", "substances", "support"):
        page = browser.get(address(opened, section)).content.decode()
        asked = set(fields(page)[SHOWN])
        assert asked
        for mark in asked:
            key = mark.partition(":")[0]
            as_option = '<option value="declined"' in page
            radios = [f'id="{key}-not_known"' in page, f'id="{key}-declined"' in page]
            assert radios == [True, True] or as_option, key


def test_saving_stores_what_was_sent_and_goes_to_the_next_section(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    sent = shown(browser, opened) | {
        "mdd_recorded": "no",
        "bipolar_history": "not_known",
        "phq9_1": "2",
        "phq9_2": "declined",
        "phq9_date": "",
        "phq9_date.unknown": "not_known",
        ".do": "continue",
    }
    answer = browser.post(address(opened), sent)
    assert answer.headers["Location"].endswith("#slot-phq9_10"), "an answer opened a further question"
    assert stored(rowan, opened) == {
        "age": {"value": 34},
        "mdd_recorded": NO,
        "bipolar_history": {"unknown": "not_known"},
        "phq9_1": {"value": "2"},
        "phq9_2": {"unknown": "declined"},
        "phq9_date": {"unknown": "not_known"},
    }
    again = browser.post(address(opened), shown(browser, opened) | {".do": "continue"})
    assert again.headers["Location"] == address(opened, "anxiety")


def test_saving_reveals_follow_ups_without_a_script(opened: Screening, rowan: User, browser: Browser) -> None:
    before = browser.get(address(opened)).content.decode()
    assert '<div class="slot" id="slot-trials"></div>' in before
    answer = browser.post(
        address(opened), shown(browser, opened) | {"mdd_recorded": "yes", ".do": "continue"}
    )
    assert answer.headers["Location"] == f"{address(opened)}#slot-trials"
    after = browser.get(address(opened)).content.decode()
    assert 'value="add:trials"' in after
    assert "Asked because the answer is yes: Is a depressive disorder" in after


def test_save_and_leave_goes_to_the_list_of_sections(opened: Screening, browser: Browser) -> None:
    answer = browser.post(address(opened), shown(browser, opened) | {".do": "leave"})
    assert answer.headers["Location"] == reverse("screenings:show", args=[opened.pk])
    last = browser.post(address(opened, "support"), shown(browser, opened, "support") | {".do": "continue"})
    assert last.headers["Location"] == reverse("screenings:check", args=[opened.pk])


BOTH = "Give an answer, or choose Not known or Declined, not both."


def test_errors_lead_the_page_and_everything_else_is_saved(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    sent = shown(browser, opened, "safety") | {"bp_reading": "yes"}
    browser.post(address(opened, "safety"), sent | {".do": "stay"})
    sent = shown(browser, opened, "safety") | {
        "systolic": "1480",
        "diastolic": "94",
        "diastolic.unknown": "declined",
        "bp_date": "02/30/2026",
        "heart": "no",
        ".do": "continue",
    }
    answer = browser.post(address(opened, "safety"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Safety" in page
    links = re.findall(r'<li><a href="#([^"]*)">([^<]*)</a></li>', page[page.index("error-summary") :])
    assert links[:3] == [
        ("systolic", "What was the upper number (systolic)?: 1480 is more than 300. Check the digits."),
        (
            "diastolic",
            f"What was the lower number (diastolic)?: {BOTH}",
        ),
        ("bp_date", "When was it taken?: 2/30/2026 is not a day that exists."),
    ]
    for name, typed in (("systolic", "1480"), ("diastolic", "94"), ("bp_date", "02/30/2026")):
        control = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert control is not None
        assert f'value="{typed}"' in control[0]
        assert 'aria-invalid="true"' in control[0]
        assert f'{name}-error"' in control[0]
        assert page.index(f'id="{name}-error"') < page.index(control[0])
    kept = stored(rowan, opened)
    assert (kept["heart"], kept["bp_reading"]) == (NO, YES)
    assert not {"systolic", "diastolic", "bp_date"} & set(kept)


HOSTILE = ["a\0b", "\ud800".encode("utf-8", "surrogatepass"), "x" * 5000, "‮live", "<script>alert(1)</script>"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_an_error_or_text_and_never_a_500(
    opened: Screening, browser: Browser, typed: Any
) -> None:
    """CHECKS 25 and 30."""
    sent = shown(browser, opened, "medicines") | {"allergies": typed, ".do": "stay"}
    answer = browser.post(address(opened, "medicines"), sent)
    assert answer.status_code in (302, 422)
    page = browser.get(address(opened, "medicines")).content.decode()
    assert "<script>alert" not in page
    for name in ("section", "autosave"):
        for field in (SHOWN, ".entry", ".do", ".question", ".part2", "sedatives", "medicines"):
            assert browser.post(address(opened, "medicines", name), {field: typed}).status_code < 500


@pytest.mark.parametrize(
    "mark",
    ["mdd_recorded", "mdd_recorded:x:y", "nothing:0:-", "age:0:-", ":::", "mdd_recorded:99999999999999:-"],
)
def test_marks_that_were_made_up_break_nothing(
    opened: Screening, rowan: User, browser: Browser, mark: str
) -> None:
    answer = browser.post(address(opened), {SHOWN: mark, "mdd_recorded": "yes", "age": "12", ".do": "stay"})
    assert answer.status_code in (302, 422)
    assert stored(rowan, opened)["age"] == {"value": 34}


def test_a_second_window_sees_both_values_and_chooses(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    """CHECKS 43."""
    first, second = shown(browser, opened), shown(browser, opened)
    browser.post(address(opened), first | {"phq9_3": "1", ".do": "stay"})
    answer = browser.post(address(opened), second | {"phq9_3": "2", "phq9_4": "0", ".do": "continue"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(
        r"Choose one\. Here: More than half the days\. Saved at [\d:]+ [AP]M: Several days\.", page
    )
    assert (stored(rowan, opened)["phq9_3"], stored(rowan, opened)["phq9_4"]) == (
        {"value": "1"},
        {"value": "0"},
    )
    assert fields(page)["phq9_3"] == "2"
    browser.post(address(opened), fields(page) | {".do": "stay"})
    assert stored(rowan, opened)["phq9_3"] == {"value": "2"}


def test_what_one_window_left_alone_does_not_undo_the_other(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    """CHECKS 43."""
    first, second = shown(browser, opened), shown(browser, opened)
    browser.post(address(opened), first | {"phq9_3": "1", ".do": "stay"})
    answer = browser.post(address(opened), second | {"phq9_4": "0", ".do": "stay"})
    assert answer.status_code == 302
    assert {key: stored(rowan, opened)[key] for key in ("phq9_3", "phq9_4")} == {
        "phq9_3": {"value": "1"},
        "phq9_4": {"value": "0"},
    }


def trial(page: str, **values: str) -> dict[str, str]:
    place = re.search(r'name="\.entry" value="([^"]*)"', page)
    assert place is not None
    return {f"{place[1]}.{key}": value for key, value in values.items()}


def test_entries_are_added_changed_and_removed_by_buttons(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"mdd_recorded": YES})
    url = address(opened)
    added = browser.post(url, shown(browser, opened) | {".do": "add:trials"})
    assert added.headers["Location"] == f"{url}?add=trials#slot-trials"
    page = browser.get(url, {"add": "trials"}).content.decode()
    sent = fields(page) | trial(
        page, trial_drug="sertraline", trial_weeks="8_plus", trial_dose_adequate="yes"
    )
    browser.post(url, sent | {".do": "done:trials"})
    browser.post(url, sent | {".do": "done:trials"})
    entry = {
        "trial_drug": {"value": "sertraline"},
        "trial_weeks": {"value": "8_plus"},
        "trial_dose_adequate": YES,
    }
    assert stored(rowan, opened)["trials"] == {"entries": [entry]}
    read = browser.get(url).content.decode()
    (place,) = re.findall(r'value="change:(trials\.\w+)"', read)
    change = browser.post(url, shown(browser, opened) | {".do": f"change:{place}"})
    assert change.headers["Location"] == f"{url}?entry={place}#slot-trials"
    page = browser.get(url, {"entry": place}).content.decode()
    assert fields(page)[f"{place}.trial_drug"] == "sertraline"
    browser.post(url, fields(page) | trial(page, trial_drug="declined") | {".do": "done:trials"})
    assert stored(rowan, opened)["trials"]["entries"][0]["trial_drug"] == {"unknown": "declined"}
    browser.post(url, shown(browser, opened) | {".do": f"remove:{place}"})
    assert stored(rowan, opened)["trials"] == {"entries": []}


def test_a_blank_new_entry_is_no_entry_and_a_list_saved_empty_is_answered(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"mdd_recorded": YES})
    assert "trials" not in stored(rowan, opened)
    page = browser.get(address(opened), {"add": "trials"}).content.decode()
    browser.post(address(opened), fields(page) | {".do": "stay"})
    assert stored(rowan, opened)["trials"] == {"entries": []}


def test_a_list_can_be_not_known_and_what_is_listed_is_never_dropped_by_that(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"mdd_recorded": YES})
    browser.post(address(opened), shown(browser, opened) | {"trials": "declined", ".do": "stay"})
    assert stored(rowan, opened)["trials"] == {"unknown": "declined"}
    page = browser.get(address(opened), {"add": "trials"}).content.decode()
    browser.post(address(opened), fields(page) | trial(page, trial_drug="sertraline") | {".do": "stay"})
    refused = browser.post(address(opened), shown(browser, opened) | {"trials": "not_known", ".do": "stay"})
    assert "Remove what is listed first, or leave the list as it is." in refused.content.decode()
    assert len(stored(rowan, opened)["trials"]["entries"]) == 1


def test_a_wrong_field_of_an_entry_keeps_the_entry_open_and_typed(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    url = address(opened, "medicines")
    page = browser.get(url, {"add": "medicines"}).content.decode()
    sent = fields(page) | trial(page, medicine_name="Lithium\0", medicine_dose="300 as told")
    answer = browser.post(url, sent | {".do": "done:medicines"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("Remove the control characters") == 2
    assert "300 as told" in text
    assert "medicines" not in stored(rowan, opened) or stored(rowan, opened)["medicines"] == {"entries": []}


def test_mark_what_is_left_as_no_is_an_act_of_its_own(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    url = address(opened, "safety")
    sent = shown(browser, opened, "safety") | {"heart": "yes", ".do": "mark:told_by_a_clinician"}
    answer = browser.post(url, sent, follow=True)
    assert "12 answers marked No: you read each one aloud." in answer.content.decode()
    assert (stored(rowan, opened)["heart"], stored(rowan, opened)["vascular"]) == (YES, NO)
    assert "psychosis_now" not in stored(rowan, opened)


def test_an_urgent_answer_interrupts_at_once(opened: Screening, browser: Browser) -> None:
    sent = shown(browser, opened) | {"phq9_9": "1", ".do": "continue"}
    answer = browser.post(address(opened), sent)
    assert answer.headers["Location"] == reverse("screenings:urgent", args=[opened.pk, "suicide_screen_due"])


def test_a_sensitive_section_says_so_and_asks_about_part_2(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    page = browser.get(address(opened, "substances")).content.decode()
    assert "It is shared only with a consent of its own." in page
    assert "42 CFR Part 2" in page
    browser.post(
        address(opened, "substances"), shown(browser, opened, "substances") | {".part2": "yes", ".do": "stay"}
    )
    with context.enter(rowan.organization_id):
        assert Reading(Screening.objects.get(pk=opened.pk)).part2 == {"substances": "yes"}
    assert "42 CFR Part 2" not in browser.get(address(opened, "safety")).content.decode()


def test_a_completed_screening_is_read_and_not_filled_in(rowan: User, browser: Browser) -> None:
    done = screenings.completed(rowan)
    before = stored(rowan, done)
    assert browser.get(address(done)).headers["Location"] == reverse("screenings:answers", args=[done.pk])
    browser.post(address(done), {SHOWN: "mdd_recorded:1:-", "mdd_recorded": "no", ".do": "stay"})
    late = browser.post(
        address(done, name="autosave"),
        {SHOWN: "mdd_recorded:1:-", "mdd_recorded": "no", ".question": "mdd_recorded"},
    )
    assert late.status_code == 409
    assert "no longer open" in late.content.decode()
    assert stored(rowan, done) == before


# ---- autosave


def autosave(browser: Browser, screening: Screening, section: str = "depression", **values: Any) -> Any:
    return browser.post(address(screening, section, "autosave"), values)


def one(sent: dict[str, Any], key: str, **values: Any) -> dict[str, Any]:
    return {SHOWN: sent[SHOWN], ".question": key} | values


def test_autosave_stores_one_answer_and_returns_what_it_changes(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    sent = shown(browser, opened)
    answer = autosave(browser, opened, **one(sent, "mdd_recorded", mdd_recorded="yes", mania_now="yes"))
    page = answer.content.decode()
    assert answer.headers["X-Saved"] == "all"
    assert stored(rowan, opened) == {"age": {"value": 34}, "mdd_recorded": YES}
    assert re.search(r'id="saved">.*Saved [\d:]+\s[AP]M\. 15 answers left in this section\.', page, re.S)
    assert 'id="mark-mdd_recorded" value="mdd_recorded:1:' in page
    assert 'id="slot-trials"><input' in page
    assert 'id="slot-phq9_1"' not in page
    assert '<span class="count">15' in page


def test_autosave_empties_the_slot_of_what_is_no_longer_asked(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    screenings.answer(rowan, opened, {"mdd_recorded": YES})
    sent = shown(browser, opened)
    page = autosave(browser, opened, **one(sent, "mdd_recorded", mdd_recorded="no")).content.decode()
    assert '<div class="slot" id="slot-trials"></div>' in page


def test_autosave_shows_an_error_beside_the_question_and_keeps_what_is_typed(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    sent = shown(browser, opened)
    answer = autosave(browser, opened, **one(sent, "phq9_date", phq9_date="02/30/2026"))
    page = answer.content.decode()
    assert answer.headers["X-Saved"] == "part"
    assert "2/30/2026 is not a day that exists." in page
    assert 'value="02/30/2026"' in page
    assert "1 answer not saved yet." in page
    assert "phq9_date" not in stored(rowan, opened)


def test_autosave_of_another_window_shows_both_values(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    """CHECKS 43."""
    sent = shown(browser, opened)
    autosave(browser, opened, **one(sent, "phq9_3", phq9_3="1"))
    page = autosave(browser, opened, **one(sent, "phq9_3", phq9_3="2")).content.decode()
    assert "Here: More than half the days. Saved at" in page
    assert stored(rowan, opened)["phq9_3"] == {"value": "1"}


def test_autosave_says_where_to_go_when_it_is_urgent(opened: Screening, browser: Browser) -> None:
    answer = autosave(browser, opened, **one(shown(browser, opened), "phq9_9", phq9_9="3"))
    assert answer.headers["X-Urgent"] == reverse("screenings:urgent", args=[opened.pk, "suicide_screen_due"])


def test_autosave_of_an_open_entry_and_of_part_2(opened: Screening, rowan: User, browser: Browser) -> None:
    page = browser.get(address(opened, "medicines"), {"add": "medicines"}).content.decode()
    sent = fields(page)
    place = sent[".entry"]
    for typed in ("Lithium", "Lithium carbonate"):
        answer = autosave(
            browser,
            opened,
            "medicines",
            **one(sent, place)
            | {".entry": place, ".entry-shown": sent[".entry-shown"], f"{place}.medicine_name": typed},
        )
        sent[".entry-shown"] = re.search(r'id="entry-shown" value="([^"]*)"', answer.content.decode())[1]
    assert stored(rowan, opened)["medicines"] == {
        "entries": [{"medicine_name": {"value": "Lithium carbonate"}}]
    }
    autosave(browser, opened, "substances", **{".question": ".part2", ".part2": "no"})
    with context.enter(rowan.organization_id):
        assert Reading(Screening.objects.get(pk=opened.pk)).part2 == {"substances": "no"}


def test_autosave_of_a_question_of_elsewhere_stores_nothing(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    for key in ("heart", "age", "nothing", ""):
        answer = autosave(browser, opened, **{SHOWN: f"{key}:0:-", ".question": key, key or "x": "yes"})
        assert answer.status_code == 200
    assert stored(rowan, opened) == {"age": {"value": 34}}


@pytest.mark.parametrize("person", ["willa", "stranger"])
def test_autosave_is_refused_to_others(
    opened: Screening, rowan: User, request: pytest.FixtureRequest, person: str
) -> None:
    """CHECKS 4."""
    other = signed_in(request.getfixturevalue(person))
    answer = autosave(
        other, opened, **{SHOWN: "mdd_recorded:0:-", ".question": "mdd_recorded", "mdd_recorded": "yes"}
    )
    assert answer.status_code == 404
    assert stored(rowan, opened) == {"age": {"value": 34}}


# ---- speed


def test_a_section_page_takes_eight_statements_and_an_autosave_ten(
    opened: Screening, rowan: User, browser: Browser
) -> None:
    """CHECKS, speed: section page <= 8, autosave <= 10, whatever was answered."""
    screenings.answer(rowan, opened, screenings.vignette("typical_intake"))
    sent = shown(browser, opened)
    with Counted() as page:
        browser.get(address(opened))
    with Counted() as saving:
        autosave(browser, opened, **one(sent, "phq9_1", phq9_1="0"))
    assert (len(page.statements), len(saving.statements)) == (8, 10), "\n".join(
        page.statements + saving.statements
    )


def test_a_care_team_member_fills_in_a_section(
    opened: Screening, client_record: Client, rowan: User, willa: User
) -> None:
    with context.enter(rowan.organization_id):
        actions.add_to_care_team(by=rowan, client=client_record, user=willa)
    colleague = signed_in(willa)
    colleague.post(address(opened), shown(colleague, opened) | {"mdd_recorded": "yes", ".do": "stay"})
    assert stored(rowan, opened)["mdd_recorded"] == YES
