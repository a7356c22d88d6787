"""Fills in a screening by hand: every answer of a vignette, on the page where a therapist finds it."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from screening.engine import Definition, Question, parse
from tests.journeys.people import Person

SHIPPED = Path(__file__).resolve().parents[2] / "screening" / "questionnaires" / "ketamine_referral.json"
# The client's record says how old they are: the page shows it and takes no typing.
FROM_THE_RECORD = frozenset({"age"})


@cache
def definition() -> Definition:
    """Return the shipped questionnaire."""
    return parse(json.loads(SHIPPED.read_text()))


def vignette(key: str, today: date) -> dict[str, Any]:
    """Return a vignette's answers with their dates moved, so that they are as old today as they were."""
    found = next(each for each in definition().vignettes if each.key == key)
    moved = today - found.as_of
    return {name: _moved(name, answer, moved) for name, answer in found.answers.items()}


def _moved(name: str, answer: Mapping[str, Any], by: timedelta) -> Mapping[str, Any]:
    if definition().question(name).kind != "date" or "value" not in answer:
        return answer
    return {"value": (date.fromisoformat(answer["value"]) + by).isoformat()}


def fill_in(person: Person, answers: Mapping[str, Any]) -> None:
    """Go through the sections one by one, as the pages lead, and answer what is asked."""
    sections = definition().sections
    person.follows(sections[0].title)
    for section in sections:
        assert f"/sections/{section.key}/" in person.page.url
        for question in section.questions:
            if question.key in answers and question.key not in FROM_THE_RECORD:
                _answer(person, question, answers[question.key])
        person.meets_a_sound_page()
        person.leaves_by("Save and continue")


def _answer(person: Person, question: Question, answer: Mapping[str, Any]) -> None:
    """Give one answer; a question that hangs on another one appears by itself."""
    page = person.page
    if question.kind == "entries":
        for entry in answer["entries"]:
            _add(person, question, entry)
        return
    slot = page.locator(f"#slot-{question.key}")
    slot.locator("input:not([type=hidden]), select, textarea").first.wait_for(state="attached")
    _fill(slot, question, answer["value"])


def _add(person: Person, question: Question, entry: Mapping[str, Any]) -> None:
    """Add one row of a list: open it, fill it in, be done with it."""
    listed = person.page.locator(f"#{question.key}.entries")
    listed.locator("button[value^='add:']").click()
    opened = person.page.locator(".entry--open")
    opened.wait_for()
    for part in question.entry:
        if part.key in entry:
            _fill(opened, part, entry[part.key]["value"])
    opened.get_by_role("button", name="Done").click()
    opened.wait_for(state="detached")


def _fill(root: Locator, question: Question, value: Any) -> None:
    named = f"[name$='{question.key}']"
    match question.kind:
        case "yes_no":
            root.locator(f"{named}[value='{'yes' if value else 'no'}']").check(force=True)
        case "one_choice" if root.locator(f"select{named}").count():
            root.locator(f"select{named}").select_option(str(value))
        case "one_choice":
            root.locator(f"{named}[value='{value}']").check(force=True)
        case "date":
            day = date.fromisoformat(value)
            root.locator(named).first.fill(f"{day.month:02}/{day.day:02}/{day.year}")
        case _:
            root.locator(named).first.fill(str(value))
