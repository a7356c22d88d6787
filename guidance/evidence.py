"""The sources behind the shipped questionnaire, as they stand today, for handouts and the evidence page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from screening.catalog import definition_of, published, verified_sources
from screening.engine import Definition, parse_text
from screening.explanation import SourceRead, adverse_notes, read_source
from screening.models import QuestionnaireVersion

QUESTIONNAIRE = "ketamine_referral"
SHIPPED = Path(settings.BASE_DIR) / "screening" / "questionnaires" / f"{QUESTIONNAIRE}.json"

# Which sources each paragraph of "what is known" in the handout and the primer rests on.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "trd": ("vadod_mdd_2022", "spravato_label"),
    "anxiety": ("taylor_2018", "whittaker_2021"),
    "ptsd": ("vadod_ptsd_2023",),
    "chronic_pain": ("cohen_2018",),
    "approval": ("spravato_label", "fda_ketamine_2023"),
    "law": ("dea_flexibilities",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of evidence as the questionnaire prints it; an adverse one speaks against the treatment."""

    text: str
    sources: tuple[SourceRead, ...]
    is_adverse: bool


@dataclass(frozen=True, slots=True)
class Indication:
    """What is known about one indication."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A source with everything in the questionnaire that rests on it."""

    source: SourceRead
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All sources of one version of the questionnaire on one day. `number` is None when none is published."""

    number: int | None
    today: date
    indications: tuple[Indication, ...]
    held: tuple[Held, ...]
    version_id: UUID | None = None

    @property
    def out_of_date(self) -> tuple[Held, ...]:
        """The sources past their review day."""
        return tuple(held for held in self.held if held.source.out_of_date_since)

    def known(self) -> dict[str, tuple[SourceRead, ...]]:
        """Return the sources of each paragraph of "what is known"; one the version dropped is left out."""
        by_key = {held.source.key: held.source for held in self.held}
        return {name: tuple(by_key[key] for key in keys if key in by_key) for name, keys in KNOWN.items()}


def library(today: date) -> Library:
    """Return the published version's sources, or those of the shipped file while none is published."""
    version = published().filter(questionnaire__key=QUESTIONNAIRE).defer("document").first()
    if version is None:
        return shipped_library(today)
    return _library(definition_of(version.pk), version, verified_sources(version), today)


def shipped_library(today: date) -> Library:
    """Return the sources of the shipped file, none of them verified by anybody here."""
    return _library(_shipped(), None, frozenset(), today)


@lru_cache(maxsize=1)
def _shipped() -> Definition:
    return parse_text(SHIPPED.read_text(encoding="utf-8"))


def _library(
    definition: Definition, version: QuestionnaireVersion | None, verified: frozenset[str], today: date
) -> Library:
    read = {source.key: read_source(source, today=today, verified=verified) for source in definition.sources}
    uses: dict[str, list[str]] = {key: [] for key in read}
    for title, keys in _uses(definition):
        for key in keys:
            if title not in uses[key]:
                uses[key].append(title)
    return Library(
        number=version.number if version else None,
        today=today,
        indications=tuple(_indications(definition, read)),
        held=tuple(Held(source, tuple(uses[key])) for key, source in read.items()),
        version_id=version.pk if version else None,
    )


def _uses(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    for indication in definition.indications:
        for criterion in indication.criteria:
            yield indication.title, criterion.sources
        for note in indication.notes:
            yield indication.title, note.sources
    for consideration in definition.considerations:
        yield consideration.title, consideration.sources


def _indications(definition: Definition, read: Mapping[str, SourceRead]) -> Iterator[Indication]:
    for indication in definition.indications:
        adverse = adverse_notes(definition, indication)
        lines = tuple(
            Line(note.text, tuple(read[key] for key in note.sources), note in adverse)
            for note in indication.notes
        )
        yield Indication(indication.key, indication.title, lines)
