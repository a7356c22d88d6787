"""Tells the stories: drafts, consents, packets and moves, each by the action that a click calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import User
from config.demo.calendar import Calendar
from config.demo.cases import shipped
from config.demo.directory import CASCADE
from config.demo.people import Cast
from config.demo.screenings import Screened
from config.demo.stories import STORIES, THERAPIST, Step, Story
from privacy.context import enter
from referrals import actions
from referrals.models import Listing, Referral
from screening.models import Screening

CONSENT_LASTS = timedelta(days=180)


def load(cast: Cast, calendar: Calendar, listings: dict[str, Listing], screened: list[Screened]) -> None:
    """Tell the story of each client who has one."""
    for each in screened:
        if each.invented.story and each.screening is not None:
            telling = _Telling(cast, calendar, listings, each.therapist, STORIES[each.invented.story])
            telling.tell(each.screening, each.invented.days)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What every step of one story needs."""

    cast: Cast
    calendar: Calendar
    listings: dict[str, Listing]
    therapist: User
    story: Story

    def tell(self, screening: Screening, days: int) -> None:
        with enter(self.therapist.organization_id):
            referral = self._draft(screening, days)
            if self.story.sent:
                self._send(referral, days)
        for number, step in enumerate(self.story.steps):
            by = self.therapist if step.by == THERAPIST else self.cast[step.by]
            with enter(by.organization_id):
                self._take(step, by, referral, number)

    def _draft(self, screening: Screening, days: int) -> Referral:
        at = self.calendar.at(days, 14)
        listing = self.listings[self.story.to]
        referral = actions.start_referral(by=self.therapist, screening=screening, listing=listing, at=at)
        actions.write_request(
            by=self.therapist,
            referral=referral,
            reason=self.story.reason,
            question=self.story.question,
            meets=self.story.meets,
            role=self.story.role,
            at=at,
        )
        actions.record_consent(
            by=self.therapist,
            referral=referral,
            sections=[key for key in _sections() if key not in self.story.not_shared],
            how=self.story.how,
            expires_on=at.date() + CONSENT_LASTS,
            part2={"substances": "no"},
            at=at,
        )
        return referral

    def _send(self, referral: Referral, days: int) -> None:
        at = self.calendar.at(days, 14, 40)
        sealed = actions.preview_packet(by=self.therapist, referral=referral, at=at)
        actions.send(by=self.therapist, referral=referral, previewed=sealed.hash, at=at)

    def _take(self, step: Step, by: User, referral: Referral, number: int) -> None:
        """Take a step; several of a day follow one another through its hours."""
        move: Callable[..., Any] = getattr(actions, step.move)
        at = self.calendar.at(step.days, 15, number * 4)
        words = {name: self._filled_in(name, value) for name, value in step.words.items()}
        if step.move == "acknowledge_urgent_change":
            words["report"] = actions.open_reports(referral)[0].pk
        made = move(by=by, referral=referral, at=at, **words)
        if step.move == "refer_elsewhere":
            actions.choose_recipient(by=by, referral=made, listing=self.listings[CASCADE], at=at)

    def _filled_in(self, name: str, value: Any) -> Any:
        """Return the moment, the day, the person or the directory entry that the word stands for."""
        match name:
            case "appointment_at":
                return self.calendar.at(value, 13)
            case "look_again_on" | "day":
                return self.calendar.day(value)
            case "to":
                return self.cast[value]
            case "listing":
                return self.listings[value]
        return value


def _sections() -> list[str]:
    return [section.key for section in shipped().sections]
