"""The client's statements that go with a packet: a disagreement follows what it disagrees with.

45 CFR 164.526(d)(5) appends a statement of disagreement to later disclosures of what it is about. Consent
is by section, and a statement is free text: it goes only where every section that it speaks of is shared. One
about the record as a whole may speak of any section: it goes by the therapist's explicit choice alone.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from referrals.models import Referral
from referrals.packet import StatementPart
from screening.models import Amendment
from screening.models.requests import StepKind

INCLUDED, LEFT_OUT = "yes", "no"


@dataclass(frozen=True, slots=True)
class Statements:
    """What a client's statements come to in one packet: those that go, and how many don't."""

    going: tuple[StatementPart, ...] = ()
    not_shared: int = 0
    # Statements about the record as a whole; `is_chosen` once somebody said whether they go.
    whole_record: int = 0
    is_chosen: bool = True


def statements_for(referral: Referral, sections: frozenset[str], titles: dict[str, str]) -> Statements:
    """Return what goes with a packet that shares these sections, by the choice made on the sending page."""
    rows = Amendment.objects.filter(organization_id=referral.organization_id, client_id=referral.client_id)
    found = [each for each in rows.with_steps().order_by("received_on", "pk") if each.goes_with_the_record]
    whole = [each for each in found if each.is_of_the_whole_record]
    about = [each for each in found if not each.is_of_the_whole_record]
    shared = [each for each in about if frozenset(each.sections) <= sections]
    choice = referral.request.statements
    going = [*shared, *(whole if choice == INCLUDED else [])]
    return Statements(
        going=tuple(_part(each, titles, referral) for each in going),
        not_shared=len(about) - len(shared),
        whole_record=len(whole),
        is_chosen=not whole or choice in (INCLUDED, LEFT_OUT),
    )


def _part(amendment: Amendment, titles: dict[str, str], referral: Referral) -> StatementPart:
    named = "; ".join(titles.get(key, key) for key in amendment.sections)
    return StatementPart(
        about=named or _("The record as a whole"),
        received_on=amendment.received_on.isoformat(),
        request=amendment.words,
        denial=_words(amendment, StepKind.DENIED),
        disagreement=_words(amendment, StepKind.DISAGREEMENT),
        disagreed_on=_day(amendment, StepKind.DISAGREEMENT, referral),
        rebuttal=_words(amendment, StepKind.REBUTTAL),
    )


def _words(amendment: Amendment, kind: StepKind) -> str:
    step = amendment.step(kind)
    return str(step.words) if step else ""


def _day(amendment: Amendment, kind: StepKind, referral: Referral) -> str:
    step = amendment.step(kind)
    return step.at.astimezone(referral.organization.zone).date().isoformat() if step else ""
