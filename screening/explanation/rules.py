"""Indications, their criteria and the considerations, with the answers and sources behind each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.engine import (
    Condition,
    Consideration,
    ConsiderationState,
    Count,
    Criterion,
    CriterionState,
    Definition,
    Findings,
    Indication,
    IndicationFinding,
    Kind,
    Level,
    Note,
    Outcome,
    facts_of,
    gates,
)
from screening.engine.conditions import walk
from screening.explanation.facts import Answers, FactRead, FactReader, Missing
from screening.explanation.scores import ScoreRead, read_scores
from screening.explanation.sources import SourceRead, read_source


@dataclass(frozen=True, slots=True)
class CriterionRead:
    """A criterion with its state, the answers it read and where it comes from."""

    key: str
    statement: str
    state: CriterionState
    provider_judges: bool
    basis: str
    facts: tuple[FactRead, ...]
    sources: tuple[SourceRead, ...]
    # Unknown, in an indication that another criterion has settled already.
    cannot_change_outcome: bool

    @property
    def cited(self) -> tuple[SourceRead, ...]:
        """Its published sources: where there is none, the basis says so."""
        return tuple(source for source in self.sources if not source.is_product_default)


@dataclass(frozen=True, slots=True)
class NoteRead:
    """A line of evidence; an adverse one stands directly beside the outcome."""

    text: str
    sources: tuple[SourceRead, ...]
    adverse: bool

    @property
    def short(self) -> str:
        """Its first sentence, for lists."""
        return first_sentence(self.text)


@dataclass(frozen=True, slots=True)
class IndicationRead:
    """An outcome and everything it rests on."""

    key: str
    title: str
    outcome: Outcome
    summary: str
    out_of_scope: bool
    criteria: tuple[CriterionRead, ...]
    notes: tuple[NoteRead, ...]
    adverse: tuple[NoteRead, ...]
    deciding: tuple[tuple[FactRead, ...], ...]
    rests_on: tuple[FactRead, ...]


@dataclass(frozen=True, slots=True)
class ConsiderationRead:
    """A consideration with its state and the answers it read."""

    key: str
    title: str
    level: Level
    state: ConsiderationState
    modifiable: bool
    blocks_sending: bool
    guidance: str
    facts: tuple[FactRead, ...]
    sources: tuple[SourceRead, ...]

    @property
    def cited(self) -> tuple[SourceRead, ...]:
        """Its published sources: where there is none, the basis says so."""
        return tuple(source for source in self.sources if not source.is_product_default)


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was found, with reasons."""

    as_of: date
    today: date
    scope: str
    scope_statement: str
    indications: tuple[IndicationRead, ...]
    scores: tuple[ScoreRead, ...]
    considerations: tuple[ConsiderationRead, ...]

    @property
    def sources(self) -> tuple[SourceRead, ...]:
        """Every source that an outcome, or a consideration that isn't silent, rests on, each once."""
        read = [source for found in self.indications for note in found.notes for source in note.sources]
        read += [source for found in self.indications for rule in found.criteria for source in rule.sources]
        read += [
            source
            for found in self.considerations
            if found.state is ConsiderationState.RAISED
            for source in found.sources
        ]
        return tuple({source.key: source for source in read if not source.is_product_default}.values())

    def raised(self, level: Level | str) -> tuple[ConsiderationRead, ...]:
        """Return the raised considerations of a level."""
        return tuple(
            found
            for found in self.considerations
            if found.level == level and found.state is ConsiderationState.RAISED
        )

    def in_state(self, state: ConsiderationState | str) -> tuple[ConsiderationRead, ...]:
        """Return the considerations in this state, of every level, urgent ones first."""
        order = list(Level)
        found = [consideration for consideration in self.considerations if consideration.state == state]
        return tuple(sorted(found, key=lambda consideration: order.index(consideration.level)))


