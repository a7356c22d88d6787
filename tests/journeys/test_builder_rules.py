"""An admin builds rules from sentences without a mouse, with a script and without."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import User
from privacy import context
from screening import actions
from screening.models import QuestionnaireVersion
from tests.factories import screening as screenings
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Person

TEXT = (screenings.SHIPPED / "ketamine_referral.json").read_text()
STATEMENT = "Built from the keyboard."


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The page of a new criterion, worked without a mouse."""

    person: Person
    scripts: bool
    draft: QuestionnaireVersion

    def types(self, control: str, text: str) -> None:
        """Type into a field."""
        field = self.person.page.locator(f"[id='{control}']")
        field.wait_for()
        field.focus()
        self.person.page.keyboard.type(text)

    def picks(self, control: str, value: str) -> None:
        """Choose from a list, as its arrow keys do."""
        chosen = self.person.page.locator(f"[id='{control}']")
        chosen.wait_for()
        chosen.focus()
        chosen.select_option(value)

    def presses(self, button: str) -> None:
        """Press a button with the space bar, and wait for what it does."""
        self.person.page.locator(f"[id='{button}']").focus()
        with self.person.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.person.page.keyboard.press("Space")
        self.person.page.wait_for_load_state()

    def chooses(self, control: str, value: str, then: str) -> None:
        """Choose from a list that opens something else; without a script, Enter in the search shows it."""
        self.picks(control, value)
        if not self.scripts:
            self.person.page.locator("[id='when-find']").focus()
            with self.person.page.expect_navigation():
                self.person.page.keyboard.press("Enter")
        self.person.page.locator(then).wait_for(state="attached")

    def says(self, place: str, fact: str, value: str) -> None:
        """Say one sentence: what is compared, and with what."""
        self.chooses(f"when-{place}-fact", fact, f"[id='when-{place}-value']")
        if value.isdecimal():
            self.types(f"when-{place}-value", value)
        else:
            self.picks(f"when-{place}-value", value)

    def saves(self) -> dict[str, Any]:
        """Save, and return the condition that is stored."""
        self.types("id_statement", STATEMENT)
        page = self.person.page
        page.get_by_role("button", name="Save", exact=True).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if self.scripts:
            self.person.meets_a_sound_page()
        assert "Saved." in page.locator("main").inner_text()
        self.draft.refresh_from_db()
        criterion = json.loads(self.draft.document)["indications"][0]["criteria"][-1]
        assert criterion["statement"] == STATEMENT
        found: dict[str, Any] = criterion["when"]
        return found


@pytest.fixture(params=["script", "no script", "phone"])
def keyboard(request: pytest.FixtureRequest, somebody: Callable[..., Person]) -> Keyboard:
    scripts = request.param != "no script"
    priya = somebody("Priya Natarajan", viewport=PHONE if request.param == "phone" else DESKTOP)
    author = User.objects.get(name="Priya Natarajan")
    with context.enter(author.organization_id):
        draft = actions.create_draft(by=author, document=TEXT)
    where = f"/questionnaires/{draft.pk}/build/indications/trd/new-criterion/"
    if scripts:
        return Keyboard(priya.opens(where), scripts, draft)
    plain = somebody(java_script_enabled=False)
    plain.context.add_cookies(priya.context.cookies())
    plain.page.goto(plain.address + where)
    return Keyboard(plain, scripts, draft)


def test_sentences_and_groups_are_built_with_the_keyboard(keyboard: Keyboard) -> None:
    keyboard.presses("when-r-sentence")
    keyboard.says("r", "phq9_total", "10")
    keyboard.presses("when-r-group")
    keyboard.says("r.1.0", "mdd_recorded", "yes")
    keyboard.presses("when-r.1-group")
    keyboard.chooses("when-r.1.1-kind", "some", "[id='when-r.1.1-at_least']")
    keyboard.types("when-r.1.1-at_least", "2")
    keyboard.says("r.1.1.0", "ect_tried", "yes")
    for number, fact in ((1, "tms_tried"), (2, "psychotherapy_tried")):
        keyboard.presses("when-r.1.1-sentence")
        keyboard.says(f"r.1.1.{number}", fact, "yes")
    tried = [{"fact": key, "is": True} for key in ("ect_tried", "tms_tried", "psychotherapy_tried")]
    some = {"some": {"at_least": 2, "of": tried}}
    assert keyboard.saves() == {
        "all": [
            {"fact": "phq9_total", "at_least": 10},
            {"any": [{"fact": "mdd_recorded", "is": True}, some]},
        ]
    }


def test_entries_of_a_list_are_counted_with_the_keyboard(keyboard: Keyboard) -> None:
    keyboard.presses("when-r-count")
    keyboard.chooses("when-r-of", "trials", "[id='when-r-distinct_by'] option[value='trial_drug']")
    keyboard.types("when-r-at_least", "2")
    keyboard.picks("when-r-distinct_by", "trial_drug")
    keyboard.says("r.0", "trial_dose_adequate", "yes")
    keyboard.picks("when-r-complete", "trials_complete")
    assert keyboard.saves() == {
        "count": {
            "of": "trials",
            "where": {"fact": "trial_dose_adequate", "is": True},
            "at_least": 2,
            "distinct_by": "trial_drug",
            "complete": "trials_complete",
        }
    }
