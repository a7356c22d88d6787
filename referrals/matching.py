"""How a directory entry compares with what a therapist looks for: yes, no, or not known."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.templatetags.dates import day
from referrals.models import Evaluates, Listing, Said
from referrals.states import STATES
from screening.engine import Outcome
from screening.models.clients import PayerType
from screening.reading import Reading

RESIDENCE = "residence_state"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is looked for, from the screening and the client's record. Empty: nothing is known of it."""

    indications: tuple[str, ...] = ()
    state: str = ""
    payer: str = ""
    language: str = ""

    @property
    def in_words(self) -> list[dict[str, str]]:
        """The wishes as facts of a list; what isn't known says so."""
        titles = ", ".join(str(Evaluates(key).label) for key in self.indications)
        return [
            _fact(_("Evaluates"), titles),
            _fact(_("Licensed in"), str(STATES.get(self.state, ""))),
            _fact(_("Insurance"), str(PayerType(self.payer).label) if self.payer else ""),
            _fact(_("Language"), self.language),
        ]


def _fact(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value, "missing": "" if value else "not_known"}


@dataclass(frozen=True, slots=True)
class Match:
    """One fact of an entry beside one wish. `glyph` is whole for yes, ring for no, half for not known."""

    words: str
    answer: str
    source: str

    @property
    def glyph(self) -> str:
        """The mark that says the same as the word."""
        return {"yes": "whole", "no": "hollow"}.get(self.answer, "half")


@dataclass(frozen=True, slots=True)
class Compared:
    """An entry with its matches."""

    listing: Listing
    matches: tuple[Match, ...]

    def count(self, answer: str) -> int:
        """Return how many matches have this answer."""
        return sum(match.answer == answer for match in self.matches)

    @property
    def total(self) -> int:
        """How many facts were compared."""
        return len(self.matches)

    @property
    def matching(self) -> int:
        """How many match."""
        return self.count("yes")

    @property
    def unknown(self) -> int:
        """How many aren't known."""
        return self.count("not_known")


def wishes_of(reading: Reading) -> Wishes:
    """Return what a screening and the client's record say about whom to look for."""
    present = tuple(
        key
        for key, found in reading.findings.indications.items()
        if found.outcome is Outcome.INDICATORS_PRESENT and key in Evaluates.values
    )
    contacts = reading.screening.client.contacts
    state = reading.answers.get(RESIDENCE, {}).get("value", "")
    payer = contacts.payer_type if contacts.payer_type != PayerType.NOT_KNOWN else ""
    return Wishes(present, str(state) if state in STATES else "", payer, contacts.language)


def compared(listing: Listing, wishes: Wishes) -> Compared:
    """Compare one entry with the wishes."""
    return Compared(listing, tuple(_matches(listing, wishes)))


def _matches(listing: Listing, wishes: Wishes) -> Iterator[Match]:
    said_on = _("Said on %(day)s") % {"day": day(listing.changed_at)}
    for key in wishes.indications:
        title = str(Evaluates(key).label)
        yield _listed(_("Evaluates: %(what)s") % {"what": title}, key, listing.evaluates, said_on)
    if wishes.state:
        name = str(STATES[wishes.state])
        yield _listed(
            _("Licensed in %(state)s") % {"state": name}, wishes.state, listing.licensed_in, said_on
        )
    if wishes.payer:
        yield _listed(str(PayerType(wishes.payer).label), wishes.payer, listing.payers, said_on)
    if wishes.language:
        spoken = wishes.language.casefold() in listing.languages.casefold()
        answer = "yes" if spoken else "not_known"
        yield _match(_("Speaks %(language)s") % {"language": wishes.language}, answer, said_on)
    yield _match(_("Works with your sessions"), listing.works_with_therapist, said_on)
    yield _match(_("Step-free"), listing.step_free, said_on)


def _listed(words: str, key: str, among: list[str], said_on: str) -> Match:
    """An empty list says nothing: it is never a no."""
    answer = "yes" if key in among else "no" if among else "not_known"
    return _match(words, answer, said_on)


def _match(words: str, answer: str, said_on: str) -> Match:
    source = _("Ask before referring") if answer == Said.NOT_KNOWN else said_on
    return Match(f"{words}: {Said(answer).label.lower()}", answer, source)
