"""The answers of every section, for "all answers" and for what is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from screening.engine import Definition, Section
from screening.explanation.facts import FactRead, FactReader, Missing


@dataclass(frozen=True, slots=True)
class SectionRead:
    """A section with every question that was asked in it."""

    key: str
    title: str
    sensitive: bool
    always_shared: bool
    facts: tuple[FactRead, ...]


def read_sections(definition: Definition, reader: FactReader) -> tuple[SectionRead, ...]:
    """Return the sections in order, with what was asked; a section without any question is left out."""
    read = (_read(section, reader) for section in definition.sections)
    return tuple(section for section in read if section.facts)


def _read(section: Section, reader: FactReader) -> SectionRead:
    return SectionRead(
        section.key, section.title, section.sensitive, section.always_shared, tuple(_asked(section, reader))
    )


def _asked(section: Section, reader: FactReader) -> Iterator[FactRead]:
    for question in section.questions:
        if reader.gates.get(question.key, True):
            fact = reader.question(question.key)
            if fact.missing is not Missing.NOT_APPLICABLE:
                yield fact
