"""What stands in the way of sending a screening, as far as the screening tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from screening.engine import ConsiderationState
from screening.explanation import Missing
from screening.models import Screening, ScreeningState
from screening.reading import SAFETY, WANTS_REFERRAL, Reading
from screening.records import SectionRecord

SAFETY_DAYS = 7


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stands in the way of sending, as a code and as a sentence."""

    code: str
    words: str
    section: str = ""


def blocks(screening: Screening, at: datetime | None = None) -> tuple[Block, ...]:
    """Return what stands in the way of sending, as far as the screening tells."""
    reading = Reading(screening, at)
    return blocks_of(reading)


def blocks_of(reading: Reading) -> tuple[Block, ...]:
    """Return what stands in the way of sending, for a screening that was read already."""
    standing = _standing(reading.screening)
    return (*standing, *_rule_blocks(reading), *_safety_blocks(reading), *_signature_blocks(reading))


def _standing(screening: Screening) -> Sequence[Block]:
    match ScreeningState(screening.state):
        case ScreeningState.IN_PROGRESS:
            return [Block("not_completed", _("The screening is not completed yet."))]
        case ScreeningState.REPLACED:
            return [Block("replaced", _("The screening was replaced by an amended one."))]
        case ScreeningState.ENTERED_IN_ERROR:
            return [Block("entered_in_error", _("The screening was entered in error."))]
        case ScreeningState.COMPLETED:
            return []


def _rule_blocks(reading: Reading) -> Sequence[Block]:
    found: list[Block] = []
    if reading.findings.scope != "met":
        scope = reading.definition.scope
        words = _("The client is outside the scope of the questionnaire, or it is not known: %(scope)s.")
        found.append(Block("outside_scope", words % {"scope": scope.statement if scope else ""}))
    if any(q.key == WANTS_REFERRAL for q in reading.definition.questions) and (
        reading.answers.get(WANTS_REFERRAL, {}).get("value") is not True
    ):
        section = reading.definition.section_of(WANTS_REFERRAL).key
        found.append(
            Block(
                "client_does_not_want_it", _("No yes is recorded that the client wants a referral."), section
            )
        )
    if reading.urgent_due:
        found.append(Block("urgent_due", _("An urgent consideration is not acknowledged.")))
    for consideration in reading.definition.considerations:
        raised = reading.findings.considerations[consideration.key] is ConsiderationState.RAISED
        if consideration.blocks_sending and raised:
            words = _("This consideration stands in the way of sending: %(title)s.")
            found.append(Block("consideration", words % {"title": consideration.title}))
    return found


def _safety_blocks(reading: Reading) -> Sequence[Block]:
    section = next((each for each in reading.definition.sections if each.key == SAFETY), None)
    if section is None:
        return []
    asked = [fact for fact in reading.facts_of_section(section) if not fact.optional]
    left = sum(fact.missing is Missing.NOT_ANSWERED for fact in asked)
    if left:
        words = _("The safety section has questions without an answer: %(n)d.") % {"n": left}
        return [Block("safety_incomplete", words, SAFETY)]
    oldest = _oldest_safety(reading, [fact.key for fact in asked])
    if oldest is not None and reading.at - oldest > timedelta(days=SAFETY_DAYS):
        words = _("The safety section was answered or confirmed more than %(days)d days ago.")
        return [Block("safety_old", words % {"days": SAFETY_DAYS}, SAFETY)]
    return []


def _oldest_safety(reading: Reading, keys: Sequence[str]) -> datetime | None:
    """Return when the answer that is oldest was given, or all were confirmed, whichever is later."""
    record = reading.records.get(SAFETY, SectionRecord())
    given_at = [record.answers[key].at for key in keys if key in record.answers]
    oldest = min(given_at, default=None)
    confirmed = reading.screening.safety_confirmed_at
    return max(filter(None, [oldest, confirmed]), default=None)


def _signature_blocks(reading: Reading) -> Sequence[Block]:
    if reading.needs_signature and reading.screening.organization.requires_signature:
        return [Block("unsigned", _("The supervisor has not signed the screening."))]
    return []
