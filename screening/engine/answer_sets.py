"""Answer sets as files: `{"as_of": DAY, "answers": {..}}`, one or a list of them."""

from __future__ import annotations

from datetime import date

from screening.engine.definition import Definition
from screening.engine.evaluation import evaluate, problems
from screening.engine.fields import Fields
from screening.engine.findings import Findings
from screening.engine.json_text import doubled_keys
from screening.engine.problems import AnswerProblems


def evaluate_set(definition: Definition, answer_set: object, as_of: date | None = None) -> Findings:
    """The findings of one answer set; `as_of` overrides its own. Raises AnswerProblems."""
    found = doubled_keys(answer_set)
    fields = Fields(answer_set, "", found, ("as_of", "answers"))
    if not fields.readable:
        raise AnswerProblems(found)
    day = as_of or fields.day("as_of")
    answers = fields.mapping("answers")
    if found or day is None:
        found += problems(definition, answers, day or date.max)
        raise AnswerProblems(dict.fromkeys(found))
    return evaluate(definition, answers, day)