def explain(
    definition: Definition,
    answers: Answers,
    findings: Findings,
    *,
    today: date,
    verified: frozenset[str] = frozenset(),
) -> Explanation:
    """Say why the findings are what they are.

    Args:
        definition: the version that was filled in.
        answers: the answers as the engine reads them.
        findings: what the engine found in them.
        today: the reader's day: ages of scores and overdue reviews are counted to it.
        verified: keys of unread sources that a clinical owner has verified since.
    """
    reader = FactReader(definition, answers, gates(definition, answers, findings.as_of))
    scores = read_scores(definition, findings, reader, today)
    rules = _Rules(definition, findings, reader, {score.key: score for score in scores}, today, verified)
    return Explanation(
        as_of=findings.as_of,
        today=today,
        scope=str(findings.scope),
        scope_statement=definition.scope.statement if definition.scope else "",
        indications=tuple(rules.indication(indication) for indication in definition.indications),
        scores=scores,
        considerations=tuple(rules.consideration(each) for each in definition.considerations),
    )


def first_sentence(text: str) -> str:
    """Return a note's first sentence: what stands beside an outcome in a list."""
    sentence, dot, _rest = text.partition(". ")
    return f"{sentence}." if dot else text


def adverse_notes(definition: Definition, indication: Indication) -> tuple[Note, ...]:
    """Return the notes whose source speaks against the treatment: they stand beside every such outcome."""
    return tuple(note for note in indication.notes if _is_adverse(definition, note))


@dataclass(frozen=True, slots=True)
class _Rules:
    definition: Definition
    findings: Findings
    reader: FactReader
    scores: dict[str, ScoreRead]
    today: date
    verified: frozenset[str]

    def indication(self, indication: Indication) -> IndicationRead:
        found = self.findings.indications[indication.key]
        settled_not = found.outcome is Outcome.INDICATORS_NOT_PRESENT
        criteria = tuple(
            self._criterion(criterion, found.criteria[criterion.key], settled_not)
            for criterion in indication.criteria
            if not (settled_not and found.criteria[criterion.key] is CriterionState.PROVIDER_JUDGES)
        )
        notes = tuple(self._note(note) for note in indication.notes)
        deciding = _deciding(found)
        return IndicationRead(
            key=indication.key,
            title=indication.title,
            outcome=found.outcome,
            summary=self._summary(found, criteria),
            out_of_scope=self.findings.scope != "met",
            criteria=criteria,
            notes=notes,
            adverse=tuple(note for note in notes if note.adverse),
            deciding=tuple(tuple(self._unit(key) for key in units) for units in deciding),
            rests_on=tuple(self._fact(key) for key in found.rests_on),
        )

    def consideration(self, consideration: Consideration) -> ConsiderationRead:
        return ConsiderationRead(
            key=consideration.key,
            title=consideration.title,
            level=consideration.level,
            state=self.findings.considerations[consideration.key],
            modifiable=consideration.modifiable,
            blocks_sending=consideration.blocks_sending,
            guidance=consideration.guidance or "",
            facts=self._facts(consideration.when, consideration.unless),
            sources=self._sources(consideration.sources),
        )

    def _criterion(self, criterion: Criterion, state: CriterionState, settled_not: bool) -> CriterionRead:
        return CriterionRead(
            key=criterion.key,
            statement=criterion.statement,
            state=state,
            provider_judges=criterion.provider_judges,
            basis=criterion.basis.value,
            facts=self._facts(criterion.when),
            sources=self._sources(criterion.sources),
            cannot_change_outcome=settled_not and state is CriterionState.UNKNOWN,
        )

    def _facts(self, *conditions: Condition | None) -> tuple[FactRead, ...]:
        """Read what the conditions read; for what was never asked, the answers that closed it."""
        keys = dict.fromkeys(key for condition in conditions if condition for key in facts_of(condition))
        told = _entry_parts(conditions)
        facts = [self._fact(key, told.get(key)) for key in keys]
        asked = [fact for fact in facts if fact.missing is not Missing.NOT_APPLICABLE]
        return tuple(asked or self._gates_of(fact.key for fact in facts) or facts)

    def _gates_of(self, keys: Iterable[str]) -> list[FactRead]:
        """Read the answers whose being no kept these facts from being asked."""
        waiting, seen = list(keys), dict[str, FactRead]()
        while waiting:
            key = waiting.pop(0)
            for item in self.definition.score(key).of if key in self.scores else (key,):
                gate = self.definition.question(item).shown_when
                for opener in facts_of(gate) if gate is not None else ():
                    if opener not in seen:
                        seen[opener] = self._fact(opener)
                        waiting.append(opener)
        return [fact for fact in seen.values() if fact.missing is not Missing.NOT_APPLICABLE]

    def _fact(self, key: str, only: frozenset[str] | None = None) -> FactRead:
        score = self.scores.get(key)
        return score.as_fact() if score else self.reader.question(key, only)

    def _unit(self, key: str) -> FactRead:
        """Return what could settle an outcome; a list stands for its entries and whether they are all."""
        fact = self._fact(key)
        is_list = key not in self.scores and self.definition.question(key).kind is Kind.ENTRIES
        words = _("%(list)s And is the list complete?") if is_list else "%(list)s"
        return replace(fact, label=words % {"list": fact.label})

    def _note(self, note: Note) -> NoteRead:
        return NoteRead(note.text, self._sources(note.sources), _is_adverse(self.definition, note))

    def _sources(self, keys: Iterable[str]) -> tuple[SourceRead, ...]:
        return tuple(
            read_source(self.definition.source(key), today=self.today, verified=self.verified) for key in keys
        )

    def _summary(self, found: IndicationFinding, criteria: tuple[CriterionRead, ...]) -> str:
        if self.findings.scope != "met":
            statement = self.definition.scope.statement if self.definition.scope else ""
            if self.findings.scope == "unknown":
                return _("Whether the client is in scope is not known: %(scope)s") % {"scope": statement}
            return _("Outside the scope of this questionnaire: %(scope)s") % {"scope": statement}
        counts = {state: sum(each.state is state for each in criteria) for state in CriterionState}
        match found.outcome:
            case Outcome.INDICATORS_PRESENT:
                return ngettext("The one criterion is met", "All %(n)d criteria met", len(criteria)) % {
                    "n": len(criteria)
                }
            case Outcome.INDICATORS_NOT_PRESENT:
                return ngettext(
                    "One criterion is not met by the recorded answers",
                    "%(n)d criteria are not met by the recorded answers",
                    counts[CriterionState.NOT_MET],
                ) % {"n": counts[CriterionState.NOT_MET]}
        return _unsettled(counts)


