"""An admin who has only the pages changes a questionnaire, and a therapist's next screening uses it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import QuestionnaireVersion
from tests.factories.proofs import prove
from tests.factories.small_questionnaire import TEXT
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person
from tests.journeys.worker import works

QUESTION = "Did the low mood last two weeks?"
STATEMENT = "The low mood lasted two weeks or more."

People = Callable[..., Person]


@pytest.fixture
def in_use(site: str) -> QuestionnaireVersion:
    """A small questionnaire that is in use."""
    author, owner = User.objects.get(name="Priya Natarajan"), User.objects.get(name="Tomas Berg")
    with context.enter(author.organization_id):
        draft = actions.create_draft(by=author, document=TEXT)
        prove(draft)
        actions.submit_for_review(by=author, version=draft)
        return actions.approve_and_publish(by=owner, version=draft)


def adds_the_question(admin: Person) -> None:
    """Add a question at the end of the section about mood."""
    admin.follows("Edit", exact=True).follows("Mood").follows("Add a question")
    admin.fills("What it asks", QUESTION).presses("Add the question").reads(QUESTION)


def adds_the_criterion(admin: Person) -> None:
    """Add a criterion that reads the new question, in one sentence."""
    admin.follows("Indications").follows("Add a criterion")
    admin.fills("Statement, as therapists read it", STATEMENT)
    page = admin.page
    page.locator("[id='when-r-sentence']").click()
    facts = page.locator("[id='when-r-fact']")
    facts.wait_for()
    facts.select_option(label=called(facts))
    page.locator("[id='when-r-value']").select_option(label="Yes")
    page.get_by_label("Basis").select_option(label="Product default")
    page.locator("[id='when-reads']", has_text="is yes").wait_for()
    admin.leaves_by("Save").reads(STATEMENT)


def called(facts: Locator) -> str:
    """Return how the new question is called in a list of facts."""
    labels = [label.strip() for label in facts.locator("option").all_text_contents()]
    return next(label for label in labels if label.startswith(QUESTION))


def keeps_a_vignette(admin: Person, answer: str, title: str) -> None:
    """Try an answer in the preview, read what is found beside it, and keep it as a vignette."""
    admin.follows("Preview as a therapist").follows("Mood")
    admin.chooses(QUESTION, answer).presses("Try these answers")
    admin.reads(STATEMENT)
    admin.presses("Save these answers as a vignette")
    admin.fills("Title", title).presses("Save the vignette")
    admin.opens(address_of(admin))


def address_of(admin: Person) -> str:
    """Return the address of the version whose page or part is open."""
    path = admin.page.url.removeprefix(admin.address)
    return "/".join(path.split("/")[:3]) + "/"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_question_and_a_criterion_come_into_use_by_the_pages_alone(
    viewport: dict[str, int], somebody: People, in_use: QuestionnaireVersion
) -> None:
    # Given an admin with a draft of what is in use,
    priya = somebody("Priya Natarajan", viewport=viewport)
    priya.opens(f"/questionnaires/{in_use.pk}/").follows("Start a draft from it").presses("Start the draft")
    draft = address_of(priya)
    # when she adds a question and a criterion that reads it,
    adds_the_question(priya)
    adds_the_criterion(priya)
    # then the version's page says that no vignette has seen it met or not met,
    priya.opens(draft).reads("needs work first")
    assert priya.page.get_by_role("link", name="Send to review").count() == 0
    # and two examples kept from the preview put that right.
    keeps_a_vignette(priya, "Yes", "It lasted")
    keeps_a_vignette(priya, "No", "It did not last")
    priya.opens(draft).reads("Nothing stands in the way of a review.")

    # When she compares it with what is in use, both additions are told in words,
    priya.opens(f"{draft}compare/{in_use.pk}/").reads(QUESTION, STATEMENT)
    # and the impact on what was completed is counted.
    priya.opens(f"{draft}impact/").presses("Count the outcomes")
    assert "screening.count_outcomes" in works()
    priya.opens(f"{draft}impact/").reads("The last 90 days")

    # When it goes to review, a job proves its rules, and a clinical owner approves and publishes it.
    priya.opens(draft).follows("Send to review").presses("Send to review").reads("have to be verified first")
    assert "screening.verify" in works()
    priya.opens(draft).reads("it can’t be you")
    tomas = somebody("Tomas Berg", viewport=viewport)
    tomas.opens(draft).reads("All that is asked of its rules is proved to hold")
    tomas.follows("Approve and publish")
    tomas.page.get_by_label("Now").check(force=True)
    tomas.presses("Approve").reads("Approved and published by Tomas Berg")

    # Then a therapist's next screening asks the new question, and its result will say the criterion.
    rowan = somebody("Rowan Ellis", viewport=viewport)
    rowan.opens("/clients/").follows("Nguyen, Howard").presses("Small screening")
    rowan.follows("Mood").reads(QUESTION)
