"""Every source of every version in use or in work: what rests on it, who read it, when to look again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from accounts.models import User
from screening.catalog import definition_of_version, words_of
from screening.engine import Definition, DocumentProblems, Source
from screening.explanation import SourceRead, read_source
from screening.models import QuestionnaireVersion, SourceVerification, VersionState

# A review that is due within this time stands before the others.
SOON = timedelta(days=60)
STATES = (VersionState.PUBLISHED, VersionState.IN_REVIEW, VersionState.DRAFT)


class Due(StrEnum):
    """How urgent it is to look at a source again."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


class Show(StrEnum):
    """What the list can be narrowed to."""

    ALL = "all"
    OVERDUE = "overdue"
    SOON = "soon"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class RestsOn:
    """Something that rests on a source; `anchor` is its place in the version's sheet."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Held:
    """A source as one or several versions of a questionnaire word it."""

    questionnaire: UUID
    title: str
    source: SourceRead
    words: str
    due: Due
    days: int
    versions: tuple[QuestionnaireVersion, ...]
    rests_on: tuple[RestsOn, ...]
    verification: SourceVerification | None

    @property
    def version(self) -> QuestionnaireVersion:
        """The version in use, or else the newest in work: marking it verified goes by this one."""
        return self.versions[0]

    @property
    def is_unverified(self) -> bool:
        """Whether somebody still has to read it."""
        return self.source.to_be_verified


def held_sources(user: User, today: date) -> list[Held]:
    """Return every source, those overdue first and then those due soon; each in its words once."""
    rows = QuestionnaireVersion.objects.visible_to(user).filter(state__in=STATES)
    in_order = sorted(
        rows.select_related("questionnaire"), key=lambda row: (STATES.index(_state(row)), -row.number)
    )
    verified = _verifications()
    found: dict[tuple[object, ...], Held] = {}
    for version in in_order:
        for held in _of_version(version, verified, today):
            key = (held.questionnaire, held.words, held.source.review_by, held.source.read)
            known = found.get(key)
            found[key] = held if known is None else replace(known, versions=(*known.versions, version))
    return sorted(found.values(), key=lambda held: (held.source.review_by, held.title, held.source.citation))


def shown(held: list[Held], what: Show) -> list[Held]:
    """Narrow the list."""
    match what:
        case Show.OVERDUE:
            return [each for each in held if each.due is Due.OVERDUE]
        case Show.SOON:
            return [each for each in held if each.due is Due.SOON]
        case Show.UNVERIFIED:
            return [each for each in held if each.is_unverified]
    return held


def history_of(questionnaire: UUID, source: str) -> list[SourceVerification]:
    """Return every time somebody read a source of the questionnaire, in whatever words, newest first."""
    rows = SourceVerification.objects.filter(questionnaire_id=questionnaire, source=source)
    return list(rows.select_related("verified_by").order_by("-verified_at"))


def _state(version: QuestionnaireVersion) -> VersionState:
    return VersionState(version.state)


def _verifications() -> Mapping[tuple[UUID, str, str], SourceVerification]:
    rows = SourceVerification.objects.select_related("verified_by")
    return {(row.questionnaire_id, row.source, row.words): row for row in rows}


def _of_version(
    version: QuestionnaireVersion,
    verified: Mapping[tuple[UUID, str, str], SourceVerification],
    today: date,
) -> Iterator[Held]:
    try:
        definition = definition_of_version(version)
    except DocumentProblems:
        return
    uses = _uses(definition)
    for source in definition.sources:
        words = words_of(source)
        row = verified.get((version.questionnaire_id, source.key, words))
        read = read_source(source, today=today, verified=frozenset([source.key] if row else []))
        if read.is_product_default:
            read = replace(read, to_be_verified=False)
        yield Held(
            questionnaire=version.questionnaire_id,
            title=version.title,
            source=read,
            words=words,
            due=_due(source, today),
            days=(source.review_by - today).days,
            versions=(version,),
            rests_on=tuple(uses.get(source.key, ())),
            verification=row,
        )


def _due(source: Source, today: date) -> Due:
    if source.review_by < today:
        return Due.OVERDUE
    return Due.SOON if source.review_by <= today + SOON else Due.LATER


def _uses(definition: Definition) -> dict[str, list[RestsOn]]:
    found: dict[str, list[RestsOn]] = {}
    for indication in definition.indications:
        for criterion in indication.criteria:
            for key in criterion.sources:
                found.setdefault(key, []).append(RestsOn(criterion.statement, f"c-{criterion.key}"))
        for note in indication.notes:
            for key in note.sources:
                found.setdefault(key, []).append(RestsOn(note.text, f"i-{indication.key}"))
    for consideration in definition.considerations:
        for key in consideration.sources:
            found.setdefault(key, []).append(RestsOn(consideration.title, f"k-{consideration.key}"))
    return found
