"""What is measured: pages and saves as a browser asks for them, and the rules by themselves."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count, cycle
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bench import intakes, questionnaire
from bench.browser import Answer, Browser, Fields, form_of
from bench.measuring import Case, Work
from bench.world import World
from screening.catalog import definition_of
from screening.engine import evaluate
from tests.factories import screening as screenings

BARE, LOADS = "bare view", "json.loads of the answers"
WITHOUT = "evaluate an intake as far as it went"
OK, FOUND = 200, 302
# The rules are over in a moment: a clock is read once for so many calls.
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """What a case may cost and should, as times the median of another one."""

    of: str
    most: float
    aim: float


LIMITS = {
    "section page, 12 questions": Limit(BARE, 7, 3.5),
    "section page, 60 questions": Limit(BARE, 12, 6),
    "autosave of one answer": Limit(BARE, 9, 6),
    "save of 60 answers": Limit(BARE, 15, 10),
    "complete the shipped questionnaire": Limit(BARE, 25, 15),
    "provider's inbox of 50 among 10,000 referrals": Limit(BARE, 10, 6),
    "list of 2,000 clients by name": Limit(BARE, 20, 12),
    "find one of 2,000 clients by name": Limit(BARE, 8, 5),
    "therapist's home with 2,000 clients": Limit(BARE, 15, 10),
    "evaluate the shipped questionnaire": Limit(LOADS, 40, 15),
    # What decides costs no more than the evaluation: both together, twice as much as the one alone.
    "evaluate an intake as far as it went, with what decides": Limit(WITHOUT, 2, 1.5),
}


@dataclass(frozen=True, slots=True)
class People:
    """The browsers of those who are signed in."""

    therapist: Browser
    provider: Browser


def all_cases(world: World, people: People) -> list[Case]:
    """Return every case, the ones that others are measured by first."""
    return [
        Case(BARE, lambda: _page(people.therapist, "bare", world.therapist.organization_id)),
        *_sections(world, people.therapist),
        *_lists(world, people),
        *_rules(),
        *_intakes(),
    ]


def _sections(world: World, browser: Browser) -> list[Case]:
    pk, turn = world.open_screening.pk, count(1)
    short, long = f"section_{questionnaire.SHORT}", f"section_{questionnaire.LONG}"
    return [
        Case("section page, 12 questions", lambda: _page(browser, "screenings:section", pk, short)),
        Case("section page, 60 questions", lambda: _page(browser, "screenings:section", pk, long)),
        Case("autosave of one answer", lambda: _autosave(browser, pk, short, next(turn))),
        Case("save of 60 answers", lambda: _save_all(browser, pk, long, next(turn))),
        Case("complete the shipped questionnaire", lambda: _complete(browser, world.intakes)),
    ]


def _lists(world: World, people: People) -> list[Case]:
    name = world.a_client.last_name
    return [
        Case(
            "provider's inbox of 50 among 10,000 referrals",
            lambda: _page(people.provider, "inbox:list"),
        ),
        Case("list of 2,000 clients by name", lambda: _page(people.therapist, "clients:list")),
        Case("find one of 2,000 clients by name", lambda: _find(people.therapist, name)),
        Case("therapist's home with 2,000 clients", lambda: _page(people.therapist, "desk:home")),
    ]


def _rules() -> list[Case]:
    version = screenings.published()
    definition, today = definition_of(version.pk), timezone.localdate()
    answers = screenings.vignette("typical_intake") | {"age": {"value": 34}}
    text = json.dumps(answers)
    return [
        Case(LOADS, lambda: lambda: json.loads(text), AT_ONCE),
        Case(
            "evaluate the shipped questionnaire",
            lambda: lambda: evaluate(definition, answers, today),
            AT_ONCE,
        ),
    ]


def _intakes() -> list[Case]:
    """Measure answers that were never looked at before, section by section of many clients."""
    definition = definition_of(screenings.published().pk)
    turns = cycle(intakes.as_far_as_they_went(definition))
    kept: list[tuple[intakes.Answers, date]] = [next(turns)]

    def without() -> Work:
        kept[0] = next(turns)
        return partial(evaluate, definition, *kept[0], with_deciding=False)

    return [
        Case(WITHOUT, without),
        Case(
            "evaluate an intake as far as it went, with what decides",
            lambda: partial(evaluate, definition, *kept[0]),
        ),
    ]


class NotAnswered(Exception):
    """A case got another answer than the one it measures."""


def _checked(call: Callable[[], Answer], status: int) -> Work:
    """Return the call that is timed. That it was answered as it should costs nothing worth measuring."""

    def timed() -> Answer:
        answer = call()
        if answer.status != status:
            raise NotAnswered(f"{answer.status} instead of {status}: {answer.text[:300]}")
        return answer

    return timed


def _page(browser: Browser, name: str, *where: Any) -> Work:
    return _checked(browser.get(reverse(name, args=where)), OK)


def _autosave(browser: Browser, pk: Any, section: str, turn: int) -> Work:
    """Send one changed answer with what the page says of the others, as its script does."""
    key = questionnaire.keys(questionnaire.SHORT)[turn % questionnaire.SHORT]
    fields = _shown(browser, pk, section)
    marks = [(name, value) for name, value in fields if name == ".shown"]
    sent = [(name, value) for name, value in fields if name == "csrfmiddlewaretoken"]
    changed = dict(_changed([(name, value) for name, value in fields if name == key]))
    fields = [*sent, (".question", key), *marks, *changed.items()]
    return _checked(browser.send(reverse("screenings:autosave", args=[pk, section]), fields), OK)


def _save_all(browser: Browser, pk: Any, section: str, turn: int) -> Work:
    """Send a section in which every answer was changed."""
    fields = [*_changed(_shown(browser, pk, section)), (".do", "stay")]
    return _checked(browser.post(reverse("screenings:section", args=[pk, section]), fields), FOUND)


def _shown(browser: Browser, pk: Any, section: str) -> list[tuple[str, str]]:
    """Return the fields of a section's form as they stand now."""
    return form_of(browser.get(reverse("screenings:section", args=[pk, section]))().text, "data-section")


def _changed(fields: Fields) -> Iterator[tuple[str, str]]:
    """Choose the next choice in every question."""
    for name, value in fields:
        is_answer = name.startswith("of_")
        yield name, questionnaire.CHOICES[(int(value) + 1) % 5] if is_answer else value


def _complete(browser: Browser, intakes: Iterator[Any]) -> Work:
    pk = next(intakes).pk
    token = form_token(browser, reverse("screenings:check", args=[pk]))
    return _checked(browser.post(reverse("screenings:complete", args=[pk]), [token]), FOUND)


def _find(browser: Browser, name: str) -> Work:
    token = form_token(browser, reverse("clients:list"))
    return _checked(browser.post(reverse("clients:find"), [token, ("exact", name)]), OK)


def form_token(browser: Browser, path: str) -> tuple[str, str]:
    """Return the hidden field that lets a form of this page be sent."""
    page = browser.get(path)().text
    _before, _name, rest = page.partition('name="csrfmiddlewaretoken" value="')
    return "csrfmiddlewaretoken", rest.partition('"')[0]
