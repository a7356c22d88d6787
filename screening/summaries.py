"""A line for each client or screening, for lists: fetched together, whatever their number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import User
from screening.catalog import definition_of
from screening.explanation import adverse_notes, first_sentence
from screening.models import Acknowledgement, Client, Finding, Screening, ScreeningState, Signature
from screening.models.screenings import ScreeningQuerySet


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """A client with the latest screening and how many urgent considerations wait."""

    client: Client
    screening: Screening | None
    urgent: int

    @property
    def is_unsigned(self) -> bool:
        """Whether the latest screening waits for a supervisor's signature."""
        return self.screening is not None and is_unsigned(self.screening)


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome as a list shows it; what a guideline says against it stands beside it."""

    title: str
    outcome: str
    adverse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningLine:
    """A screening as a list shows it."""

    screening: Screening
    outcomes: tuple[OutcomeLine, ...]
    urgent: int
    is_unsigned: bool


def summaries_of(user: User, clients: Sequence[Client]) -> list[ClientSummary]:
    """Return a line a client, in the same order, in two queries."""
    latest: dict[UUID, Screening] = {}
    due: dict[UUID, int] = {}
    keys = [client.pk for client in clients]
    for screening in _screenings(user).filter(client__in=keys).order_by("started_at"):
        latest[screening.client_id] = screening
    waiting = Acknowledgement.objects.visible_to(user).due().filter(screening__client__in=keys)
    for client_id in waiting.values_list("screening__client_id", flat=True):
        due[client_id] = due.get(client_id, 0) + 1
    return [ClientSummary(client, latest.get(client.pk), due.get(client.pk, 0)) for client in clients]


def outcome_lines(user: User, client: Client) -> list[ScreeningLine]:
    """Return a client's screenings with their outcomes, the latest first."""
    return screening_lines(user, _screenings(user).filter(client=client).order_by("-started_at"))


def screening_lines(user: User, screenings: Iterable[Screening]) -> list[ScreeningLine]:
    """Return a line a screening with its outcomes, in the order given."""
    rows = list(screenings)
    found: dict[UUID, dict[str, str]] = {}
    for finding in Finding.objects.filter(organization_id=user.organization_id, screening__in=rows):
        found.setdefault(finding.screening_id, {})[finding.indication] = finding.outcome
    due: dict[UUID, int] = {}
    waiting = Acknowledgement.objects.due().filter(organization_id=user.organization_id, screening__in=rows)
    for screening_id in waiting.values_list("screening_id", flat=True):
        due[screening_id] = due.get(screening_id, 0) + 1
    return [_line(row, found.get(row.pk, {}), due.get(row.pk, 0)) for row in rows]


def with_signature(rows: ScreeningQuerySet) -> ScreeningQuerySet:
    """Fetch with each screening whether it is signed."""
    signatures = Signature.objects.filter(
        screening_id=OuterRef("pk"), organization_id=OuterRef("organization_id")
    )
    return rows.annotate(is_signed=Exists(signatures))


def is_unsigned(screening: Screening) -> bool:
    """Return whether a completed screening, fetched with its signature, waits for one."""
    person = screening.completed_by
    if person is None or screening.state != ScreeningState.COMPLETED:
        return False
    return person.needs_signature_from_id is not None and not vars(screening)["is_signed"]


def _line(screening: Screening, outcomes: dict[str, str], urgent: int) -> ScreeningLine:
    definition = definition_of(screening.version_id)
    lines = tuple(
        OutcomeLine(
            indication.title,
            outcomes[indication.key],
            tuple(first_sentence(note.text) for note in adverse_notes(definition, indication)),
        )
        for indication in definition.indications
        if indication.key in outcomes
    )
    return ScreeningLine(screening, lines, urgent, is_unsigned(screening))


def _screenings(user: User) -> ScreeningQuerySet:
    rows = Screening.objects.visible_to(user).select_related("version", "started_by", "completed_by")
    return with_signature(rows.defer("version__document", "findings_text"))