def _unsettled(counts: dict[CriterionState, int]) -> str:
    parts = []
    if counts[CriterionState.MET]:
        parts.append(_("%(n)d met") % {"n": counts[CriterionState.MET]})
    if counts[CriterionState.UNKNOWN]:
        parts.append(_("%(n)d unknown") % {"n": counts[CriterionState.UNKNOWN]})
    if counts[CriterionState.PROVIDER_JUDGES]:
        parts.append(_("%(n)d for the provider to judge") % {"n": counts[CriterionState.PROVIDER_JUDGES]})
    return _("Criteria: %(counts)s") % {"counts": ", ".join(parts)}


def _deciding(found: IndicationFinding) -> tuple[tuple[str, ...], ...]:
    """Return the sets that could settle it either way, each once, the smallest first."""
    sets = dict.fromkeys(tuple(units) for units in (*found.deciding.present, *found.deciding.not_present))
    return tuple(sorted(sets, key=len))


def _entry_parts(conditions: Iterable[Condition | None]) -> dict[str, frozenset[str]]:
    """Return which questions of an entry the rules look at, by the list they belong to."""
    parts: dict[str, frozenset[str]] = {}
    for condition in conditions:
        for node in walk(condition) if condition else ():
            if isinstance(node, Count):
                parts[node.of] = parts.get(node.of, frozenset()) | frozenset(facts_of(node.where))
    return parts


def _is_adverse(definition: Definition, note: Note) -> bool:
    return any("against" in definition.source(key).strength.casefold() for key in note.sources)
