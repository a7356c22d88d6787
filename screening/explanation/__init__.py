"""What was found and why, as plain values that the page, its print and the packet share.

Pure: no database. Words are translated when a value is made, so a value is made where it is shown
or sealed.
"""

from screening.explanation.facts import EntryRead, FactRead, FactReader, Missing
from screening.explanation.reach import (
    sections_of,
    sections_of_consideration,
    sections_of_indication,
    sections_of_question,
    sections_of_score,
)
from screening.explanation.rules import (
    ConsiderationRead,
    CriterionRead,
    Explanation,
    IndicationRead,
    NoteRead,
    adverse_notes,
    explain,
    first_sentence,
)
from screening.explanation.scores import ScoreRead
from screening.explanation.sections import SectionRead, read_sections
from screening.explanation.sources import SourceRead, read_source

__all__ = [
    "ConsiderationRead",
    "CriterionRead",
    "EntryRead",
    "Explanation",
    "FactRead",
    "FactReader",
    "IndicationRead",
    "Missing",
    "NoteRead",
    "ScoreRead",
    "SectionRead",
    "SourceRead",
    "adverse_notes",
    "explain",
    "first_sentence",
    "read_sections",
    "read_source",
    "sections_of",
    "sections_of_consideration",
    "sections_of_indication",
    "sections_of_question",
    "sections_of_score",
]
