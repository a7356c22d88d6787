"""Open screenings move to the version in use: what keeps its meaning is carried, nothing is lost."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from privacy import context
from privacy.models import Entry
from screening import actions
from screening.models import QuestionnaireVersion, Screening, ScreeningState, SectionAnswers
from screening.moving import newer_version, planned
from screening.reading import Reading
from tests.factories import accounts, small_questionnaire
from tests.factories import screening as screenings
from tests.screening.conftest import signed_in

pytestmark = pytest.mark.django_db
Json = dict[str, Any]

# As in the small questionnaire, with an urgent consideration due.
GIVEN = {key: answer for part in small_questionnaire.ANSWERS.values() for key, answer in part.items()}
URGENT = GIVEN | {"danger": {"value": True}}


def question(document: Json, key: str) -> Json:
    return next(q for part in document["sections"] for q in part["questions"] if q["key"] == key)


def section(document: Json, key: str) -> Json:
    return next(part for part in document["sections"] if part["key"] == key)


def revised(change: Callable[[Json], object]) -> str:
    document = json.loads(small_questionnaire.TEXT)
    change(document)
    return json.dumps(document)


def other_words(document: Json) -> None:
    question(document, "low_mood")["text"] = "Low mood for two weeks?"
    question(document, "pressure")["help"] = "Measured today."
    section(document, "about")["questions"].append({"key": "sleeps", "kind": "yes_no", "text": "Sleeps?"})


@pytest.fixture
def begun(rowan: User) -> Screening:
    """A screening with the first version, every section of it answered."""
    first = screenings.published("small", small_questionnaire.TEXT)
    client = screenings.client_of(rowan)
    with context.enter(rowan.organization_id):
        opened = actions.start_screening(by=rowan, client=client, version=first)
    screenings.answer(rowan, opened, GIVEN)
    return opened


def publish(change: Callable[[Json], object] = other_words) -> QuestionnaireVersion:
    return screenings.published("small", revised(change))


def read(person: User, pk: UUID) -> Reading:
    rows = Screening.objects.select_related("client", "organization", "version")
    return Reading(rows.get(pk=pk))


def stored(person: User, screening: Screening) -> Screening:
    with context.enter(person.organization_id):
        return Screening.objects.get(pk=screening.pk)


def move(person: User, begun: Screening, seen: str | None = None) -> Screening:
    with context.enter(person.organization_id):
        reading = read(person, begun.pk)
        newer = newer_version(reading.screening)
        if seen is None and newer is not None:
            seen = planned(reading, newer).seen
        return actions.move_screening(by=person, screening=begun, seen=seen or "")


def given(person: User, screening: Screening) -> dict[str, Any]:
    with context.enter(person.organization_id):
        records = read(person, screening.pk).records.values()
        return {key: answer for record in records for key, answer in record.given().items()}


def test_without_a_newer_version_the_page_says_nothing_and_there_is_nothing_to_move(
    rowan: User, begun: Screening
) -> None:
    browser = signed_in(rowan)
    assert "newer version" not in browser.get(f"/screenings/{begun.pk}/").content.decode()
    answer = browser.get(f"/screenings/{begun.pk}/move/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/screenings/{begun.pk}/")
    with pytest.raises(actions.NotPossible):
        move(rowan, begun)


def test_the_page_of_a_screening_says_quietly_that_a_newer_version_is_in_use(
    rowan: User, begun: Screening
) -> None:
    publish()
    page = signed_in(rowan).get(f"/screenings/{begun.pk}/").content.decode()
    assert "This screening keeps the one it was begun with." in page
    assert f'href="/screenings/{begun.pk}/move/"' in page


def test_the_page_lists_what_is_asked_again_and_why_what_is_new_and_what_is_carried(
    rowan: User, begun: Screening
) -> None:
    publish()
    page = signed_in(rowan).get(f"/screenings/{begun.pk}/move/").content.decode()
    assert "1 question is asked again" in page
    assert "Low mood for two weeks?" in page and "Low mood?" in page and "its wording" in page
    assert "Sleeps?" in page
    assert f"{len(GIVEN) - 1} answers are carried" in page


def test_moving_carries_each_answer_with_who_gave_it_and_when_and_keeps_the_old_screening(
    rowan: User, begun: Screening
) -> None:
    newer = publish()
    with context.enter(rowan.organization_id):
        before = {row.section: row.document for row in SectionAnswers.objects.filter(screening=begun)}
    moved = move(rowan, begun)
    with context.enter(rowan.organization_id):
        old = Screening.objects.get(pk=begun.pk)
        assert (old.state, old.was_moved, old.version_id) == ("replaced", True, begun.version_id)
        assert old.set_aside_reason == "Moved to version 2 of the questionnaire."
        assert (moved.version_id, moved.replaces_id, moved.is_open) == (newer.pk, begun.pk, True)
        kept = {row.section: row.document for row in SectionAnswers.objects.filter(screening=begun)}
        assert kept == before
        after = {row.section: row.document for row in SectionAnswers.objects.filter(screening=moved)}
    before["mood"]["answers"].pop("low_mood")
    assert after == before
    with context.enter(rowan.organization_id):
        entry = Entry.objects.get(action="screening.moved")
    assert (entry.by, entry.record, entry.codes["replacement"]) == (rowan.pk, begun.pk, str(moved.pk))


def test_an_answer_goes_to_the_section_that_asks_it_now(rowan: User, begun: Screening) -> None:
    def elsewhere(document: Json) -> None:
        moved = section(document, "mood")["questions"].pop(1)
        section(document, "safety")["questions"].append(moved)

    publish(elsewhere)
    moved = move(rowan, begun)
    with context.enter(rowan.organization_id):
        records = read(rowan, moved.pk).records
    assert records["safety"].answers["how_low"].answer == {"value": "3"}
    assert given(rowan, moved) == GIVEN


def test_moving_twice_or_by_two_makes_one_screening(rowan: User, begun: Screening) -> None:
    """CHECKS 42."""
    publish()
    first = move(rowan, begun)
    assert move(rowan, begun, "anything").pk == first.pk
    with context.enter(rowan.organization_id):
        assert Screening.objects.filter(replaces=begun).count() == 1
    browser = signed_in(rowan)
    again = browser.post(f"/screenings/{begun.pk}/move/", {"seen": "anything"})
    assert again.headers["Location"] == f"/screenings/{first.pk}/"


def test_what_changed_since_the_page_was_shown_is_shown_before_anything_moves(
    rowan: User, begun: Screening
) -> None:
    """CHECKS 43."""
    publish()
    browser = signed_in(rowan)
    with context.enter(rowan.organization_id):
        reading = read(rowan, begun.pk)
        newer = newer_version(reading.screening)
        assert newer is not None
        seen = planned(reading, newer).seen
    screenings.answer(rowan, begun, {"pressure": {"value": False}})
    answer = browser.post(f"/screenings/{begun.pk}/move/", {"seen": seen})
    assert answer.status_code == 422
    assert "Answers were changed since this page was shown" in answer.content.decode()
    publish(lambda document: document.update(title="Third"))
    with pytest.raises(actions.ChangedMeanwhile):
        move(rowan, begun, seen)
    assert stored(rowan, begun).is_open


def test_nobody_answers_the_old_screening_any_more(rowan: User, begun: Screening) -> None:
    publish()
    move(rowan, begun)
    with pytest.raises(actions.NotPossible, match="moved to a newer version"):
        screenings.answer(rowan, begun, {"pressure": {"value": False}})


def test_a_completed_screening_does_not_move(rowan: User, begun: Screening) -> None:
    """CHECKS 48."""
    with context.enter(rowan.organization_id):
        actions.complete_screening(by=rowan, screening=begun)
    publish()
    with pytest.raises(actions.NotPossible):
        move(rowan, begun, "anything")
    assert stored(rowan, begun).version_id == begun.version_id


def test_a_screening_that_is_open_with_the_newer_version_stands_in_the_way(
    rowan: User, begun: Screening
) -> None:
    newer = publish()
    with context.enter(rowan.organization_id):
        actions.start_screening(by=rowan, client=begun.client, version=newer)
    with pytest.raises(actions.NotPossible, match="has an open screening with the newer version"):
        move(rowan, begun)


def test_what_is_urgent_and_due_stays_due_even_if_its_answer_is_asked_again(
    rowan: User, begun: Screening
) -> None:
    screenings.answer(rowan, begun, URGENT)
    publish(lambda document: question(document, "danger").update(text="In danger today?"))
    moved = move(rowan, begun)
    with context.enter(rowan.organization_id):
        reading = read(rowan, moved.pk)
        assert (reading.urgent_due, "danger" in reading.answers) == (("danger_now",), False)
        before = read(rowan, begun.pk).acknowledgements["danger_now"]
        assert reading.acknowledgements["danger_now"].raised_at == before.raised_at
    page = signed_in(rowan).get(f"/screenings/{moved.pk}/urgent/danger_now/")
    assert page.status_code == 200


def acknowledge(person: User, screening: Screening) -> None:
    with context.enter(person.organization_id):
        actions.acknowledge_urgent(
            by=person,
            screening=screening,
            consideration="danger_now",
            done="Called 988 together.",
            told=["A"],
        )


def test_what_was_acknowledged_stays_so_while_the_rule_says_the_same(rowan: User, begun: Screening) -> None:
    screenings.answer(rowan, begun, URGENT)
    acknowledge(rowan, begun)
    publish()
    moved = move(rowan, begun)
    with context.enter(rowan.organization_id):
        reading = read(rowan, moved.pk)
        assert reading.urgent_due == ()
        assert reading.acknowledgements["danger_now"].done == "Called 988 together."


def test_what_was_acknowledged_is_due_again_when_the_rule_says_something_else(
    rowan: User, begun: Screening
) -> None:
    screenings.answer(rowan, begun, URGENT)
    acknowledge(rowan, begun)
    publish(lambda document: document["considerations"][0].update(title="Danger today"))
    moved = move(rowan, begun)
    with context.enter(rowan.organization_id):
        assert read(rowan, moved.pk).urgent_due == ("danger_now",)


def test_what_is_due_and_has_no_like_in_the_newer_version_is_acknowledged_first(
    rowan: User, begun: Screening
) -> None:
    screenings.answer(rowan, begun, URGENT)
    publish(lambda document: document["considerations"].pop(0))
    with pytest.raises(actions.NotPossible, match="Record first what was done"):
        move(rowan, begun)
    acknowledge(rowan, begun)
    assert move(rowan, begun).is_open


def said(person: User, screening: Screening) -> dict[str, str | None]:
    with context.enter(person.organization_id):
        return read(person, screening.pk).part2


def say(person: User, screening: Screening, part2: str) -> None:
    with context.enter(person.organization_id):
        actions.set_part2(by=person, screening=screening, section="substances", part2=part2)


def test_what_was_said_of_part_2_goes_with_the_section(rowan: User, begun: Screening) -> None:
    say(rowan, begun, "yes")
    publish()
    assert said(rowan, move(rowan, begun)) == {"substances": "yes"}


def test_an_answer_under_part_2_takes_its_protection_into_another_sensitive_section(
    rowan: User, begun: Screening
) -> None:
    def renamed(document: Json) -> None:
        section(document, "substances")["key"] = "use"

    say(rowan, begun, "yes")
    publish(renamed)
    assert said(rowan, move(rowan, begun)) == {"use": "yes"}


def test_an_answer_of_a_sensitive_section_never_slips_into_one_that_is_not(
    rowan: User, begun: Screening
) -> None:
    publish(lambda document: section(document, "substances").update(sensitive=False))
    page = signed_in(rowan).get(f"/screenings/{begun.pk}/move/").content.decode()
    assert "2 questions are asked again" in page and "no longer a sensitive one" in page
    moved = given(rowan, move(rowan, begun))
    assert {"uses", "uses_daily"}.isdisjoint(moved)


def test_an_amendment_that_moved_still_leads_from_the_first_to_the_last(
    rowan: User, begun: Screening
) -> None:
    with context.enter(rowan.organization_id):
        actions.complete_screening(by=rowan, screening=begun)
        copy = actions.replace_screening(by=rowan, screening=begun, reason="A slip")
    publish()
    moved = move(rowan, copy)
    browser = signed_in(rowan)
    for screening in (begun, copy, moved):
        for page in ("", "answers/", "result/", "result/print/"):
            assert browser.get(f"/screenings/{screening.pk}/{page}", follow=True).status_code == 200
    assert "moved it here from version 1" in browser.get(f"/screenings/{moved.pk}/").content.decode()
    old = browser.get(f"/screenings/{copy.pk}/answers/").content.decode()
    assert "Moved to a newer version" in old and f'href="/screenings/{moved.pk}/"' in old
    for page in (f"/clients/{begun.client_id}/", f"/clients/{begun.client_id}/timeline/"):
        assert browser.get(page).status_code == 200
    timeline = browser.get(f"/clients/{begun.client_id}/timeline/").content.decode()
    assert "You moved to a newer version: Small screening." in timeline


def test_findings_of_what_was_completed_stay_byte_for_byte(rowan: User, begun: Screening) -> None:
    """CHECKS 48."""
    with context.enter(rowan.organization_id):
        completed = actions.complete_screening(by=rowan, screening=begun)
        found = completed.findings_text
        copy = actions.replace_screening(by=rowan, screening=begun, reason="A slip")
    publish()
    move(rowan, copy)
    with context.enter(rowan.organization_id):
        assert Screening.objects.get(pk=begun.pk).findings_text == found


def test_a_colleague_cannot_see_or_move_it(begun: Screening, rowan: User) -> None:
    publish()
    stranger = accounts.UserFactory(organization=rowan.organization)
    browser = signed_in(stranger)
    assert browser.get(f"/screenings/{begun.pk}/move/").status_code == 404
    assert browser.post(f"/screenings/{begun.pk}/move/", {"seen": "x"}).status_code == 404


@pytest.mark.parametrize("seen", ["", "x" * 81, "\0"])
def test_a_form_without_a_sound_print_is_refused_with_a_sentence(
    rowan: User, begun: Screening, seen: str
) -> None:
    publish()
    answer = signed_in(rowan).post(f"/screenings/{begun.pk}/move/", {"seen": seen})
    assert answer.status_code == 422
    assert stored(rowan, begun).state == ScreeningState.IN_PROGRESS
