"""What may be told with a consent: only what can't be read back to a section that isn't shared."""

from dataclasses import dataclass

from screening.engine import Definition
from screening.explanation import (
    sections_of_consideration,
    sections_of_indication,
    sections_of_question,
    sections_of_score,
)


@dataclass(frozen=True, slots=True)
class Sharing:
    """The sections that are shared, and what follows for every rule that reads answers.

    A rule is told only if every section it reads is shared: through scores, lists and the gates of its
    questions too.
    """

    definition: Definition
    sections: frozenset[str]

    def tells_question(self, key: str) -> bool:
        """Whether an answer may be told: that a question was asked tells how its gates were answered."""
        return sections_of_question(self.definition, key) <= self.sections

    def tells_score(self, key: str) -> bool:
        """Whether a score may be told."""
        return sections_of_score(self.definition, key) <= self.sections

    def tells_indication(self, key: str) -> bool:
        """Whether an outcome, its criteria and a judgment about it may be told."""
        return sections_of_indication(self.definition, key) <= self.sections

    def tells_consideration(self, key: str) -> bool:
        """Whether a consideration and what was done about it may be told."""
        return sections_of_consideration(self.definition, key) <= self.sections
