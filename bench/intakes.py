"""Intakes as they grow: the vignettes of a questionnaire, each as far as it went."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from screening.engine import Definition

Answers = Mapping[str, Any]

# A prime that divides no count of intakes here: neighbors are of different clients and lengths.
STRIDE = 997


def as_far_as_they_went(definition: Definition) -> list[tuple[Answers, date]]:
    """Return the answers of every vignette up to the end of every section, in a fixed mixed order."""
    found: list[tuple[Answers, date]] = []
    for vignette in definition.vignettes:
        asked: set[str] = {"age"}
        for section in definition.sections:
            asked |= {question.key for question in section.questions}
            answers = {key: answer for key, answer in vignette.answers.items() if key in asked}
            found.append((answers, vignette.as_of))
    return [found[place * STRIDE % len(found)] for place in range(len(found))]
