"""What each question of a questionnaire brings: pure counting over answers, and hiding what is small.

A question settled an outcome where the outcome is settled with its answer and would not be without it, all
other answers left as they are. An item of a score counts through its score in the same way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from screening.engine import Definition, Findings, Outcome, evaluate, facts_of, gates
from screening.explanation.facts import Answers
from screening.reading import AGE
from screening.small_cells import SMALLEST_SHOWN, hide_small

ANSWERED, BLANK, DECLINED, NOT_KNOWN = "answered", "blank", "declined", "not_known"
SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Cells:
    """The counts of one question; None where a number is hidden."""

    shown: int | None = None
    answered: int | None = None
    blank: int | None = None
    declined: int | None = None
    not_known: int | None = None
    settled: int | None = None

    def as_document(self) -> dict[str, int | None]:
        """Return the counts as they are stored."""
        return asdict(self)


@dataclass
class Tally:
    """The running sums over screenings of one version."""

    screenings: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, definition: Definition, answers: Answers, as_of: date) -> None:
        """Count one screening's answers; nothing of them is kept but the sums."""
        self.screenings += 1
        shown = gates(definition, answers, as_of)
        for question in definition.questions:
            if shown.get(question.key) and question.key != AGE:
                self.counts[question.key, _kind(answers.get(question.key))] += 1
        for key in settling(definition, answers, as_of):
            self.counts[key, SETTLED] += 1

    def cells(self, definition: Definition) -> dict[str, Cells]:
        """Return the counts of each question with the small ones hidden, and what would give them away."""
        return {
            question.key: self._cells(question.key)
            for question in definition.questions
            if question.key != AGE
        }

    @property
    def total(self) -> int | None:
        """How many screenings were counted; None where they are too few to say."""
        return self.screenings if self.screenings >= SMALLEST_SHOWN else None

    def _cells(self, key: str) -> Cells:
        counts = {kind: self.counts[key, kind] for kind in (ANSWERED, BLANK, DECLINED, NOT_KNOWN)}
        total = sum(counts.values())
        shown = _told({"shown": total, "not": self.screenings - total})["shown"]
        if shown is None or total < SMALLEST_SHOWN:
            return Cells()
        told = _told(counts)
        if told[ANSWERED] is None:
            return Cells(shown=shown, **told)
        settled = self.counts[key, SETTLED]
        split = _told({SETTLED: settled, "other": counts[ANSWERED] - settled})
        return Cells(shown=shown, settled=split[SETTLED], **told)


def _told(cells: Mapping[str, int]) -> dict[str, int | None]:
    """Hide the small ones among the cells of one total. Nobody is in a cell of zero: that one is told."""
    empty = {name: 0 for name, count in cells.items() if not count}
    return empty | dict(hide_small({name: count for name, count in cells.items() if count}))


def settling(definition: Definition, answers: Answers, as_of: date) -> set[str]:
    """Return the questions without whose answer a settled outcome would be open."""
    found = evaluate(definition, answers, as_of, with_deciding=False)
    settled = {key for key, each in found.indications.items() if _is_settled(each.outcome)}
    if not settled:
        return set()
    asked = gates(definition, answers, as_of)
    tried = [
        key
        for key in _behind(definition, found, settled)
        if asked.get(key) and key != AGE and _kind(answers.get(key)) == ANSWERED
    ]
    return {key for key in tried if _unsettles(definition, answers, as_of, key, settled)}


def _unsettles(definition: Definition, answers: Answers, as_of: date, key: str, settled: set[str]) -> bool:
    without = {name: answer for name, answer in answers.items() if name != key}
    found = evaluate(definition, without, as_of, with_deciding=False)
    return any(not _is_settled(found.indications[each].outcome) for each in settled)


def _is_settled(outcome: Outcome) -> bool:
    return outcome is not Outcome.NOT_ENOUGH_INFORMATION


def _behind(definition: Definition, found: Findings, settled: Iterable[str]) -> list[str]:
    """Return the questions that the settled outcomes can rest on: taking any other away changes none."""
    scores = {score.key: score for score in definition.scores}
    waiting = [key for each in settled for key in found.indications[each].rests_on]
    waiting += facts_of(definition.scope.when) if definition.scope else ()
    reached: dict[str, None] = {}
    while waiting:
        key = waiting.pop()
        if key in reached:
            continue
        reached[key] = None
        if key in scores:
            dated = scores[key].dated_by
            waiting += [*scores[key].of, *([dated] if dated else [])]
        else:
            gate = definition.question(key).shown_when
            waiting += facts_of(gate) if gate is not None else ()
    return [key for key in reached if key not in scores]


def _kind(answer: Mapping[str, object] | None) -> str:
    if not answer:
        return BLANK
    unknown = answer.get("unknown")
    return str(unknown) if unknown in (DECLINED, NOT_KNOWN) else ANSWERED
