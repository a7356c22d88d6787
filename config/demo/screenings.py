"""Screens the invented clients: sections saved one after the other, completed, judged, signed."""

from dataclasses import dataclass

from accounts.models import User
from config.demo import cases
from config.demo.calendar import Calendar
from config.demo.clients import CLIENTS, Invented, Stage, contacts_of
from config.demo.people import Cast
from privacy.context import enter
from screening import actions, reading
from screening.engine import Outcome
from screening.models import Client, QuestionnaireVersion, Screening

SECTIONS_OF_A_BEGUN_ONE = 3
LEFT_URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Screened:
    """A client with the screening that a referral can be made from, if there is one."""

    invented: Invented
    seed: int
    therapist: User
    client: Client
    screening: Screening | None


def load(cast: Cast, calendar: Calendar, version: QuestionnaireVersion) -> list[Screened]:
    """Add every client, each in a transaction of the practice's own, and screen them as far as they came."""
    screened: list[Screened] = []
    for state, letters, by_therapist in CLIENTS:
        for therapist, clients in by_therapist.items():
            for invented in clients:
                with enter(cast[therapist].organization_id):
                    load_one = _Loading(cast, calendar, version, cast[therapist], state, len(screened) + 1)
                    screened.append(load_one.load(invented, letters))
    return screened


@dataclass(frozen=True, slots=True)
class _Loading:
    """What every step of one client's loading needs."""

    cast: Cast
    calendar: Calendar
    version: QuestionnaireVersion
    by: User
    state: str
    seed: int

    def load(self, invented: Invented, letters: str) -> Screened:
        client = actions.add_client(
            by=self.by,
            first_name=invented.first_name,
            last_name=invented.last_name,
            birth_date=invented.born,
            record_number=f"{letters}-{2000 + self.seed * 37}",
            used_name=invented.used_name,
            contacts=contacts_of(invented, self.seed),
            at=self.calendar.at(invented.days + 6, 10),
        )
        if invented.colleague:
            actions.add_to_care_team(by=self.by, client=client, user=self.cast[invented.colleague])
        screening = self._screen(invented, client) if invented.stage is not Stage.NONE else None
        return Screened(invented, self.seed, self.by, client, screening)

    def _screen(self, invented: Invented, client: Client) -> Screening:
        started = self.calendar.at(invented.days + 2, 9, 30)
        screening = actions.start_screening(by=self.by, client=client, version=self.version, at=started)
        completed = self.calendar.at(invented.days, 11, self.seed % 60)
        self._answer(invented, screening)
        if invented.stage is Stage.BEGUN:
            return screening
        screening = actions.complete_screening(by=self.by, screening=screening, at=completed)
        if invented.case != LEFT_URGENT:
            self._judge(screening)
        self._sign(invented, screening)
        return self._set_aside(invented, screening)

    def _answer(self, invented: Invented, screening: Screening) -> None:
        """Save the sections in their order, the first ones at an earlier session."""
        case, begun = cases.CASES[invented.case], invented.stage is Stage.BEGUN
        for number, section in enumerate(cases.shipped().sections):
            early = number < SECTIONS_OF_A_BEGUN_ONE
            if begun and not early:
                return
            at = self.calendar.at(invented.days + (2 if early else 0), 10, number * 5)
            day = reading.day_in(self.by.organization, at)
            answers = cases.answers(case, section, day, self.seed)
            if "residence_state" in answers:
                answers["residence_state"] = {"value": self.state}
            saved = actions.save_answers(
                by=self.by, screening=screening, section=section.key, answers=answers, at=at
            )
            if not saved.is_whole:
                raise ValueError(f"{invented.name}, {section.key}: {saved.problems} {saved.conflicts}")

    def _judge(self, screening: Screening) -> None:
        """Let the therapist agree with most outcomes, differ from a few, and leave some for later."""
        for key, found in reading.findings_of(screening).indications.items():
            if found.outcome is Outcome.INDICATORS_NOT_PRESENT:
                continue
            differs = self.seed % 5 == 0
            view = (
                "differ" if differs else "agree" if found.outcome is Outcome.INDICATORS_PRESENT else "not_yet"
            )
            words = (
                "Grief since the spring explains more of this than the answers can show." if differs else ""
            )
            actions.record_judgment(
                by=self.by,
                screening=screening,
                indication=key,
                view=view,
                words=words,
                at=screening.completed_at,
            )

    def _sign(self, invented: Invented, screening: Screening) -> None:
        """Let the supervisor sign what is to be sent; the others go on waiting for it."""
        supervisor = self.by.needs_signature_from
        if supervisor is not None and invented.story:
            actions.sign_screening(by=supervisor, screening=screening, at=screening.completed_at)

    def _set_aside(self, invented: Invented, screening: Screening) -> Screening:
        at = self.calendar.at(max(invented.days - 1, 0), 9)
        match invented.stage:
            case Stage.REPLACED:
                reason = "The client brought the pharmacy's list: one more medicine."
                copy = actions.replace_screening(by=self.by, screening=screening, reason=reason, at=at)
                later = self.calendar.at(max(invented.days - 1, 0), 10)
                return actions.complete_screening(by=self.by, screening=copy, at=later)
            case Stage.ENTERED_IN_ERROR:
                reason = "Filled in for another client by mistake."
                return actions.enter_in_error(by=self.by, screening=screening, reason=reason, at=at)
        return screening
