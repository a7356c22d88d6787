"""Questionnaires as the engine reads them, parsed once a process, and which sources were verified."""

from contextlib import suppress
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from screening.editing.published import Published
from screening.editing.published import published_keys as published_keys_of
from screening.engine import Definition, DocumentProblems, Source, canonical, digest, parse, parse_text
from screening.models import QuestionnaireVersion, SourceVerification, VersionState


def definition_of(version_id: UUID) -> Definition:
    """Return the version's definition; a published or retired one is read once a process."""
    kept = _definitions.get(version_id)
    if kept is not None:
        return kept
    version = QuestionnaireVersion.objects.only("document", "state").get(pk=version_id)
    definition = _parse(version.document)
    if version.state in (VersionState.PUBLISHED, VersionState.RETIRED):
        _definitions[version_id] = definition
    return definition


def definition_of_version(version: QuestionnaireVersion) -> Definition:
    """Return the definition of a version that is at hand, a draft's too."""
    return _parse(version.document)


def definition_of_document(document: dict[str, Any]) -> Definition:
    """Return the definition of a JSON value, read once for each text; a bad one raises DocumentProblems."""
    try:
        text = canonical(document)
    except ValueError:
        return parse(document)
    return _parse(text)


def published_keys(questionnaire_id: UUID) -> Published:
    """Return the keys of every version of a questionnaire that was ever published."""
    states = (VersionState.PUBLISHED, VersionState.RETIRED)
    rows = QuestionnaireVersion.objects.filter(questionnaire_id=questionnaire_id, state__in=states)
    versions = tuple(rows.order_by("number").values_list("pk", "number"))
    return _published_keys(versions)


def published() -> QuerySet[QuestionnaireVersion]:
    """Return the versions a screening can be started with."""
    rows = QuestionnaireVersion.objects.filter(state=VersionState.PUBLISHED).defer("document")
    return rows.select_related("questionnaire").order_by("title")


def words_of(source: Source) -> str:
    """Return the digest of a source's words: a verification holds as long as they stay."""
    return digest(
        {
            "key": source.key,
            "citation": source.citation,
            "supports": source.supports,
            "strength": source.strength,
        }
    )


def verified_sources(version: QuestionnaireVersion) -> frozenset[str]:
    """Return the keys of the version's sources that somebody marked as verified, in these words."""
    verified = set(
        SourceVerification.objects.filter(questionnaire_id=version.questionnaire_id).values_list(
            "source", "words"
        )
    )
    if not verified:
        return frozenset()
    sources = definition_of(version.pk).sources
    return frozenset(source.key for source in sources if (source.key, words_of(source)) in verified)


# A published version never changes, so neither does what was read from it.
_definitions: dict[UUID, Definition] = {}


@lru_cache(maxsize=32)
def _published_keys(versions: tuple[tuple[UUID, int], ...]) -> Published:
    definitions = []
    for pk, _number in versions:
        # A document that today's engine can't read any more holds no key back.
        with suppress(DocumentProblems):
            definitions.append(definition_of(pk))
    return published_keys_of(definitions, versions[-1][1] if versions else None)


@lru_cache(maxsize=16)
def _parse(document: str) -> Definition:
    return parse_text(document)
