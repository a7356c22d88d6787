"""What becomes of an open screening's answers under the version that is in use now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.catalog import definition_of
from screening.engine import Definition, digest
from screening.engine.meaning import Carried, Part, carry
from screening.explanation import FactRead, FactReader
from screening.models import Part2, QuestionnaireVersion, Screening, VersionState
from screening.reading import Reading
from screening.records import Answer, SectionRecord, StoredAnswer

Words = str | Promise

WHY: Mapping[Part, Words] = {
    Part.KIND: _("how it is answered"),
    Part.TEXT: _("its wording"),
    Part.STEM: _("the words before it"),
    Part.CHOICES: _("the answers to choose from"),
    Part.LIMITS: _("which numbers it takes"),
    Part.UNIT: _("its unit"),
    Part.ANCHORS: _("the words at the ends of its scale"),
    Part.RECALL: _("the time it asks about"),
    Part.INSTRUCTION: _("the instruction before it"),
    Part.LIST: _("whether it stands in a list"),
}
# An answer of a sensitive section never slips into one that is shared like any other.
LESS_PROTECTED = _("its section, which is no longer a sensitive one")


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question whose answer isn't carried: as it was, as it is now, and what differs."""

    before: FactRead
    now: str
    why: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class CarriedSection:
    """The answers that a section of the newer version begins with."""

    title: str
    facts: tuple[FactRead, ...]


@dataclass(frozen=True)
class Move:
    """A screening as it would go on with the newer version; nothing is stored yet.

    `seen` is a print of all that was looked at: answers and version. If it differs later, look again.
    """

    version: QuestionnaireVersion
    old: Definition
    new: Definition
    records: Mapping[str, SectionRecord]
    part2: Mapping[str, str | None]
    asked_again: tuple[AskedAgain, ...]
    no_longer_asked: tuple[FactRead, ...]
    seen: str

    @property
    def sections(self) -> list[CarriedSection]:
        """What is carried, as the newer version words it."""
        answers = {key: each for record in self.records.values() for key, each in record.given().items()}
        reader = FactReader(self.new, answers, {})
        return [
            CarriedSection(
                section.title,
                tuple(
                    reader.question(key) for key in _in_order(section.questions, self.records[section.key])
                ),
            )
            for section in self.new.sections
            if self.records.get(section.key, SectionRecord()).answers
        ]

    @property
    def number_carried(self) -> int:
        """How many answers are carried."""
        return sum(len(record.answers) for record in self.records.values())

    @property
    def added(self) -> list[str]:
        """The questions that the newer version asks and this one doesn't, in its words."""
        before = _keys(self.old)
        return [self.new.question(key).text for key in _keys(self.new) if key not in before]


def newer_version(screening: Screening) -> QuestionnaireVersion | None:
    """Return the version in use, if it is a later one than an open screening was begun with."""
    if not screening.is_open:
        return None
    rows = QuestionnaireVersion.objects.filter(
        questionnaire_id=screening.version.questionnaire_id,
        state=VersionState.PUBLISHED,
        number__gt=screening.version.number,
    )
    return rows.defer("document").first()


def planned(reading: Reading, newer: QuestionnaireVersion) -> Move:
    """Return what would be carried and what asked again."""
    old, new = reading.definition, definition_of(newer.pk)
    stored = {key: each for record in reading.records.values() for key, each in record.answers.items()}
    carried = carry(old, new, {key: each.answer for key, each in stored.items()})
    exposed = [key for key in carried.answers if _is_exposed(old, new, key)]
    kept = {key: answer for key, answer in carried.answers.items() if key not in exposed}
    reader = FactReader(old, reading.answers, {})
    return Move(
        version=newer,
        old=old,
        new=new,
        records=_records(new, kept, stored),
        part2=_part2(reading, new, kept),
        asked_again=(*_changed(old, new, carried, reading.answers), *_exposed(reader, new, exposed)),
        no_longer_asked=tuple(_fact(old, key, reading.answers) for key in carried.no_longer_asked),
        seen=_print(reading, newer),
    )


def _is_exposed(old: Definition, new: Definition, key: str) -> bool:
    return old.section_of(key).sensitive and not new.section_of(key).sensitive


def _records(
    new: Definition, kept: Mapping[str, Mapping[str, object]], stored: Mapping[str, StoredAnswer]
) -> dict[str, SectionRecord]:
    """Return each carried answer in the section it stands in now; who gave it and when goes with it."""
    records: dict[str, SectionRecord] = {}
    for key, answer in kept.items():
        section = new.section_of(key).key
        record = records.get(section, SectionRecord())
        records[section] = record.with_answer(key, replace(stored[key], answer=answer))
    return records


def _part2(reading: Reading, new: Definition, kept: Iterable[str]) -> dict[str, str | None]:
    """Return what was said of each sensitive section; where answers of several meet, the strictest."""
    said: dict[str, set[str | None]] = {}
    for section in new.sections:
        if section.sensitive and section.key in reading.part2:
            said[section.key] = {reading.part2[section.key]}
    for key in kept:
        section = new.section_of(key)
        if section.sensitive:
            said.setdefault(section.key, set()).add(reading.part2.get(reading.definition.section_of(key).key))
    return {key: _strictest(values) for key, values in said.items()}


def _strictest(said: set[str | None]) -> str | None:
    if len(said) == 1:
        return next(iter(said))
    return next((value for value in (Part2.YES.value, Part2.NOT_KNOWN.value) if value in said), None)


def _changed(
    old: Definition, new: Definition, carried: Carried, answers: Mapping[str, Answer]
) -> list[AskedAgain]:
    return [
        AskedAgain(_fact(old, key, answers), new.question(key).text, tuple(WHY[part] for part in parts))
        for key, parts in carried.asked_again.items()
    ]


def _exposed(reader: FactReader, new: Definition, keys: Iterable[str]) -> list[AskedAgain]:
    return [AskedAgain(reader.question(key), new.question(key).text, (LESS_PROTECTED,)) for key in keys]


def _fact(old: Definition, key: str, answers: Mapping[str, Answer]) -> FactRead:
    """Return an answer as it was given; for a question of a list, the whole list."""
    of = next((top.key for top in old.questions if any(key == each.key for each in top.entry)), key)
    return FactReader(old, answers, {}).question(of)


def _in_order(questions: Iterable[object], record: SectionRecord) -> list[str]:
    keys = [getattr(question, "key", "") for question in questions]
    return sorted(record.answers, key=keys.index)


def _keys(definition: Definition) -> list[str]:
    return [each.key for top in definition.questions for each in (top, *top.entry)]


def _print(reading: Reading, newer: QuestionnaireVersion) -> str:
    records = {key: record.as_document() for key, record in reading.records.items()}
    part2 = {key: said or "" for key, said in reading.part2.items()}
    return digest({"version": str(newer.pk), "records": records, "part2": part2})
