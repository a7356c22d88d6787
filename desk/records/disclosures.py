"""The account of what left the practice: when, to whom, what, and for what purpose (45 CFR 164.528(b)(2)).

The rule asks for no account of disclosures for treatment, which sending a packet is; all of them are listed
nevertheless. One that went wrong, such as a packet sent to the wrong recipient, has to be in an account.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.templatetags.dates import full_moment
from desk.records.document import Fact, Item, Section, fact, given, iso, name_of
from desk.records.referrals import recipient_of, section_titles
from referrals.history import CODES
from referrals.models import Consent, CourseEntryKind, Event, HowGiven, Referral
from referrals.states import STATES
from referrals.workflow import Party

# What the practice's side may say after sending, and what of it is words about the client.
TOLD = {
    "reply": lazy("Answers to the provider’s questions"),
    "agree_new_time": lazy("A note on a new time"),
    "question_outcome": lazy("A question about the outcome"),
    "close": lazy("A note on closing"),
    "reopen": lazy("A note on reopening"),
    "report_urgent_change": lazy("An urgent change in the client’s state"),
    "acknowledge_urgent_change": lazy("A note on an urgent change"),
    "withdraw": lazy("A note on withdrawing"),
}


def disclosures_section(referrals: list[Referral]) -> Section:
    """Return every disclosure, the earliest first."""
    made = [item for referral in referrals for item in _disclosures(referral)]
    about = _(
        "What this practice sent through the software, to whom and for what purpose. HIPAA does not ask for "
        "an account of disclosures for treatment; they are listed all the same."
    )
    items = tuple(sorted(made, key=lambda item: item.at))
    return Section("disclosures", _("Account of disclosures"), about, items)


def _disclosures(referral: Referral) -> Iterator[Item]:
    sent = [event for event in referral.events.all() if event.party == Party.THERAPIST]
    for event in sent:
        if event.move == "send":
            yield _sending(referral, event)
        elif event.move in TOLD and (event.note or event.detail):
            yield _disclosure(referral, event.at, str(TOLD[event.move]), name_of(event.by))
    for message in referral.messages.all():
        if message.by.organization_id == referral.organization_id:
            yield _disclosure(referral, message.at, _("A message"), name_of(message.by))
    for entry in referral.course_entries.all():
        if entry.by is not None and entry.by.organization_id == referral.organization_id:
            what = _("Course: %(kind)s") % {"kind": CourseEntryKind(entry.kind).label}
            yield _disclosure(referral, entry.at, what, name_of(entry.by))


def _sending(referral: Referral, event: Event) -> Item:
    consent = _consent_at(referral, event.at)
    sections = section_titles(referral, consent.sections) if consent else ""
    facts = (
        fact("sections", _("Sections that were shared"), sections),
        fact("consent", _("Consent"), _consent_words(consent)),
        fact("note", _("Note"), event.note),
        *_recalled(referral),
    )
    return _disclosure(referral, event.at, _("The referral packet"), name_of(event.by), given(facts))


def _consent_at(referral: Referral, at: datetime) -> Consent | None:
    """Return the consent that stood when the packet was sent."""
    before = [each for each in referral.consents.all() if each.recorded_at <= at]
    return max(before, key=lambda each: each.recorded_at, default=None)


def _consent_words(consent: Consent | None) -> str:
    if consent is None:
        return ""
    how, when = HowGiven(consent.how).label, full_moment(consent.recorded_at)
    return _("%(how)s, recorded %(when)s") % {"how": how, "when": when}


def _recalled(referral: Referral) -> Iterator[Fact]:
    for event in referral.events.all():
        if event.move == "recall":
            opened = full_moment(referral.opened_at) if referral.opened_at else ""
            note = (
                _("It had been opened %(when)s") % {"when": opened} if opened else _("It had not been opened")
            )
            words = f"{CODES.get(event.code, '')} {full_moment(event.at)}."
            yield fact("recalled", _("Recalled"), words, note)


def _disclosure(referral: Referral, at: datetime, what: str, by: str, more: tuple[Fact, ...] = ()) -> Item:
    facts = (
        fact("at", _("When"), full_moment(at), by),
        fact("to", _("To"), recipient_of(referral)),
        fact("address", _("Address and phone"), _address(referral)),
        fact("what", _("What"), what),
        fact("purpose", _("Purpose"), _("Treatment: evaluation by the recipient, with the client’s consent")),
        *more,
    )
    stored = {"referral": str(referral.pk)}
    return Item("disclosure", recipient_of(referral), facts, at=iso(at), stored=stored)


def _address(referral: Referral) -> str:
    """Return what is known of the recipient's place and phone, today."""
    listing, prescriber = referral.listing, referral.prescriber
    if prescriber is None:
        return ""
    city = [listing.city, str(STATES.get(listing.state, ""))] if listing else []
    phone = (listing.phone if listing else "") or prescriber.phone
    return ", ".join(part for part in (*city, phone) if part)
