"""Answer sets as files: `{"as_of": DAY, "answers": {..}}`, one or a list of them."""

from __future__ import annotations

from datetime import date

from screening.engine.definition import Definition
from screening.engine.evaluation import evaluate
from screening.engine.fields import Fields
from screening.engine.findings import Findings
from screening.engine.json_text import faults
from screening.engine.problems import AnswerProblems, Problem


def evaluate_set(definition: Definition, answer_set: object, as_of: date | None = None) -> Findings:
    """The findings of one answer set; `as_of` overrides its own. Raises AnswerProblems."""
    found = faults(answer_set)
    fields = Fields(answer_set, "", found, ("as_of", "answers"))
    if fields.readable:
        day = as_of or fields.day("as_of")
        answers = fields.mapping("answers")
    if found:
        raise AnswerProblems(_places_once(found))
    if day is None:
        raise AnswerProblems([Problem("as_of", "This is missing.")])
    return evaluate(definition, answers, day)


def _places_once(problems: list[Problem]) -> list[Problem]:
    return list({problem.place: problem for problem in reversed(problems)}.values())[::-1]
