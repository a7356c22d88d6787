"""What the invented clients asked about their records, and how the leads of their practices answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Duty, User
from config.demo.calendar import Calendar
from config.demo.people import Cast
from config.demo.screenings import Screened
from privacy.context import enter
from screening import actions
from screening.models import Amendment
from screening.models.requests import Answered, Asker, RequestKind, StepKind


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a record, so many working days ago; `answer` where it was answered."""

    client: str
    kind: RequestKind
    days: int
    asker: Asker = Asker.CLIENT
    asked_by: str = ""
    words: str = ""
    answer: Answered | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request to amend: which sections it speaks of, and each step that followed with its words."""

    client: str
    days: int
    words: str
    sections: tuple[str, ...] = ()
    steps: tuple[tuple[StepKind, int, str], ...] = ()


ASKED = (
    Asked(
        "Amara Nwosu",
        RequestKind.COPY,
        15,
        words="A paper copy of everything, to be picked up at the front office.",
    ),
    Asked(
        "Thaddeus Birch",
        RequestKind.COPY,
        3,
        asker=Asker.REPRESENTATIVE,
        asked_by="Corinne Birch, sister; health care power of attorney seen on paper",
        words="The result of the screening, by mail.",
    ),
    Asked(
        "Ruth Lindqvist",
        RequestKind.DISCLOSURES,
        30,
        words="To whom anything was sent since the summer.",
        answer=Answered.GIVEN,
        given="Account of disclosures printed and handed over at the session.",
    ),
)

WRONG = (
    Wrong(
        "Jonah Whitaker",
        12,
        "I stopped the second medicine because of side effects, not because it did nothing.",
        ("depression",),
    ),
    Wrong(
        "Ruth Lindqvist",
        35,
        "It says that I have had thoughts of death. That was one evening after the funeral.",
        ("depression", "safety"),
        (
            (StepKind.DENIED, 30, "The answer was given as recorded, and was true on that day."),
            (
                StepKind.DISAGREEMENT,
                26,
                "One evening is not how I am. I want whoever reads the answer to read this beside it.",
            ),
            (StepKind.REBUTTAL, 25, "The screening asks about two weeks; the answer says nothing of later."),
        ),
    ),
    Wrong(
        "Samuel Ortiz",
        20,
        "My phone number has been another one since the spring.",
        (),
        ((StepKind.ACCEPTED, 19, "The new number is in the record; the clinic was told by telephone."),),
    ),
)


def load(cast: Cast, calendar: Calendar, screened: Sequence[Screened]) -> None:
    """Record every request as a therapist would, and answer as a lead does."""
    by_name = {each.invented.name: each for each in screened}
    leads = {person.organization_id: person for person in cast.people.values() if person.has_duty(Duty.LEAD)}
    for asked in ASKED:
        each = by_name[asked.client]
        with enter(each.therapist.organization_id):
            _ask(each, asked, calendar, leads[each.therapist.organization_id])
    for wrong in WRONG:
        each = by_name[wrong.client]
        with enter(each.therapist.organization_id):
            _amend(each, wrong, calendar)


def _ask(each: Screened, asked: Asked, calendar: Calendar, lead: User) -> None:
    made = actions.ask_for_records(
        by=each.therapist,
        client=each.client,
        kind=asked.kind,
        asker=asked.asker,
        asked_by=asked.asked_by,
        words=asked.words,
        received_on=calendar.day(asked.days),
        at=calendar.at(asked.days, 12),
    )
    if asked.answer is not None:
        at = calendar.at(asked.days, 12) + timedelta(days=7)
        actions.answer_records_request(by=lead, request=made, answer=asked.answer, words=asked.given, at=at)


def _amend(each: Screened, wrong: Wrong, calendar: Calendar) -> None:
    made: Amendment = actions.ask_to_amend(
        by=each.therapist,
        client=each.client,
        words=wrong.words,
        sections=wrong.sections,
        received_on=calendar.day(wrong.days),
        at=calendar.at(wrong.days, 13),
    )
    for kind, days, words in wrong.steps:
        at = calendar.at(days, 14)
        actions.follow_amendment(by=each.therapist, amendment=made, kind=kind, words=words, at=at)
