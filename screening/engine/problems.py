"""What is wrong with a document or an answer set, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: `place` is a path such as `answers.trials.entries.1.trial_weeks`."""

    place: str
    problem: str
    warning: bool = False

    def as_document(self) -> dict[str, str]:
        """As the command prints it."""
        return {"place": self.place, "problem": self.problem}

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" if self.place else self.problem


class ProblemsError(ValueError):
    """Raised with every problem that was found, never with only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems[:5])))


class DocumentProblems(ProblemsError):
    """A document that can't be read as a definition."""


class AnswerProblems(ProblemsError):
    """An answer set that can't be evaluated."""


def under(place: str, step: object) -> str:
    """The place one step further in; text that can't be printed is made printable."""
    text = str(step).encode("utf-8", "backslashreplace").decode("utf-8")[:200]
    return f"{place}.{text}" if place else text
