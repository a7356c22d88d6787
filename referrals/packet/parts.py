"""What a packet holds, part by part: plain text and keys only, so that it reads the same in ten years."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

NOT_SHARED = "not_shared"


class TherapistRole(TextChoices):
    """The referring therapist's part in what may follow."""

    PREPARES = "prepares", _("Prepares the client before treatment")
    ATTENDS_DOSING = "attends_dosing", _("Attends treatment sessions")
    INTEGRATES = "integrates", _("Works with the client after treatment")
    NONE = "none", _("Has no part in the treatment")


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One row of a list, named by its first answer."""

    title: str
    facts: tuple["FactPart", ...]


@dataclass(frozen=True, slots=True)
class FactPart:
    """One answer or score: `text`, or else `missing` says why there is none, "not_shared" among it."""

    key: str
    label: str
    text: str
    missing: str
    detail: str
    stale: bool
    # The answer says by itself what was asked, so a row of a list is told without the question.
    speaks_for_itself: bool
    rows: tuple[EntryPart, ...]


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Where a rule or a line of evidence comes from, as it stood when the packet was sealed.

    `is_product_default` marks the source that is no publication but the product's own choice.
    """

    key: str
    short: str
    citation: str
    supports: str
    strength: str
    read: str
    review_by: str
    to_be_verified: bool
    out_of_date_since: str
    is_product_default: bool


@dataclass(frozen=True, slots=True)
class NotePart:
    """A line of evidence; an adverse one stands directly beside the outcome."""

    text: str
    adverse: bool
    sources: tuple[SourcePart, ...]


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """A criterion with its state, the answers it read and the keys of its sources."""

    key: str
    statement: str
    state: str
    basis: str
    facts: tuple[FactPart, ...]
    sources: tuple[SourcePart, ...]


@dataclass(frozen=True, slots=True)
class JudgmentPart:
    """The therapist's own judgment: "agree", "differ" or "not_yet", and why."""

    view: str
    words: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class IndicationPart:
    """An outcome and its reasons. Not shared: the outcome is "not_shared" and there are no reasons."""

    key: str
    title: str
    outcome: str
    summary: str
    criteria: tuple[CriterionPart, ...]
    notes: tuple[NotePart, ...]
    judgment: JudgmentPart | None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A score as an interval, with its day and its age when the packet was sealed."""

    key: str
    title: str
    text: str
    missing: str
    band: str
    day: str
    age_days: int | None
    stale: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the therapist did about an urgent consideration."""

    done: str
    told: tuple[str, ...]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ConsiderationPart:
    """A consideration: raised, not_raised, not_assessed or not_shared."""

    key: str
    title: str
    level: str
    state: str
    modifiable: bool
    facts: tuple[FactPart, ...]
    sources: tuple[SourcePart, ...]
    acknowledged: Acknowledged | None


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A section that is shared, with every question that was asked, or one that isn't, with none."""

    key: str
    title: str
    shared: bool
    sensitive: bool
    part2: bool
    facts: tuple[FactPart, ...]


@dataclass(frozen=True, slots=True)
class ClientPart:
    """Who the client is, how to reach them, and who else looks after them. Empty text: not recorded."""

    legal_name: str
    used_name: str
    birth_date: str
    record_number: str
    phone: str
    message_is_safe: str
    email: str
    language: str
    emergency_contact: str
    prescriber: str
    prescriber_knows: str
    primary_care: str
    primary_care_knows: str
    payer_type: str


@dataclass(frozen=True, slots=True)
class TherapistPart:
    """The therapist, how often they meet the client, and their part in what may follow."""

    name: str
    practice: str
    phone: str
    practice_phone: str
    licence: str
    meets: str
    role: str

    @property
    def role_words(self) -> str:
        """The part in words."""
        return str(TherapistRole(self.role).label) if self.role else ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was filled in, by whom, and whether a supervisor has signed it."""

    title: str
    version: int
    definition: str
    as_of: str
    completed_by: str
    completed_on: str
    signed_by: str
    signature_due: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """The medicines as told and the allergies, gathered for the reader who looks for them first."""

    shared: bool
    facts: tuple[FactPart, ...]


@dataclass(frozen=True, slots=True)
class StatementPart:
    """What the client said is wrong in the record, how it was denied, and their disagreement with that."""

    about: str
    received_on: str
    request: str
    denial: str
    disagreement: str
    disagreed_on: str
    rebuttal: str


@dataclass(frozen=True, slots=True)
class Packet:
    """Everything that is sent. Dates are ISO text; what nobody recorded is empty text."""

    schema: int
    prepared_on: str
    recipient: str
    client: ClientPart
    reason: str
    question: str
    therapist: TherapistPart
    provenance: Provenance
    scope: str
    scope_statement: str
    indications: tuple[IndicationPart, ...]
    scores: tuple[ScorePart, ...]
    considerations: tuple[ConsiderationPart, ...]
    medicines: Answers
    sections: tuple[SectionPart, ...]
    redisclosure_notice: str
    # Packets of schema 1 have none.
    statements: tuple[StatementPart, ...] = ()

    @property
    def sources(self) -> tuple[SourcePart, ...]:
        """Every publication that an indication rests on, each once, in the order in which it is met."""
        citing: list[CriterionPart | NotePart] = []
        for indication in self.indications:
            citing += [*indication.criteria, *indication.notes]
        met = (source for each in citing for source in each.sources)
        return tuple({source.key: source for source in met if not source.is_product_default}.values())

    @property
    def not_shared_sections(self) -> tuple[SectionPart, ...]:
        """The sections that the client did not consent to share."""
        return tuple(section for section in self.sections if not section.shared)

    @property
    def shared_sections(self) -> tuple[SectionPart, ...]:
        """The sections whose answers are here."""
        return tuple(section for section in self.sections if section.shared)

    def _in_state(self, state: str, level: str | None = None) -> tuple[ConsiderationPart, ...]:
        return tuple(
            each for each in self.considerations if each.state == state and level in (None, each.level)
        )

    @property
    def raised_by_level(self) -> tuple[tuple[str, tuple[ConsiderationPart, ...]], ...]:
        """The raised considerations, urgent ones first; a level without any is left out."""
        groups = ((level, self._in_state("raised", level)) for level in ("urgent", "discuss", "inform"))
        return tuple((level, group) for level, group in groups if group)

    @property
    def not_assessed(self) -> tuple[ConsiderationPart, ...]:
        """Considerations whose answers are missing: nothing is said either way."""
        return self._in_state("not_assessed")

    @property
    def not_raised(self) -> tuple[ConsiderationPart, ...]:
        """Considerations that the answers did not raise."""
        return self._in_state("not_raised")

    @property
    def considerations_not_shared(self) -> tuple[ConsiderationPart, ...]:
        """Considerations that could tell something of a section that isn't shared."""
        return self._in_state(NOT_SHARED)
